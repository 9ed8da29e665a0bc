// The files of one log and what they hold: segments, the tail of the active one, producers, leader epochs, snapshots, and
// what of all that a sync has not covered yet. It does as it is told and throws when a file cannot do it; what is safe,
// and what callers are told, is decided in partition-log.ts.

import { lastOffsetDelta, maxTimestamp } from '../../protocol/records/batch-header.ts';
import {
  PARTITION_METADATA,
  partitionMetadataText,
  readPartitionMetadata,
} from '../data-dir/partition-metadata.ts';
import type { CachedFile } from '../fs/file-cache.ts';
import { writeWholeFile } from '../fs/whole-file.ts';
import { LEADER_EPOCH_CHECKPOINT, type LeaderEpochs } from './leader-epochs.ts';
import type { LogContext } from './log-context.ts';
import type { LogSettings } from './log-settings.ts';
import { LogSync } from './log-sync.ts';
import { LogTail } from './log-tail.ts';
import { loadProducers } from './producer-loading.ts';
import { encodeProducerSnapshot } from './producer-snapshot.ts';
import { type ProducedBatch, ProducerState } from './producer-state.ts';
import { type LoadedLog, SMALL_FILES } from './recovery.ts';
import { Segment } from './segment.ts';
import { offsetName, PRODUCER_SNAPSHOT_SUFFIX } from './segment-names.ts';

export interface LogBodyOptions {
  readonly context: LogContext;
  readonly directory: string;
  readonly topicId: string | null;
  readonly loaded: LoadedLog;
  /** The directory exists. */
  readonly isOnDisk: boolean;
}

export class LogBody {
  readonly context: LogContext;
  readonly segments: Segment[];
  readonly tail: LogTail;
  readonly sync: LogSync;
  readonly epochs: LeaderEpochs;
  producers: ProducerState;
  topicId: string | null;
  logEndOffset: number;
  isOnDisk: boolean;
  readonly directory: string;
  /** Of the active segment: a restart reads from here on. */
  savedPosition: number;
  /** Every segment has an .index, with however little in it. */
  hasOffsetIndexes: boolean;
  readonly #epochsFile: CachedFile;
  #snapshotOffsets: number[];

  constructor({ context, directory, topicId, loaded, isOnDisk }: LogBodyOptions) {
    this.context = context;
    this.directory = directory;
    this.topicId = topicId;
    this.segments = loaded.segments;
    this.producers = loaded.producers;
    this.epochs = loaded.epochs;
    this.#snapshotOffsets = loaded.snapshotOffsets;
    this.logEndOffset = loaded.logEndOffset;
    this.isOnDisk = isOnDisk;
    this.savedPosition = loaded.savedPosition;
    this.hasOffsetIndexes = loaded.hasOffsetIndexes;
    this.#epochsFile = context.files.file(`${directory}/${LEADER_EPOCH_CHECKPOINT}`);
    this.sync = new LogSync(context.fileSystem, context.syncPace);
    const { active } = this;
    const end = { position: active.sizeInBytes, offset: loaded.logEndOffset };
    this.tail = new LogTail(context.slabs, active.file, end);
    active.source = this.tail;
    if (loaded.unsynced.file) this.sync.addFile(active.file);
    if (loaded.unsynced.directory) this.#addFound();
    active.jitterShare = context.random();
  }

  /**
   * What a process wrote that was killed before it was synced is found all the same: the disk need not have it yet. These are
   * not the files of `makeDirectory`: a later epoch replaces a checkpoint that was found, it is not written over (saveEpochs).
   */
  #addFound(): void {
    const { fileSystem, files } = this.context;
    this.sync.addDirectory(this.directory);
    for (const name of SMALL_FILES) {
      const path = `${this.directory}/${name}`;
      if (fileSystem.stat(path) !== null) this.sync.addFile(files.file(path));
    }
  }

  get active(): Segment {
    return this.segments.at(-1)!;
  }

  append(
    batch: Buffer,
    options: {
      readonly leaderEpoch: number;
      readonly produced: ProducedBatch | null;
      readonly settings: LogSettings;
    },
  ): void {
    const baseOffset = this.logEndOffset;
    const lastOffset = baseOffset + lastOffsetDelta(batch, 0);
    const sizeInBytes = batch.length;
    const timestamp = maxTimestamp(batch, 0);
    if (!this.isOnDisk) this.makeDirectory();
    const demand = { sizeInBytes, maxTimestamp: timestamp, lastOffset, clock: this.context.clock };
    if (this.active.shouldRoll(demand, options.settings)) this.roll();
    if (options.leaderEpoch > this.epochs.latest) {
      this.epochs.assign(options.leaderEpoch, baseOffset);
    }
    this.saveEpochs();
    this.sync.noteBatch();
    this.tail.append(batch, { baseOffset, endOffset: lastOffset + 1, leaderEpoch: options.leaderEpoch });
    const booked = { sizeInBytes, lastOffset, maxTimestamp: timestamp };
    this.active.book(booked, options.settings.indexIntervalBytes);
    this.logEndOffset = lastOffset + 1;
    this.context.noteAppended(sizeInBytes);
    if (options.produced === null) return;
    const completed = this.producers.apply(options.produced, baseOffset);
    if (completed?.isAborted === true) this.active.transactionIndex.append(completed);
  }

  saveEpochs(): void {
    if (!this.isOnDisk || !this.epochs.isUnsaved) return;
    const { fileSystem } = this.context;
    this.epochs.save(fileSystem, this.directory, { isNew: this.sync.covers(this.#epochsFile) });
  }

  /** Durable with the first batch, not before: an empty partition that a crash forgets is made again. */
  makeDirectory(): void {
    const { fileSystem } = this.context;
    const directory = this.directory;
    fileSystem.makeDirectory(directory);
    this.sync.addDirectory(directory);
    this.sync.addDirectory(directory.slice(0, directory.lastIndexOf('/')));
    this.#writeTopicId();
    if (this.isOnDisk) return;
    this.epochs.save(fileSystem, directory, { isNew: true });
    this.sync.addFile(this.#epochsFile);
    this.active.create();
    this.isOnDisk = true;
  }

  /** For a directory whose partition.metadata is missing. */
  adoptTopicId(topicId: string): void {
    this.topicId = topicId;
    if (this.isOnDisk) this.makeDirectory();
  }

  #writeTopicId(): void {
    const { fileSystem, files } = this.context;
    if (this.topicId === null || readPartitionMetadata(fileSystem, this.directory) !== null) return;
    const path = `${this.directory}/${PARTITION_METADATA}`;
    writeWholeFile(fileSystem, path, partitionMetadataText(this.topicId));
    this.sync.addFile(files.file(path));
  }

  /** The active segment, which must not be empty, is complete from here on, and the next begins. */
  roll(): void {
    const { context, active: previous } = this;
    this.tail.writePending();
    previous.forceTimeIndexEntry();
    this.takeSnapshot();
    this.#saveIndexes(previous);
    this.sync.addFile(previous.file);
    const segment = new Segment(context.files, {
      directory: this.directory,
      baseOffset: this.logEndOffset,
      sizeInBytes: 0,
      nowMs: context.clock.nowMs(),
      isNew: true,
    });
    segment.jitterShare = context.random();
    segment.create();
    previous.source = previous.file;
    previous.unloadIndexes();
    this.segments.push(segment);
    this.tail.moveTo(segment.file);
    segment.source = this.tail;
    this.savedPosition = 0;
    this.hasOffsetIndexes = false;
  }

  /** All that a clean stop vouches for, but the snapshot (active-saving.ts). */
  complete(): void {
    this.tail.writePending();
    this.active.forceTimeIndexEntry();
    for (const segment of this.segments) if (segment.hasUnsavedIndexes) this.#saveIndexes(segment);
    if (this.epochs.isMissedAt(this.logEndOffset)) this.saveEpochs();
  }

  #saveIndexes(segment: Segment): void {
    segment.saveIndexes();
    for (const file of segment.indexFiles()) this.sync.addFile(file);
    this.sync.addDirectory(this.directory);
  }

  takeSnapshot(): void {
    const offset = this.logEndOffset;
    if (offset <= (this.#snapshotOffsets.at(-1) ?? this.segments[0]!.baseOffset)) return;
    this.sync.addFile(this.context.files.file(this.writeSnapshot(offset, this.encodeSnapshot())));
    this.sync.addDirectory(this.directory);
  }

  encodeSnapshot(): Buffer {
    return encodeProducerSnapshot(this.producers.entries(), this.producers.size);
  }

  /** Of an offset above all others that have one; those that are neither the latest nor at a segment's begin go. Answers the path. */
  writeSnapshot(offset: number, bytes: Buffer): string {
    const pathOf = (of: number): string => `${this.directory}/${offsetName(of, PRODUCER_SNAPSHOT_SUFFIX)}`;
    writeWholeFile(this.context.fileSystem, pathOf(offset), bytes);
    const bases = new Set(this.segments.map(segment => segment.baseOffset));
    const kept = this.#snapshotOffsets.filter(of => bases.has(of));
    const gone = this.#snapshotOffsets.filter(of => !bases.has(of) && of !== offset);
    this.#snapshotOffsets = kept.includes(offset) ? kept : [...kept, offset];
    this.sync.forget(new Set(gone.map(pathOf)));
    for (const of of gone) this.context.fileSystem.remove(pathOf(of));
    return pathOf(offset);
  }

  /** To what the file has whole: nothing half-written is kept, nothing unwritten is remembered. */
  rollBack(options: { readonly logStartOffset: number; readonly settings: LogSettings }): void {
    this.tail.dropPending();
    const endOffset = this.tail.writtenEndOffset;
    if (this.isOnDisk) this.active.file.truncate(this.tail.writtenPosition);
    this.logEndOffset = endOffset;
    this.active.truncate(endOffset, this.tail.writtenPosition);
    this.epochs.truncateFromEnd(endOffset);
    this.#snapshotOffsets = this.#snapshotOffsets.filter(offset => offset <= endOffset);
    this.producers = new ProducerState();
    loadProducers(
      {
        context: this.context,
        directory: this.directory,
        segments: this.segments,
        fromOffset: options.logStartOffset,
        toOffset: endOffset,
        snapshotOffsets: this.#snapshotOffsets,
      },
      {
        producers: this.producers,
        epochs: this.epochs,
        recoveryPoint: 0,
        indexIntervalBytes: options.settings.indexIntervalBytes,
      },
      () => {},
    );
  }

  /** Takes them out of the log: no reader finds them any more. Their files are the caller's to rename. */
  takeOut(segments: ReadonlySet<Segment>): void {
    const kept = this.segments.filter(segment => !segments.has(segment));
    this.segments.splice(0, this.segments.length, ...kept);
  }

  /** For readers, from here on, `replacement` stands in the place of the segments. */
  putInPlace(replacement: Segment, replaced: ReadonlySet<Segment>): void {
    const at = this.segments.findIndex(segment => replaced.has(segment));
    this.segments.splice(at, replaced.size, replacement);
  }

  /** Those of segments that are gone (ProducerStateManager.removeAndMarkSnapshotForDeletion). Answers the files' new paths. */
  setSnapshotsAside(bases: ReadonlySet<number>, suffix: string): string[] {
    const gone = this.#snapshotOffsets.filter(offset => bases.has(offset));
    this.#snapshotOffsets = this.#snapshotOffsets.filter(offset => !bases.has(offset));
    return gone.map(offset => {
      const path = `${this.directory}/${offsetName(offset, PRODUCER_SNAPSHOT_SUFFIX)}`;
      this.context.fileSystem.rename(path, path + suffix);
      return path + suffix;
    });
  }

  close(): void {
    this.sync.abandon();
    for (const segment of this.segments) segment.close();
  }
}
