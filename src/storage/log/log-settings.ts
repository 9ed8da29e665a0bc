// The settings of one log, typed and with units; whoever owns the configuration resolves Kafka's keys into them.

export interface LogSettings {
  /** segment.bytes */
  readonly segmentBytes: number;
  /** segment.ms */
  readonly segmentMs: number;
  /** segment.jitter.ms */
  readonly segmentJitterMs: number;
  /** segment.index.bytes */
  readonly segmentIndexBytes: number;
  /** index.interval.bytes */
  readonly indexIntervalBytes: number;
  /** retention.ms; -1 keeps for ever */
  readonly retentionMs: number;
  /** retention.bytes; -1 is without bound */
  readonly retentionBytes: number;
  /** max.message.bytes */
  readonly maxMessageBytes: number;
  /** cleanup.policy; may be empty */
  readonly cleanupPolicy: readonly ('delete' | 'compact')[];
  /** file.delete.delay.ms */
  readonly fileDeleteDelayMs: number;
  /** min.cleanable.dirty.ratio */
  readonly minCleanableDirtyRatio: number;
  /** min.compaction.lag.ms */
  readonly minCompactionLagMs: number;
  /** max.compaction.lag.ms */
  readonly maxCompactionLagMs: number;
  /** delete.retention.ms */
  readonly deleteRetentionMs: number;
}

/** Apache Kafka's defaults. */
export const DEFAULT_LOG_SETTINGS: LogSettings = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * 60 * 60 * 1000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  retentionMs: 7 * 24 * 60 * 60 * 1000,
  retentionBytes: -1,
  maxMessageBytes: 1024 * 1024 + 12,
  cleanupPolicy: ['delete'],
  fileDeleteDelayMs: 60_000,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: 24 * 60 * 60 * 1000,
};

/** `always`: acknowledged after fdatasync. `interval`: synced at intervals. `os`: left to the operating system. */
export type Durability = 'always' | 'interval' | 'os';
