// How much one request may change: all of its records are one batch, and are held in memory while they are made
// (QuorumController.MAX_RECORDS_PER_USER_OP, ReplicationControlManager.MAX_PARTITIONS_PER_BATCH).

import { KafkaError } from '../../protocol/errors.ts';

export const RECORDS_PER_OPERATION_MAX = 10_000;

export function refuseTooManyRecords(count: number): void {
  if (count > RECORDS_PER_OPERATION_MAX) {
    throw new KafkaError('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.');
  }
}

export function refuseTooManyPartitions(count: number): void {
  if (count > RECORDS_PER_OPERATION_MAX) {
    throw new KafkaError('POLICY_VIOLATION', 'Excessively large number of partitions per request.');
  }
}
