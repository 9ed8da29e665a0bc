// One partition's log: append, read, and the offsets that say how far it is safe to look. Type surface only at this commit.

import type { KafkaError } from '../../protocol/errors.ts';
import type { LogSettings } from './log-settings.ts';
import type {
  ActiveProducer,
  AppendOptions,
  AppendOutcome,
  EpochEndOffset,
  ReadOptions,
  ReadOutcome,
  TimestampedOffset,
} from './outcomes.ts';

export declare class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's uuid text; null until `partition.metadata` exists. */
  get topicId(): string | null;
  get settings(): LogSettings;
  get logStartOffset(): number;
  get logEndOffset(): number;
  get highWatermark(): number;
  get lastStableOffset(): number;
  /** Latest epoch in the log, -1 when it has none. */
  get leaderEpoch(): number;
  get sizeInBytes(): number;
  /** Set once a write or sync failed for good: appends are refused with KAFKA_STORAGE_ERROR, reads go on. */
  get offlineReason(): string | null;
  /** One whole, validated batch. Copied or written before this returns; the caller's buffer is never changed nor kept. */
  append(batch: Buffer, options: AppendOptions): AppendOutcome;
  /** Calls back, in order, once everything below `endOffset` is as durable as the store's durability promises (at once when it already is). */
  whenDurable(endOffset: number, callback: (error: KafkaError | null) => void): void;
  /** High watermark, last stable offset or log start moved. Returns how to stop listening. */
  onAdvance(callback: () => void): () => void;
  read(options: ReadOptions): ReadOutcome;
  /** First record at or after the timestamp, below the high watermark; null when there is none. */
  offsetForTimestamp(timestampMs: number): TimestampedOffset | null;
  /** The record with the largest timestamp (ListOffsets -3); null for an empty log. */
  maxTimestampOffset(): TimestampedOffset | null;
  /** OffsetForLeaderEpoch: the largest epoch <= the one asked for and where it ends; -1, -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset;
  /** Writes the epoch's start into leader-epoch-checkpoint; called when this node becomes leader of the partition. */
  startLeaderEpoch(leaderEpoch: number): void;
  /** Moves the log start, durably, and answers the new one; -1 stands for the high watermark. */
  deleteRecordsBefore(offset: number): { error: null; logStartOffset: number } | { error: 'OFFSET_OUT_OF_RANGE' | 'KAFKA_STORAGE_ERROR' };
  updateSettings(settings: LogSettings): void;
  activeProducers(): ActiveProducer[];
  /** Writes and syncs everything appended, at once; throws KafkaError when the log is offline. */
  flushNow(): void;
}
