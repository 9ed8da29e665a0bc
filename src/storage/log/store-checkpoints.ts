// The offset checkpoints of a store: recovery points and high watermarks together, now and then and at a clean stop, recovery
// points alone when much was appended (store-saving.ts), log start offsets whenever one moves. A checkpoint that cannot be
// read is taken as empty, which costs time only.

import { METADATA_TOPIC } from '../data-dir/layout.ts';
import {
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  type OffsetEntry,
  offsetCheckpointText,
  RECOVERY_POINT_CHECKPOINT,
  readOffsetCheckpoint,
} from '../data-dir/offset-checkpoint.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { replaceWholeFiles, writeWholeFile } from '../fs/whole-file.ts';
import type { Reporter } from '../report.ts';
import type { Defer } from './append-turn.ts';
import type { PartitionLog } from './partition-log.ts';
import type { Work } from './work.ts';

/** Making the index files of new segments takes as long as that many are worth. */
const LOGS_A_TURN = 100;

export interface StoreCheckpointsOptions {
  readonly fileSystem: FileSystem;
  /** Of the data directory. */
  readonly path: string;
  readonly report: Reporter;
  readonly logs: () => Iterable<PartitionLog>;
  readonly defer: Defer;
}

export class StoreCheckpoints {
  readonly #options: StoreCheckpointsOptions;
  /** Of `write`: what began before it must not come after it. */
  #generation = 0;
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
    const recoveryPoints = recoveryPointsOf(logs);
    const highWatermarks = entriesOf(logs.filter(isNoMetadata), log => log.highWatermark);
    const written = JSON.stringify([recoveryPoints, highWatermarks]);
    this.#generation += 1;
    if (written !== this.#written) {
      for (const log of logs) addMissingIndexes(log);
      this.#write({
        [RECOVERY_POINT_CHECKPOINT]: recoveryPoints,
        [HIGH_WATERMARK_CHECKPOINT]: highWatermarks,
      });
      this.#written = written;
    }
    this.writeLogStartOffsets();
  }

  /** The recovery points alone, and nobody waits for it; left alone when `write` comes between. */
  *writeRecoveryPointsLater(): Work<void> {
    const { fileSystem, path, defer } = this.#options;
    const generation = this.#generation;
    let count = 0;
    for (const log of [...this.#options.logs()]) {
      if (log.isOnDisk && !log.isClosed) addMissingIndexes(log);
      if (++count % LOGS_A_TURN === 0) yield done => defer(() => done(null));
    }
    const logs = [...this.#options.logs()].filter(log => log.isOnDisk);
    // Some were rolled meanwhile.
    for (const log of logs) addMissingIndexes(log);
    const target = `${path}/${RECOVERY_POINT_CHECKPOINT}`;
    const temporary = `${target}.tmp`;
    writeWholeFile(fileSystem, temporary, offsetCheckpointText(recoveryPointsOf(logs)));
    const file = fileSystem.open(temporary, 'write');
    yield done =>
      file.sync(error => {
        file.close();
        done(error);
      });
    if (generation !== this.#generation) return;
    fileSystem.rename(temporary, target);
    // The next `write` must not take the file for the one that it left.
    this.#written = '';
    yield done => fileSystem.syncDirectoryLater(path, done);
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

const isNoMetadata = (log: PartitionLog): boolean => log.topic !== METADATA_TOPIC;

/** Below a recovery point Apache Kafka takes a segment without an index for damaged, and says so as an error. */
function addMissingIndexes(log: PartitionLog): void {
  if (log.recoveryPoint > 0) log.saving.addMissingIndexes();
}

function recoveryPointsOf(logs: readonly PartitionLog[]): OffsetEntry[] {
  const metadataLog = logs.find(log => !isNoMetadata(log));
  // Apache Kafka never writes the metadata log here and passes over it: its entry says that this file is ours.
  const metadata = { topic: METADATA_TOPIC, partition: 0, offset: metadataLog?.recoveryPoint ?? 0 };
  return [metadata, ...entriesOf(logs.filter(isNoMetadata), log => log.recoveryPoint)];
}

function entriesOf(logs: readonly PartitionLog[], offset: (log: PartitionLog) => number): OffsetEntry[] {
  return logs.map(log => ({ topic: log.topic, partition: log.partition, offset: offset(log) }));
}
