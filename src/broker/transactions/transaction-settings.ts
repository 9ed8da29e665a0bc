// The broker settings transactions go by, under the names Apache Kafka gives them (TransactionStateManagerConfig,
// TransactionLogConfig).

export interface TransactionSettings {
  /** transaction.max.timeout.ms */
  readonly maxTimeoutMs: number;
  /** transactional.id.expiration.ms: how long an id that is not used is remembered */
  readonly transactionalIdExpirationMs: number;
  /** transaction.remove.expired.transaction.cleanup.interval.ms */
  readonly expirationCheckIntervalMs: number;
}

export const defaultTransactionSettings: TransactionSettings = {
  maxTimeoutMs: 900_000,
  transactionalIdExpirationMs: 7 * 24 * 60 * 60 * 1_000,
  expirationCheckIntervalMs: 3_600_000,
};
