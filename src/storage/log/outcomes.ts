// What the calls of a log answer. Expected outcomes are values; only what cannot happen is thrown.

import type { ErrorName } from '../../protocol/errors.ts';

/** Who appends. Batches of a coordinator are not checked for sequence numbers (Kafka's AppendOrigin). */
export type AppendOrigin = 'client' | 'coordinator';

export interface AppendOptions {
  readonly leaderEpoch: number;
  readonly origin: AppendOrigin;
  /** Of a transaction marker: with 2 (KIP-890) its producer epoch must have grown. Default 0. */
  readonly transactionVersion?: number;
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly baseOffset: number /** exclusive */; readonly endOffset: number }
  | {
      readonly kind: 'duplicate';
      readonly baseOffset: number;
      /** exclusive */
      readonly endOffset: number;
      readonly appendTimeMs: number;
    }
  | { readonly kind: 'refused'; readonly error: ErrorName; readonly message: string };

/** `read_uncommitted` ends at the high watermark, `read_committed` at the last stable offset, `log_end` at the log end. */
export type ReadIsolation = 'read_uncommitted' | 'read_committed' | 'log_end';

export interface ReadOptions {
  readonly offset: number;
  readonly maxBytes: number;
  readonly isolation: ReadIsolation;
  /** The first batch is returned whole even when it is larger than `maxBytes`. */
  readonly atLeastOneBatch: boolean;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface LogSlice {
  readonly error: null;
  /** Whole batches, but the last may be cut at `maxBytes`. The first may begin below the offset asked for. Valid until `release`. */
  readonly buffers: readonly Buffer[];
  readonly sizeInBytes: number;
  /** Only for `read_committed`: the aborted transactions that overlap the slice, by first offset. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  /** Gives the memory back. Call once, after the bytes have left (or were copied). */
  release(): void;
}

export type ReadOutcome = LogSlice | { readonly error: 'OFFSET_OUT_OF_RANGE' | 'KAFKA_STORAGE_ERROR' };

export type DeleteRecordsOutcome =
  | { readonly error: null; readonly logStartOffset: number }
  | { readonly error: 'OFFSET_OUT_OF_RANGE' | 'KAFKA_STORAGE_ERROR' };

export interface TimestampedOffset {
  readonly offset: number;
  readonly timestamp: number;
  /** -1 when none is known. */
  readonly leaderEpoch: number;
}

export interface EpochEndOffset {
  readonly leaderEpoch: number;
  readonly endOffset: number;
}

/** Of one idempotent producer, for DescribeProducers. */
export interface ActiveProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  /** -1 when no transaction is open. */
  readonly currentTransactionFirstOffset: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}
