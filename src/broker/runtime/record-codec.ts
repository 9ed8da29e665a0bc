// How a shard's records look in its log. Two framings exist: the metadata log's (one number, one message, no key) and the
// coordinators' (a typed key, a versioned value). The shard knows neither; it is given one of these.

/** Key and value as they stand in a record of the log. */
export interface EncodedRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface RecordCodec<Record> {
  encode(record: Record): EncodedRecord;
  /** null: a kind this program does not know and may skip (the coordinators' rule). Throws when it may not (the metadata log's). */
  decode(key: Buffer | null, value: Buffer | null): Record | null;
}

/** Where a record stands, for states to which that matters (broker epochs, pending transactional offsets). */
export interface RecordPosition {
  readonly offset: number;
  readonly timestampMs: number;
  /** -1n outside of idempotent and transactional batches. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** In a transactional batch: counts only once its transaction's marker says so. */
  readonly isTransactional: boolean;
}

/** A control record: the end of a transaction in a coordinator's log, KRaft's own records in the metadata log. */
export interface ControlRecord {
  /** ControlRecordType: 0 ABORT, 1 COMMIT, 2 LEADER_CHANGE, 5 KRAFT_VERSION, 6 KRAFT_VOTERS. */
  readonly type: number;
  readonly value: Buffer | null;
}
