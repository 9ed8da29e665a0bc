// How much one request may change: all of its records are one batch, and are held in memory while they are made
// (QuorumController.MAX_RECORDS_PER_USER_OP, ReplicationControlManager.MAX_PARTITIONS_PER_BATCH).

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import type { ApiError } from './api-error.ts';

export const RECORDS_PER_OPERATION_MAX = 10_000;

/** Takes so many partitions from the client's quota; false when that is used up (KIP-599). Absent: no quota. */
export type TakeMutations = (partitionCount: number) => boolean;

/** Apache Kafka sends this one without a sentence. */
export const QUOTA_EXCEEDED: ApiError = { code: ErrorCode.THROTTLING_QUOTA_EXCEEDED, message: null };

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
