// Writes snapshots of the metadata, and gives up the log before them (Apache Kafka's SnapshotGenerator, KafkaRaftLog). One
// is due after so many bytes of records, or after so much time if anything was written since. It stands for the image at
// the end of a decision; it is made in slices beside the running broker, in a file of another name, and gets its own only
// when it and all of the log that it stands for are on disk. A crash at any moment leaves the log and the older snapshots
// as they were, or the new one whole. Nothing is given up before a newer snapshot has been read back and found sound.

import type { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import type { MetadataSnapshot } from '../../storage/data-dir/metadata-snapshots.ts';
import { FileSystemError } from '../../storage/fs/file-system.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { type RunningWork, runWork, type Step, type Work } from '../../storage/log/work.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import type { SnapshotContents } from './metadata-state.ts';
import { snapshotBatches } from './snapshot-batches.ts';
import { newFirstSnapshot } from './snapshot-retention.ts';
import { isWholeSnapshot, snapshotTimestampMs } from './snapshots.ts';

export interface SnapshotSettings {
  /** metadata.log.max.record.bytes.between.snapshots */
  readonly recordBytesMax: number;
  /** metadata.log.max.snapshot.interval.ms; 0 is never. */
  readonly intervalMs: number;
  /** metadata.max.retention.bytes */
  readonly retentionBytes: number;
  /** metadata.max.retention.ms */
  readonly retentionMs: number;
}

/** What replay counts, and each snapshot sets back. */
export interface RecordBytes {
  sinceSnapshot: number;
}

export interface SnapshotGeneratorOptions {
  readonly directory: DataDirectory;
  readonly log: PartitionLog;
  /** The state as it is now, frozen; null while it stands for no offset: not loaded, or in a transaction. */
  readonly contents: () => SnapshotContents | null;
  readonly recordBytes: RecordBytes;
  readonly settings: SnapshotSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs something after what waits already. */
  readonly defer: (callback: () => void) => void;
  readonly report: (message: string) => void;
}

export class SnapshotGenerator {
  readonly #options: SnapshotGeneratorOptions;
  readonly #stopListening: () => void;
  #timer: Timer | null = null;
  #running: RunningWork | null = null;
  #isBusy = false;
  #isClosed = false;
  /** Offset behind the newest snapshot. */
  #snapshotEndOffset: number;

  constructor(options: SnapshotGeneratorOptions) {
    const { directory, log } = options;
    this.#options = options;
    this.#snapshotEndOffset = directory.metadataSnapshots().at(-1)?.endOffset ?? 0;
    this.#stopListening = log.onAdvance(() => this.#writeIfLong());
    this.#scheduleNext();
    this.#start(this.#tidyUp());
  }

  /** What is under way is given up; the next start removes what it left. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#timer?.cancel();
    this.#running?.abandon();
  }

  #scheduleNext(): void {
    const { timers, settings } = this.#options;
    if (this.#isClosed || settings.intervalMs === 0) return;
    this.#timer?.cancel();
    this.#timer = timers.schedule(settings.intervalMs, () => {
      this.#scheduleNext();
      if (this.#options.log.highWatermark > this.#snapshotEndOffset) this.#start(this.#write());
    });
  }

  #writeIfLong(): void {
    const { recordBytes, settings } = this.#options;
    if (recordBytes.sinceSnapshot >= settings.recordBytesMax) this.#start(this.#write());
  }

  #start(work: Work<void>): void {
    const { defer, report } = this.#options;
    if (this.#isBusy || this.#isClosed) return;
    this.#isBusy = true;
    // The one who advanced the log is in the middle of his turn.
    defer(() => {
      if (this.#isClosed) return;
      this.#running = runWork(work, outcome => {
        this.#isBusy = false;
        if (!('error' in outcome) || this.#isClosed) return;
        if (!(outcome.error instanceof FileSystemError)) throw outcome.error;
        report(
          `A snapshot of the metadata could not be written (${outcome.error.message}). No data is affected: the log has everything. It is tried again later; check the disk.`,
        );
      });
    });
  }

  *#write(): Work<void> {
    const { directory, log, contents, recordBytes, clock } = this.#options;
    const image = contents();
    if (image === null || log.offlineReason !== null) return;
    recordBytes.sinceSnapshot = 0;
    this.#scheduleNext();
    const endOffset = log.logEndOffset;
    const epoch = log.epochOfOffset(endOffset - 1);
    const file = directory.startMetadataSnapshot({ endOffset, epoch });
    let isFinished = false;
    try {
      for (const batch of snapshotBatches(image, { epoch, nowMs: clock.nowMs() })) {
        file.write(batch);
        yield this.#pause();
      }
      yield done => file.sync(done);
      // A snapshot of what the log then lost would be taken for the history of what the log gets instead.
      if (!isOnDisk(log, endOffset)) return;
      yield done => file.finish(done);
      isFinished = true;
    } finally {
      if (!isFinished) file.abandon();
    }
    this.#snapshotEndOffset = endOffset;
    yield* this.#giveUpOld();
  }

  /** What a start finds: files of an interrupted writer or deleter. */
  *#tidyUp(): Work<void> {
    const { directory } = this.#options;
    directory.removeUnfinishedSnapshots();
    yield this.#pause();
    this.#removeBelowStart();
    yield* this.#giveUpOld();
  }

  *#giveUpOld(): Work<void> {
    const { directory, log, settings, clock } = this.#options;
    const { retentionBytes, retentionMs } = settings;
    const snapshots = directory.metadataSnapshots().map(snapshot => ({
      ...snapshot,
      lastTimestampMs: () => snapshotTimestampMs(directory.readMetadataSnapshot(snapshot)),
    }));
    const logSizeInBytes = log.sizeInBytes;
    const nowMs = clock.nowMs();
    const first = newFirstSnapshot({ snapshots, logSizeInBytes, retentionBytes, retentionMs, nowMs });
    if (first === null || first.endOffset <= log.logStartOffset) return;
    yield this.#pause();
    if (!this.#isSound(first)) return;
    if (log.deleteRecordsBefore(first.endOffset).error !== null) return;
    yield this.#pause();
    this.#removeBelowStart();
  }

  #isSound(snapshot: MetadataSnapshot): boolean {
    const { directory, log, report } = this.#options;
    if (snapshot.endOffset > log.highWatermark) return false;
    if (isWholeSnapshot(directory.readMetadataSnapshot(snapshot))) return true;
    report(
      `The metadata snapshot ${snapshot.name} is damaged. The log before it is kept, and no data is affected; check the disk.`,
    );
    return false;
  }

  /** The log start is on disk. */
  #removeBelowStart(): void {
    const { directory, log, clock } = this.#options;
    if (log.logStartOffset === 0) return;
    for (const snapshot of directory.metadataSnapshots()) {
      if (snapshot.endOffset < log.logStartOffset) directory.removeMetadataSnapshot(snapshot);
    }
    log.life.deleteOldSegments(clock.nowMs());
  }

  #pause(): Step {
    return done => this.#options.defer(() => done(null));
  }
}

/** Whatever the durability mode calls safe. */
function isOnDisk(log: PartitionLog, endOffset: number): boolean {
  try {
    log.flushNow();
  } catch {
    return false;
  }
  return log.highWatermark >= endOffset;
}
