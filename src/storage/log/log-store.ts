// All logs of one data directory: opened and recovered at start, made and set aside as topics come and go, completed at a
// clean stop. Owns what logs share (descriptors, memory, syncs, free space) and the checkpoints of the directory. Knows
// names and ids of topics, nothing else of them.

import { randomBytes } from '../../host-files.ts';
import type { StorageClock, StorageTimers } from '../clock.ts';
import type { DataDirectory } from '../data-dir/data-directory.ts';
import { notMadeSafe } from '../data-dir/data-directory-error.ts';
import {
  METADATA_TOPIC,
  METADATA_TOPIC_ID,
  type PartitionDirectory,
  parsePartitionDirectory,
  partitionDirectoryName,
  setAsideName,
} from '../data-dir/layout.ts';
import {
  CLEANER_CHECKPOINT,
  LOG_START_CHECKPOINT,
  RECOVERY_POINT_CHECKPOINT,
} from '../data-dir/offset-checkpoint.ts';
import { readPartitionMetadata } from '../data-dir/partition-metadata.ts';
import { FileCache } from '../fs/file-cache.ts';
import { type FileSystem, FileSystemError } from '../fs/file-system.ts';
import type { Reporter } from '../report.ts';
import { AppendTurn, type Defer } from './append-turn.ts';
import { CleanedOffsets } from './cleaned-offsets.ts';
import { DiskSpace, isDiskFull } from './disk-space.ts';
import { FlushScheduler } from './flush-scheduler.ts';
import { IdleMemory } from './idle-memory.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import type { LogContext } from './log-context.ts';
import { DEFAULT_LOG_SETTINGS, type Durability, type LogSettings } from './log-settings.ts';
import { addMissingOffsetIndexes } from './offset-index-presence.ts';
import type { TopicPartition } from './outcomes.ts';
import { PartitionLog } from './partition-log.ts';
import { ProducerState } from './producer-state.ts';
import { ReadPool } from './read-pool.ts';
import { type LoadedLog, type LoadOptions, loadLog } from './recovery.ts';
import { Segment } from './segment.ts';
import { releaseRecoveryMemory } from './segment-recovery.ts';
import { SlabPool } from './slab-pool.ts';
import { SteadyClock } from './steady-clock.ts';
import { StoreCheckpoints } from './store-checkpoints.ts';
import { COMPLETED_AT_A_TIME, completeLogs, StoreSaving } from './store-saving.ts';
import { SyncPace } from './sync-pace.ts';
import { PASSED_BYTES_MIN } from './synced-batches.ts';
import { Upkeep, type UpkeepSettings } from './upkeep.ts';

const FLUSH_INTERVAL_MS = 1_000;
/** Only a snapshot of what they say lets its segments go. */
const METADATA_LOG_SETTINGS: LogSettings = { ...DEFAULT_LOG_SETTINGS, retentionMs: -1, retentionBytes: -1 };
/** producer.id.expiration.ms */
const PRODUCER_ID_EXPIRATION_MS = 86_400_000;

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
  /** A fine clock that never goes back; with it a lone batch may be synced without the pool. Default: the pool alone. */
  readonly elapsedMs?: () => number;
  readonly openFilesMax?: number;
  /** What a recovery found is synced by `recovered`, many logs at a time, and shown by no log before. Default: while opening, one by one. */
  readonly syncsLater?: boolean;
  /** An active segment that has so much more than a restart need not read is saved (active-saving.ts). Default 256 KiB. */
  readonly unsavedBytesMin?: number;
  /** Appended to all logs: then recovery points are written (store-saving.ts). Default 256 MiB. */
  readonly unpointedBytesMax?: number;
  /** Smaller batches are read by a restart even below the recovery point (synced-batches.ts). Default 64 KiB. */
  readonly passedBytesMin?: number;
  readonly clock: StorageClock;
  readonly timers: StorageTimers;
  readonly report: Reporter;
  /** Runs the writes at the end of a turn of the event loop. Default setImmediate. */
  readonly defer?: Defer;
  /** Spreads what would happen to many logs at once. Default Math.random. */
  readonly random?: () => number;
}

export interface EnsureOptions extends TopicPartition {
  readonly topicId: string;
  readonly settings: LogSettings;
  /** The directory is made on the first append. */
  readonly lazy?: boolean;
}

export class LogStore {
  readonly durability: Durability;
  readonly #options: LogStoreOptions;
  readonly #context: LogContext;
  readonly #checkpoints: StoreCheckpoints;
  readonly #logs = new Map<string, PartitionLog>();
  /** Set aside since the checkpoints were last written for such a reason. */
  readonly #goneNames = new Set<string>();
  /** Whose topic is known, and with it for how long it keeps its records. */
  readonly #ensured = new WeakSet<PartitionLog>();
  readonly #cleanedOffsets: CleanedOffsets;
  readonly #idle: IdleMemory;
  readonly #saving: StoreSaving;
  #lastWrittenMs = -1;
  #upkeep: { close(): void } | null = null;
  readonly #unsynced = new Set<{ requestSync(): void }>();
  #flushTimer: { cancel(): void } | null = null;
  #isClosed = false;

  private constructor(options: LogStoreOptions) {
    const { fileSystem, directory, report } = options;
    this.durability = options.durability;
    this.#options = options;
    this.#idle = new IdleMemory(options.timers);
    this.#checkpoints = new StoreCheckpoints({
      fileSystem,
      path: directory.path,
      report,
      logs: () => this.#logs.values(),
      defer: options.defer ?? setImmediate,
    });
    this.#context = {
      fileSystem,
      files: new FileCache(
        fileSystem,
        options.openFilesMax === undefined ? {} : { openFilesMax: options.openFilesMax },
      ),
      slabs: new SlabPool(this.#idle),
      reads: new ReadPool(this.#idle),
      turn: new AppendTurn(options.defer),
      flushes: new FlushScheduler(
        options.syncsInFlightMax === undefined ? {} : { syncsInFlightMax: options.syncsInFlightMax },
      ),
      syncPace: new SyncPace(options.elapsedMs ?? null),
      disk: new DiskSpace({ fileSystem, path: directory.path, report }),
      clock: options.clock,
      timers: options.timers,
      random: options.random ?? Math.random,
      report,
      durability: options.durability,
      producerIdExpirationMs: options.producerIdExpirationMs ?? PRODUCER_ID_EXPIRATION_MS,
      passedBytesMin: options.passedBytesMin ?? PASSED_BYTES_MIN,
      noteAppended: bytes => this.#saving.noteAppended(bytes),
      noteUnsynced: log => this.#noteUnsynced(log),
      saveLogStartOffsets: () => this.#checkpoints.writeLogStartOffsets(),
      saveRecoveryPoints: () => this.#checkpoints.write(),
    };
    this.#saving = new StoreSaving({
      logs: () => this.#logs.values(),
      writeCheckpoints: () => this.#tryCheckpoints(),
      writeRecoveryPoints: () => this.#checkpoints.writeRecoveryPointsLater(),
      onError: error => this.#warnOfCheckpoints(error),
      timers: options.timers,
      defer: options.defer ?? setImmediate,
      unsavedBytesMin: options.unsavedBytesMin,
      unpointedBytesMax: options.unpointedBytesMax,
    });
    this.#cleanedOffsets = new CleanedOffsets({
      fileSystem,
      path: directory.path,
      logs: () => this.#logs.values(),
    });
  }

  /** Opens and recovers every log of the directory. Throws DataDirectoryError when that cannot be done. */
  static open(options: LogStoreOptions): LogStore {
    const store = new LogStore(options);
    store.#load();
    // Also for a new directory: by the checkpoint the next start knows that this program wrote it last.
    store.#tryCheckpoints();
    store.#saving.start();
    return store;
  }

  /** Once everything that was found is safe; until then logs show less than they have. Throws DataDirectoryError when a disk fails at it. */
  async recovered(): Promise<void> {
    const logs = [...this.#logs.values()];
    await Promise.all(logs.map(log => new Promise<void>(done => log.whenSynced(done))));
    const failed = logs.find(log => log.offlineReason !== null);
    if (failed !== undefined) throw notMadeSafe(partitionDirectoryName(failed), failed.offlineReason);
    // By now every recovery point is where the log ends.
    this.#saving.checkpointSoon();
  }

  get(topicPartition: TopicPartition): PartitionLog | undefined {
    return this.#logs.get(partitionDirectoryName(topicPartition));
  }

  /** In no particular order. */
  logs(): IterableIterator<PartitionLog> {
    return this.#logs.values();
  }

  /** The log, made when absent. A directory of that name with another topic id is set aside as `-stray`. */
  ensure(options: EnsureOptions): PartitionLog {
    const existing = this.get(options);
    if (existing !== undefined) {
      if (existing.topicId === null) existing.adoptTopicId(options.topicId);
      if (existing.topicId === options.topicId) {
        existing.updateSettings(options.settings);
        this.#ensured.add(existing);
        return existing;
      }
      this.#setAside(existing, 'stray');
    }
    const name = partitionDirectoryName(options);
    if (this.#goneNames.has(name)) this.#forgetGoneNames();
    const directory = `${this.#options.directory.path}/${name}`;
    const log = new PartitionLog({
      ...options,
      directory,
      context: this.#context,
      loaded: this.#emptyLog(directory),
      isOnDisk: false,
    });
    this.#logs.set(name, log);
    this.#ensured.add(log);
    if (options.lazy !== true) this.#makeDirectory(log);
    return log;
  }

  /** Checkpoints go by name: what they say of a log that is gone must not be taken for its successor's. */
  #forgetGoneNames(): void {
    if (this.#tryCheckpoints()) this.#goneNames.clear();
  }

  /** A disk that cannot take it now may do so at the first append; until then the partition is empty either way. */
  #makeDirectory(log: PartitionLog): void {
    try {
      log.makeDirectory();
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      if (isDiskFull(error)) this.#context.disk.noteFull();
      else
        this.#warn(
          log,
          `Its directory could not be made (${error.message}). It is tried again with its first record.`,
        );
    }
  }

  #warn({ topic, partition }: TopicPartition, message: string): void {
    this.#context.report({ level: 'warn', message: `${topic}-${partition}: ${message}`, topic, partition });
  }

  /** Renames the directory to `-delete` and removes it later; its log is gone at once. */
  delete(topicPartition: TopicPartition): void {
    const log = this.get(topicPartition);
    if (log !== undefined) this.#setAside(log, 'delete');
  }

  /** Sets logs aside whose topic id is none of these (`-stray`), as Apache Kafka does. The metadata log is exempt. */
  reconcile(knownTopicIds: ReadonlySet<string>): void {
    for (const log of [...this.#logs.values()]) {
      if (log.topic === METADATA_TOPIC || (log.topicId !== null && knownTopicIds.has(log.topicId))) continue;
      this.#setAside(log, 'stray');
    }
  }

  /** `__cluster_metadata-0`, made when absent. */
  metadataLog(settings: LogSettings = METADATA_LOG_SETTINGS): PartitionLog {
    return this.ensure({
      topic: METADATA_TOPIC,
      partition: 0,
      topicId: METADATA_TOPIC_ID,
      settings,
    });
  }

  /** From now on logs are shortened by retention and compaction. Once, when all topics are known. */
  startUpkeep(settings: () => UpkeepSettings): void {
    const { clock, timers, report, defer = setImmediate } = this.#options;
    const steadyClock = new SteadyClock({
      clock,
      timers,
      report,
      lastWrittenMs: this.#lastWrittenMs <= 0 ? null : this.#lastWrittenMs,
    });
    const upkeep = new Upkeep({
      logs: () =>
        [...this.#logs.values()].filter(log => this.#ensured.has(log) && log.topic !== METADATA_TOPIC),
      cleanedOffsets: this.#cleanedOffsets,
      settings,
      clock: steadyClock,
      timers,
      defer,
      report,
    });
    this.#upkeep = {
      close(): void {
        steadyClock.close();
        upkeep.close();
      },
    };
  }

  /** `clean`: everything is written, synced and vouched for by `.kafka_cleanshutdown`. Gives the directory's lock back. */
  async close(options: { readonly clean: boolean; readonly brokerEpoch: number }): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#idle.stop();
    this.#saving.close();
    this.#flushTimer?.cancel();
    this.#upkeep?.close();
    if (options.clean) await this.#complete(options.brokerEpoch);
    for (const log of this.#logs.values()) log.close('The broker is stopped.');
    this.#options.directory.close();
  }

  async #complete(brokerEpoch: number): Promise<void> {
    this.#context.turn.runNow();
    const logs = [...this.#logs.values()];
    this.#context.flushes.syncsInFlightMax = COMPLETED_AT_A_TIME;
    await completeLogs(logs);
    if (!this.#tryCheckpoints() || logs.some(log => log.offlineReason !== null)) return;
    try {
      this.#options.directory.writeCleanShutdown(brokerEpoch);
    } catch (error) {
      this.#context.report({
        level: 'warn',
        message: `The clean stop could not be noted (${(error as Error).message}). No data is affected; the next start checks the logs.`,
      });
    }
  }

  /** Writes the offset checkpoints if they changed. Throws when that fails. */
  writeCheckpoints(): void {
    this.#checkpoints.write();
  }

  #load(): void {
    const { fileSystem, directory } = this.#options;
    const recoveryPoints = this.#checkpoints.read(RECOVERY_POINT_CHECKPOINT);
    const logStartOffsets = this.#checkpoints.read(LOG_START_CHECKPOINT);
    const cleanedOffsets = this.#checkpoints.read(CLEANER_CHECKPOINT);
    this.#cleanedOffsets.load(cleanedOffsets);
    for (const { name, kind } of fileSystem.list(directory.path)) {
      const partition = kind === 'directory' ? parsePartitionDirectory(name) : null;
      if (partition === null) continue;
      if (partition.state === 'delete') this.#removeLater(name, DEFAULT_LOG_SETTINGS.fileDeleteDelayMs);
      if (partition.state === 'live') {
        this.#loadPartition(partition, {
          recoveryPoint: recoveryPoints.get(name) ?? 0,
          logStartOffset: logStartOffsets.get(name) ?? 0,
          cleanedOffset: cleanedOffsets.get(name) ?? 0,
        });
      }
    }
    releaseRecoveryMemory();
    // What was found is about to be seen: its names must not be lost any more.
    if (!directory.wasCleanShutdown) fileSystem.syncDirectory(directory.path);
  }

  #loadPartition(
    partition: PartitionDirectory,
    offsets: Pick<LoadOptions, 'recoveryPoint' | 'logStartOffset' | 'cleanedOffset'>,
  ): void {
    const { fileSystem, directory } = this.#options;
    const path = `${directory.path}/${partition.name}`;
    const isMetadata = partition.topic === METADATA_TOPIC;
    const loaded = loadLog({
      ...partition,
      ...offsets,
      context: this.#context,
      directory: path,
      // Apache Kafka reads the metadata log whole at each start, and so do we: everything else depends on it.
      isClean: directory.wasCleanShutdown && !isMetadata,
      settings: DEFAULT_LOG_SETTINGS,
      gapsAreTorn: directory.kind !== 'kafka',
      refusesDamage: isMetadata,
      syncsLater: this.#options.syncsLater === true && !isMetadata,
    });
    this.#lastWrittenMs = Math.max(this.#lastWrittenMs, loaded.segments.at(-1)!.createdMs);
    const log = new PartitionLog({
      ...partition,
      directory: path,
      topicId: readPartitionMetadata(fileSystem, path)?.topicId ?? null,
      settings: DEFAULT_LOG_SETTINGS,
      context: this.#context,
      loaded,
      isOnDisk: true,
    });
    this.#logs.set(partition.name, log);
  }

  #emptyLog(directory: string): LoadedLog {
    const segment = new Segment(this.#context.files, {
      directory,
      baseOffset: 0,
      sizeInBytes: 0,
      nowMs: this.#context.clock.nowMs(),
      isNew: true,
    });
    return {
      segments: [segment],
      producers: new ProducerState(),
      epochs: new LeaderEpochs(),
      logStartOffset: 0,
      logEndOffset: 0,
      snapshotOffsets: [],
      hasOffsetIndexes: false,
      savedPosition: 0,
      safeOffset: 0,
      unsynced: { file: false, directory: false },
    };
  }

  #setAside(log: PartitionLog, suffix: 'delete' | 'stray'): void {
    const { fileSystem, directory } = this.#options;
    const name = partitionDirectoryName(log);
    log.close(`${name} was ${suffix === 'delete' ? 'deleted' : 'set aside'}.`);
    this.#logs.delete(name);
    if (!log.isOnDisk) return;
    this.#goneNames.add(name);
    const aside = setAsideName(log, { uuidHex: randomBytes(16).toString('hex'), suffix });
    try {
      addMissingOffsetIndexes(fileSystem, `${directory.path}/${name}`);
      fileSystem.rename(`${directory.path}/${name}`, `${directory.path}/${aside}`);
      fileSystem.syncDirectory(directory.path);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      this.#warn(
        log,
        `It could not be renamed to ${aside} (${error.message}). It is set aside at the next start.`,
      );
      return;
    }
    this.#forgetCleaned(log);
    if (suffix === 'delete') this.#removeLater(aside, log.settings.fileDeleteDelayMs);
    else {
      this.#warn(
        log,
        `It belongs to no topic of this cluster (topic id ${log.topicId ?? 'unknown'}); it was renamed to ${aside} and is kept. ` +
          'Remove it when its records are not needed.',
      );
    }
  }

  #forgetCleaned(log: PartitionLog): void {
    try {
      this.#cleanedOffsets.forget(log);
    } catch (error) {
      this.#warn(
        log,
        `Its entry could not be removed from ${CLEANER_CHECKPOINT} (${(error as Error).message}). No data is affected.`,
      );
    }
  }

  #removeLater(name: string, delayMs: number): void {
    const { fileSystem, directory, timers, report } = this.#options;
    const path = `${directory.path}/${name}`;
    timers.schedule(delayMs, () => {
      if (this.#isClosed) return;
      try {
        for (const entry of fileSystem.list(path)) fileSystem.remove(`${path}/${entry.name}`);
        fileSystem.removeDirectory(path);
      } catch (error) {
        report({
          level: 'warn',
          message: `The deleted partition ${path} could not be removed (${(error as Error).message}). Remove it by hand to free its space.`,
        });
      }
    });
  }

  #tryCheckpoints(): boolean {
    try {
      this.#checkpoints.write();
      return true;
    } catch (error) {
      this.#warnOfCheckpoints(error as Error);
      return false;
    }
  }

  #warnOfCheckpoints({ message }: Error): void {
    this.#context.report({
      level: 'warn',
      message: `The checkpoints could not be written (${message}). No data is affected; the next start reads more of the logs.`,
    });
  }

  #noteUnsynced(log: { requestSync(): void }): void {
    this.#unsynced.add(log);
    this.#flushTimer ??= this.#options.timers.schedule(
      this.#options.flushIntervalMs ?? FLUSH_INTERVAL_MS,
      () => {
        this.#flushTimer = null;
        const logs = [...this.#unsynced];
        this.#unsynced.clear();
        for (const unsynced of logs) unsynced.requestSync();
      },
    );
  }
}
