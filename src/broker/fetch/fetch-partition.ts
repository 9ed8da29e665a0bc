// What is asked of one partition in a Fetch, and what was found: the two values that session, read and wait share.
// Types only.

import type { AbortedTransaction } from '../../storage/log/outcomes.ts';

export interface FetchPartition {
  /** "" when the client names topics by id (Fetch v13+). */
  readonly topic: string;
  /** The zero uuid when the client names topics by name. */
  readonly topicId: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly maxBytes: number;
  /** -1: not checked. */
  readonly currentLeaderEpoch: number;
  /** -1: divergence is not checked (KIP-595). */
  readonly lastFetchedEpoch: number;
}

export interface PartitionAnswer {
  readonly partition: FetchPartition;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null;
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  readonly records: readonly Buffer[];
  readonly sizeInBytes: number;
}
