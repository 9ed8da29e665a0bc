// All logs of one data directory. Type surface only at this commit.

import type { StorageClock, StorageTimers } from '../clock.ts';
import type { DataDirectory } from '../data-dir/data-directory.ts';
import type { FileSystem } from '../fs/file-system.ts';
import type { Reporter } from '../report.ts';
import type { Durability, LogSettings } from './log-settings.ts';
import type { TopicPartition } from './outcomes.ts';
import type { PartitionLog } from './partition-log.ts';

export interface LogStoreOptions {
  readonly fileSystem: FileSystem;
  readonly directory: DataDirectory;
  readonly durability: Durability;
  /** Between syncs under `interval`. Default 1,000. */
  readonly flushIntervalMs?: number;
  /** Syncs in the pool at one time. Default 4. */
  readonly syncsInFlightMax?: number;
  /** producer.id.expiration.ms. Default 86,400,000. */
  readonly producerIdExpirationMs?: number;
  readonly clock: StorageClock;
  readonly timers: StorageTimers;
  readonly report: Reporter;
}

export interface EnsureOptions extends TopicPartition {
  readonly topicId: string;
  readonly settings: LogSettings;
  /** The directory is made on the first append. */
  readonly lazy?: boolean;
}

export declare class LogStore {
  /** Opens and recovers every log of the directory. Throws DataDirectoryError when that cannot be done. */
  static open(options: LogStoreOptions): LogStore;
  readonly durability: Durability;
  get(topicPartition: TopicPartition): PartitionLog | undefined;
  /** The log, made when absent. A directory of that name with another topic id is set aside as `-stray`. */
  ensure(options: EnsureOptions): PartitionLog;
  /** Renames the directory to `-delete` and removes it later; its log is gone at once. */
  delete(topicPartition: TopicPartition): void;
  /** Sets logs aside whose topic id is none of these (`-stray`), as Apache Kafka does. The metadata log is exempt. */
  reconcile(knownTopicIds: ReadonlySet<string>): void;
  /** `__cluster_metadata-0`, made when absent. */
  metadataLog(): PartitionLog;
  logs(): IterableIterator<PartitionLog>;
  /** `clean`: everything is written, synced and vouched for by `.kafka_cleanshutdown`. */
  close(options: { readonly clean: boolean; readonly brokerEpoch: number }): Promise<void>;
}
