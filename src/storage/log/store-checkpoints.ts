// The offset checkpoints of a store, written together: recovery points and high watermarks now and then and at a clean
// stop, log start offsets whenever one moves. A checkpoint that cannot be read is taken as empty, which costs time only.

import { METADATA_TOPIC, partitionDirectoryName } from '../data-dir/layout.ts';
import {
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  type OffsetEntry,
  offsetCheckpointText,
  RECOVERY_POINT_CHECKPOINT,
  readOffsetCheckpoint,
} from '../data-dir/offset-checkpoint.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { replaceWholeFiles } from '../fs/whole-file.ts';
import type { Reporter } from '../report.ts';
import { addMissingOffsetIndexes } from './offset-index-presence.ts';
import type { PartitionLog } from './partition-log.ts';

export interface StoreCheckpointsOptions {
  readonly fileSystem: FileSystem;
  /** Of the data directory. */
  readonly path: string;
  readonly report: Reporter;
  readonly logs: () => Iterable<PartitionLog>;
}

export class StoreCheckpoints {
  readonly #options: StoreCheckpointsOptions;
  /** Logs whose segments have index files, up to the one that begins there. */
  readonly #completed = new WeakMap<PartitionLog, number>();
  #written = '';
  #writtenLogStarts = '';

  constructor(options: StoreCheckpointsOptions) {
    this.#options = options;
  }

  /** Offsets by directory name. */
  read(name: string): ReadonlyMap<string, number> {
    const { fileSystem, path, report } = this.#options;
    const { offsets, malformed } = readOffsetCheckpoint(fileSystem, `${path}/${name}`);
    if (name === LOG_START_CHECKPOINT && malformed === null && offsets.size === 0)
      this.#writtenLogStarts = '[]';
    if (malformed !== null) {
      report({
        level: 'warn',
        message: `${name} is damaged (${malformed}); it is taken as empty, and the logs are read from their start. No data is affected.`,
      });
    }
    return offsets;
  }

  /** Nothing is written when nothing changed. Throws when a file cannot be written. */
  write(): void {
    const logs = [...this.#options.logs()].filter(log => log.isOnDisk);
    const metadataLog = logs.find(log => log.topic === METADATA_TOPIC);
    const others = logs.filter(log => log !== metadataLog);
    // Apache Kafka never writes the metadata log here and passes over it: its entry says that this file is ours.
    const metadata = { topic: METADATA_TOPIC, partition: 0, offset: metadataLog?.recoveryPoint ?? 0 };
    const recoveryPoints = [metadata, ...entriesOf(others, log => log.recoveryPoint)];
    const highWatermarks = entriesOf(others, log => log.highWatermark);
    const written = JSON.stringify([recoveryPoints, highWatermarks]);
    if (written !== this.#written) {
      for (const log of logs) this.#completeFiles(log);
      this.#write({
        [RECOVERY_POINT_CHECKPOINT]: recoveryPoints,
        [HIGH_WATERMARK_CHECKPOINT]: highWatermarks,
      });
      this.#written = written;
    }
    this.writeLogStartOffsets();
  }

  /** Below a recovery point Apache Kafka takes a segment without an index for damaged, and says so as an error. */
  #completeFiles(log: PartitionLog): void {
    const { fileSystem, path } = this.#options;
    const { baseOffset } = log.saving;
    if (this.#completed.get(log) === baseOffset || log.recoveryPoint === 0) return;
    addMissingOffsetIndexes(fileSystem, `${path}/${partitionDirectoryName(log)}`);
    this.#completed.set(log, baseOffset);
  }

  /** Only where the start is not that of the first segment, as Apache Kafka does. Durable when it returns. */
  writeLogStartOffsets(): void {
    const logs = [...this.#options.logs()].filter(log => log.logStartOffset > log.firstSegmentOffset);
    const entries = entriesOf(logs, log => log.logStartOffset);
    const written = JSON.stringify(entries);
    if (written === this.#writtenLogStarts) return;
    this.#write({ [LOG_START_CHECKPOINT]: entries });
    this.#writtenLogStarts = written;
  }

  #write(checkpoints: Readonly<Record<string, readonly OffsetEntry[]>>): void {
    const { fileSystem, path } = this.#options;
    const files = Object.entries(checkpoints).map(([name, entries]) => ({
      path: `${path}/${name}`,
      content: offsetCheckpointText(entries),
    }));
    replaceWholeFiles(fileSystem, files);
  }
}

function entriesOf(logs: readonly PartitionLog[], offset: (log: PartitionLog) => number): OffsetEntry[] {
  return logs.map(log => ({ topic: log.topic, partition: log.partition, offset: offset(log) }));
}
