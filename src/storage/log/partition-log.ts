// One partition's log: append, read, and the offsets that say how far it is safe to look (UnifiedLog, LocalLog). An
// appended batch is in the log's tail at once, in the file at the end of the turn, on disk after the sync that follows;
// the high watermark is what the durability mode calls safe, and no reader but `log_end` sees beyond it. A write that
// fails takes back what the turn appended; a sync that fails ends appending for good (reads go on).

import type { ErrorName } from '../../protocol/errors.ts';
import { KafkaError } from '../../protocol/errors.ts';
import { lastOffsetDelta, maxTimestamp } from '../../protocol/records/batch-header.ts';
import {
  PARTITION_METADATA,
  partitionMetadataText,
  readPartitionMetadata,
} from '../data-dir/partition-metadata.ts';
import { writeWholeFile } from '../fs/whole-file.ts';
import { producedBatch } from './batch-facts.ts';
import { isDiskFull } from './disk-space.ts';
import type { DurableCallback } from './durable-waiters.ts';
import { DurableWaiters } from './durable-waiters.ts';
import { LEADER_EPOCH_CHECKPOINT, type LeaderEpochs } from './leader-epochs.ts';
import type { LogContext } from './log-context.ts';
import { emptySlice, readSlice } from './log-reader.ts';
import type { LogSettings } from './log-settings.ts';
import { LogSync } from './log-sync.ts';
import { LogTail } from './log-tail.ts';
import type {
  ActiveProducer,
  AppendOptions,
  AppendOutcome,
  EpochEndOffset,
  ReadIsolation,
  ReadOptions,
  ReadOutcome,
  TimestampedOffset,
} from './outcomes.ts';
import { loadProducers } from './producer-loading.ts';
import { encodeProducerSnapshot } from './producer-snapshot.ts';
import type { ProducedBatch } from './producer-state.ts';
import { ProducerState } from './producer-state.ts';
import type { LoadedLog } from './recovery.ts';
import { Segment } from './segment.ts';
import { offsetName, PRODUCER_SNAPSHOT_SUFFIX } from './segment-names.ts';
import { findMaxTimestamp, findTimestamp } from './timestamp-lookup.ts';

export interface PartitionLogOptions {
  readonly topic: string;
  readonly partition: number;
  readonly directory: string;
  readonly topicId: string | null;
  readonly settings: LogSettings;
  readonly context: LogContext;
  readonly loaded: LoadedLog;
  /** The directory exists. */
  readonly isOnDisk: boolean;
}

const refused = (error: ErrorName, message: string): AppendOutcome => ({ kind: 'refused', error, message });

export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly #context: LogContext;
  #directory: string;
  #topicId: string | null;
  #settings: LogSettings;
  readonly #segments: Segment[];
  readonly #tail: LogTail;
  readonly #sync: LogSync;
  readonly #waiters = new DurableWaiters();
  readonly #listeners = new Set<() => void>();
  #producers: ProducerState;
  readonly #epochs: LeaderEpochs;
  #snapshotOffsets: number[];
  #logStartOffset: number;
  #logEndOffset: number;
  #highWatermark: number;
  #durableOffset: number;
  #isOnDisk: boolean;
  #isInTurn = false;
  #offline: KafkaError | null = null;
  #whenIdle: (() => void)[] = [];

  constructor(options: PartitionLogOptions) {
    const { loaded, context } = options;
    this.topic = options.topic;
    this.partition = options.partition;
    this.#context = context;
    this.#directory = options.directory;
    this.#topicId = options.topicId;
    this.#settings = options.settings;
    this.#segments = loaded.segments;
    this.#producers = loaded.producers;
    this.#epochs = loaded.epochs;
    this.#snapshotOffsets = loaded.snapshotOffsets;
    this.#logStartOffset = loaded.logStartOffset;
    this.#logEndOffset = loaded.logEndOffset;
    this.#highWatermark = loaded.logEndOffset;
    this.#durableOffset = loaded.logEndOffset;
    this.#isOnDisk = options.isOnDisk;
    this.#sync = new LogSync(context.fileSystem);
    const active = this.#active;
    this.#tail = new LogTail(context.slabs, active.file, {
      position: active.sizeInBytes,
      offset: loaded.logEndOffset,
    });
    active.source = this.#tail;
  }

  get topicId(): string | null {
    return this.#topicId;
  }

  get settings(): LogSettings {
    return this.#settings;
  }

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  get lastStableOffset(): number {
    const first = this.#producers.firstUnstableOffset();
    return first === null
      ? this.#highWatermark
      : Math.min(this.#highWatermark, Math.max(first, this.#logStartOffset));
  }

  /** Latest epoch in the log, -1 when it has none. */
  get leaderEpoch(): number {
    return this.#epochs.latest;
  }

  get sizeInBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);
  }

  /** Set once a write or sync failed for good: appends are refused with KAFKA_STORAGE_ERROR, reads go on. */
  get offlineReason(): string | null {
    return this.#offline?.message ?? null;
  }

  /** For LogStore: everything below is on disk, with its indexes. */
  get recoveryPoint(): number {
    return this.#durableOffset;
  }

  /** For LogStore: the first offset that is in a file. */
  get firstSegmentOffset(): number {
    return this.#segments[0]!.baseOffset;
  }

  get isOnDisk(): boolean {
    return this.#isOnDisk;
  }

  get #active(): Segment {
    return this.#segments.at(-1)!;
  }

  /** One whole, validated batch. Copied or written before this returns; the caller's buffer is never changed nor kept. */
  append(batch: Buffer, options: AppendOptions): AppendOutcome {
    if (this.#offline !== null) return refused('KAFKA_STORAGE_ERROR', this.#offline.message);
    if (!this.#context.disk.takesAppends(batch.length))
      return refused('KAFKA_STORAGE_ERROR', 'The disk is full.');
    if (batch.length > this.#settings.segmentBytes) {
      return refused(
        'RECORD_LIST_TOO_LARGE',
        `A batch of ${batch.length} bytes is larger than segment.bytes (${this.#settings.segmentBytes}).`,
      );
    }
    const produced = producedBatch(batch, 0);
    if (produced !== null) {
      const verdict = this.#producers.check(produced, {
        checksSequence: options.origin === 'client',
        transactionVersion: options.transactionVersion ?? 0,
      });
      if (verdict?.kind === 'refused') return verdict;
      if (verdict?.kind === 'duplicate') {
        const { lastOffset, offsetDelta, timestamp } = verdict.batch;
        return {
          kind: 'duplicate',
          baseOffset: lastOffset - offsetDelta,
          endOffset: lastOffset + 1,
          appendTimeMs: timestamp,
        };
      }
    }
    const baseOffset = this.#logEndOffset;
    try {
      this.#appendChecked(batch, baseOffset, options.leaderEpoch, produced);
    } catch (error) {
      return refused('KAFKA_STORAGE_ERROR', this.#onWriteError(error as Error).message);
    }
    if (!this.#isInTurn) {
      this.#isInTurn = true;
      this.#context.turn.add(this);
    }
    return { kind: 'appended', baseOffset, endOffset: this.#logEndOffset };
  }

  #appendChecked(
    batch: Buffer,
    baseOffset: number,
    leaderEpoch: number,
    produced: ProducedBatch | null,
  ): void {
    const lastOffset = baseOffset + lastOffsetDelta(batch, 0);
    const timestamp = maxTimestamp(batch, 0);
    if (!this.#isOnDisk) this.#makeDirectory();
    if (
      this.#active.shouldRoll(
        {
          sizeInBytes: batch.length,
          maxTimestamp: timestamp,
          lastOffset,
          nowMs: this.#context.clock.nowMs(),
        },
        this.#settings,
      )
    ) {
      this.#roll();
    }
    if (leaderEpoch > this.#epochs.latest) {
      this.#epochs.assign(leaderEpoch, baseOffset);
      this.#epochs.save(this.#context.fileSystem, this.#directory, { isNew: false });
    }
    this.#tail.append(batch, { baseOffset, endOffset: lastOffset + 1, leaderEpoch });
    this.#active.book(
      { sizeInBytes: batch.length, lastOffset, maxTimestamp: timestamp },
      this.#settings.indexIntervalBytes,
    );
    this.#logEndOffset = lastOffset + 1;
    if (produced === null) return;
    const completed = this.#producers.apply(produced, baseOffset);
    if (completed?.isAborted === true) this.#active.transactionIndex.append(completed);
  }

  /** For AppendTurn. */
  writeTurn(): void {
    this.#isInTurn = false;
    if (this.#offline !== null) return;
    try {
      this.#tail.writePending();
    } catch (error) {
      this.#onWriteError(error as Error);
      if (this.offlineReason !== null) return;
    }
    const { durability } = this.#context;
    if (durability !== 'os') this.#sync.addFile(this.#active.file);
    if (durability === 'always') this.#context.flushes.request(this);
    else this.#advance(this.#tail.writtenEndOffset);
    if (durability === 'interval') this.#context.noteUnsynced(this);
  }

  /** For FlushScheduler. */
  startSync(done: () => void): void {
    const target = this.#sync.covers(this.#active.file)
      ? this.#tail.writtenEndOffset
      : Math.min(this.#active.baseOffset, this.#tail.writtenEndOffset);
    this.#sync.run(error => {
      if (error === null) this.#durableOffset = Math.max(this.#durableOffset, target);
      else this.#goOffline(`A sync failed (${error.message}).`);
      done();
      if (error === null && this.#context.durability === 'always') this.#advance(target);
      this.#tellIdle();
    });
  }

  /** Calls back, in order, once everything below `endOffset` is as safe as the durability mode promises; at once when it already is. */
  whenDurable(endOffset: number, callback: DurableCallback): void {
    if (endOffset <= this.#highWatermark) callback(null);
    else if (this.#offline !== null) callback(this.#offline);
    else this.#waiters.add(endOffset, callback);
  }

  /** High watermark, last stable offset or log start moved. Returns how to stop listening. */
  onAdvance(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  read(options: ReadOptions): ReadOutcome {
    const { offset, isolation } = options;
    if (offset < this.#logStartOffset || offset > this.#logEndOffset) return { error: 'OFFSET_OUT_OF_RANGE' };
    const collectsAborted = isolation === 'read_committed';
    const endOffset = this.endOffsetOf(isolation);
    if (offset >= endOffset) return emptySlice(collectsAborted);
    const parts = {
      context: this.#context,
      segments: this.#segments,
      tail: this.#tail,
      logEndOffset: this.#logEndOffset,
    };
    return readSlice(parts, {
      offset,
      endOffset,
      maxBytes: Math.max(0, options.maxBytes),
      atLeastOneBatch: options.atLeastOneBatch,
      collectsAborted,
    });
  }

  /** Exclusive end of what this isolation may see. */
  endOffsetOf(isolation: ReadIsolation): number {
    if (isolation === 'log_end') return this.#logEndOffset;
    return isolation === 'read_committed' ? this.lastStableOffset : this.#highWatermark;
  }

  /** First record at or after the timestamp that this isolation may see; null when there is none. */
  offsetForTimestamp(
    timestampMs: number,
    isolation: ReadIsolation = 'read_uncommitted',
  ): TimestampedOffset | null {
    const found = findTimestamp(this.#segments, { timestamp: timestampMs, fromOffset: this.#logStartOffset });
    return found !== null && found.offset < this.endOffsetOf(isolation) ? found : null;
  }

  /** The record with the largest timestamp (ListOffsets -3); null for an empty log. */
  maxTimestampOffset(): TimestampedOffset | null {
    return findMaxTimestamp(this.#segments);
  }

  /** OffsetForLeaderEpoch: the largest epoch <= the one asked for and where it ends; -1, -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.#epochs.endOffsetFor(leaderEpoch, this.#logEndOffset);
  }

  /** The leader epoch in force at an offset, -1 when unknown (ListOffsets answers it). */
  epochOfOffset(offset: number): number {
    return this.#epochs.epochOf(offset);
  }

  /** Writes the epoch's start into leader-epoch-checkpoint; called when this node becomes leader of the partition. */
  startLeaderEpoch(leaderEpoch: number): void {
    if (leaderEpoch <= this.#epochs.latest || !this.#epochs.assign(leaderEpoch, this.#logEndOffset)) return;
    if (this.#isOnDisk) this.#epochs.save(this.#context.fileSystem, this.#directory, { isNew: false });
  }

  /** Moves the log start, durably, and answers the new one; -1 stands for the high watermark. */
  deleteRecordsBefore(
    offset: number,
  ):
    | { readonly error: null; readonly logStartOffset: number }
    | { readonly error: 'OFFSET_OUT_OF_RANGE' | 'KAFKA_STORAGE_ERROR' } {
    const target = offset === -1 ? this.#highWatermark : offset;
    if (target < 0 || target > this.#highWatermark) return { error: 'OFFSET_OUT_OF_RANGE' };
    const before = this.#logStartOffset;
    if (target <= before) return { error: null, logStartOffset: before };
    this.#logStartOffset = target;
    try {
      this.#context.saveLogStartOffsets();
    } catch (error) {
      this.#logStartOffset = before;
      if (isDiskFull(error)) this.#context.disk.noteFull();
      return { error: 'KAFKA_STORAGE_ERROR' };
    }
    this.#epochs.truncateFromStart(target);
    this.#callListeners();
    return { error: null, logStartOffset: target };
  }

  updateSettings(settings: LogSettings): void {
    this.#settings = settings;
  }

  activeProducers(): ActiveProducer[] {
    return [...this.#producers.entries()].map(entry => ({
      producerId: entry.producerId,
      producerEpoch: entry.producerEpoch,
      lastSequence: entry.lastSequence,
      lastTimestamp: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTransactionFirstOffset: entry.currentTransactionFirstOffset,
    }));
  }

  /** For LogStore, now and then. */
  removeExpiredProducers(): void {
    this.#producers.removeExpired({
      nowMs: this.#context.clock.nowMs(),
      expirationMs: this.#context.producerIdExpirationMs,
    });
  }

  /** Writes and syncs everything appended, at once; throws KafkaError when the log is offline. */
  flushNow(): void {
    if (this.#offline === null) {
      try {
        this.#tail.writePending();
      } catch (error) {
        throw this.#onWriteError(error as Error);
      }
      this.#sync.addFile(this.#active.file);
      const target = this.#tail.writtenEndOffset;
      try {
        if (this.#isOnDisk) this.#sync.runNow();
        this.#durableOffset = Math.max(this.#durableOffset, target);
        this.#advance(target);
      } catch (error) {
        this.#goOffline(`A sync failed (${(error as Error).message}).`);
      }
    }
    if (this.#offline !== null) throw this.#offline;
  }

  /** Asks for a sync of everything written. For LogStore's interval. */
  requestSync(): void {
    if (this.#offline !== null || !this.#isOnDisk) return;
    if (this.#durableOffset < this.#tail.writtenEndOffset) this.#sync.addFile(this.#active.file);
    if (this.#sync.hasWork) this.#context.flushes.request(this);
  }

  /** Completes every file of the log and syncs it; calls back when that is done, or cannot be (see `offlineReason`). */
  complete(callback: () => void): void {
    if (this.#offline === null && this.#isOnDisk) {
      try {
        this.#tail.writePending();
        if (this.#context.durability !== 'always') this.#advance(this.#tail.writtenEndOffset);
        this.#active.forceTimeIndexEntry();
        for (const segment of this.#segments) this.#saveSegment(segment);
        this.#takeSnapshot();
        if (this.#epochs.isUnsaved)
          this.#epochs.save(this.#context.fileSystem, this.#directory, { isNew: false });
        this.requestSync();
      } catch (error) {
        this.#onWriteError(error as Error);
        this.#goOffline(`The log could not be completed (${(error as Error).message}).`);
      }
    }
    this.#whenIdle.push(callback);
    this.#tellIdle();
  }

  /** Gives descriptors back. Nothing may be appended any more. */
  close(reason: string): void {
    this.#offline ??= new KafkaError('KAFKA_STORAGE_ERROR', reason);
    this.#waiters.failAbove(this.#highWatermark, this.#offline);
    this.#sync.abandon();
    for (const segment of this.#segments) segment.close();
  }

  /** Makes the directory now instead of with the first batch. */
  makeDirectory(): void {
    if (!this.#isOnDisk) this.#makeDirectory();
  }

  /** For a directory whose partition.metadata is missing. */
  adoptTopicId(topicId: string): void {
    this.#topicId = topicId;
    if (this.#isOnDisk) this.#makeDirectory();
  }

  #tellIdle(): void {
    if (this.#sync.hasWork && this.#offline === null) return;
    const callbacks = this.#whenIdle;
    this.#whenIdle = [];
    for (const callback of callbacks) callback();
  }

  #saveSegment(segment: Segment): void {
    const { offsetIndex, timeIndex, transactionIndex } = segment;
    if (!offsetIndex.hasUnsavedEntries && !timeIndex.hasUnsavedEntries && !transactionIndex.hasUnsavedEntries)
      return;
    segment.saveIndexes();
    for (const file of segment.filesToSync()) this.#sync.addFile(file);
    this.#sync.addDirectory(this.#directory);
  }

  #roll(): void {
    const context = this.#context;
    const previous = this.#active;
    this.#tail.writePending();
    previous.forceTimeIndexEntry();
    previous.saveIndexes();
    this.#takeSnapshot();
    for (const file of previous.filesToSync()) this.#sync.addFile(file);
    this.#sync.addDirectory(this.#directory);
    const segment = new Segment(context.files, {
      directory: this.#directory,
      baseOffset: this.#logEndOffset,
      sizeInBytes: 0,
      nowMs: context.clock.nowMs(),
      isNew: true,
    });
    segment.create();
    previous.source = previous.file;
    previous.offsetIndex.unload();
    previous.timeIndex.unload();
    this.#segments.push(segment);
    this.#tail.moveTo(segment.file);
    segment.source = this.#tail;
    context.flushes.request(this);
  }

  #takeSnapshot(): void {
    const offset = this.#logEndOffset;
    if (offset <= (this.#snapshotOffsets.at(-1) ?? this.#logStartOffset)) return;
    const path = `${this.#directory}/${offsetName(offset, PRODUCER_SNAPSHOT_SUFFIX)}`;
    writeWholeFile(
      this.#context.fileSystem,
      path,
      encodeProducerSnapshot(this.#producers.entries(), this.#producers.size),
    );
    this.#snapshotOffsets.push(offset);
    this.#sync.addFile(this.#context.files.file(path));
    this.#sync.addDirectory(this.#directory);
  }

  /** Durable with the first batch, not before: an empty partition that a crash forgets is made again. */
  #makeDirectory(): void {
    const { fileSystem, files } = this.#context;
    const directory = this.#directory;
    fileSystem.makeDirectory(directory);
    if (this.#topicId !== null && readPartitionMetadata(fileSystem, directory) === null) {
      writeWholeFile(fileSystem, `${directory}/${PARTITION_METADATA}`, partitionMetadataText(this.#topicId));
      this.#sync.addFile(files.file(`${directory}/${PARTITION_METADATA}`));
    }
    this.#epochs.save(fileSystem, directory, { isNew: true });
    this.#sync.addFile(files.file(`${directory}/${LEADER_EPOCH_CHECKPOINT}`));
    this.#sync.addDirectory(directory);
    this.#sync.addDirectory(directory.slice(0, directory.lastIndexOf('/')));
    if (!this.#isOnDisk) this.#active.create();
    this.#isOnDisk = true;
  }

  /** Answers what the callers of the turn are told. */
  #onWriteError(error: Error): KafkaError {
    const message = `The records could not be written (${error.message}).`;
    if (isDiskFull(error)) this.#context.disk.noteFull();
    else this.#goOffline(message);
    const failure = new KafkaError('KAFKA_STORAGE_ERROR', message);
    try {
      this.#rollBack();
    } catch (second) {
      this.#goOffline(`${message} Taking it back failed too (${(second as Error).message}).`);
    }
    this.#waiters.failAbove(this.#logEndOffset, failure);
    return failure;
  }

  /** To what the file has whole: nothing half-written is kept, nothing unwritten is remembered. */
  #rollBack(): void {
    this.#tail.dropPending();
    const endOffset = this.#tail.writtenEndOffset;
    const active = this.#active;
    if (this.#isOnDisk) active.file.truncate(this.#tail.writtenPosition);
    this.#logEndOffset = endOffset;
    active.truncate(endOffset, this.#tail.writtenPosition);
    this.#epochs.truncateFromEnd(endOffset);
    this.#snapshotOffsets = this.#snapshotOffsets.filter(offset => offset <= endOffset);
    this.#producers = new ProducerState();
    loadProducers(
      {
        context: this.#context,
        directory: this.#directory,
        segments: this.#segments,
        fromOffset: this.#logStartOffset,
        toOffset: endOffset,
        snapshotOffsets: this.#snapshotOffsets,
      },
      {
        producers: this.#producers,
        epochs: this.#epochs,
        recoveryPoint: 0,
        indexIntervalBytes: this.#settings.indexIntervalBytes,
      },
      () => {},
    );
    this.#producers.onHighWatermark(this.#highWatermark);
  }

  #goOffline(reason: string): void {
    if (this.#offline !== null) return;
    this.#offline = new KafkaError(
      'KAFKA_STORAGE_ERROR',
      `${this.topic}-${this.partition} is offline: ${reason}`,
    );
    this.#context.report({
      level: 'error',
      message:
        `${this.topic}-${this.partition} takes no more records: ${reason} What was acknowledged is safe up to offset ${this.#highWatermark}, and can be read. ` +
        'Check the disk, then restart.',
      topic: this.topic,
      partition: this.partition,
    });
    this.#waiters.failAbove(this.#highWatermark, this.#offline);
    this.#tellIdle();
  }

  #advance(safeOffset: number): void {
    if (safeOffset <= this.#highWatermark) return;
    this.#highWatermark = safeOffset;
    this.#producers.onHighWatermark(safeOffset);
    this.#waiters.release(safeOffset);
    this.#callListeners();
  }

  /** A listener may stop or begin to listen while it is called. */
  #callListeners(): void {
    if (this.#listeners.size > 0) for (const listener of [...this.#listeners]) listener();
  }
}
