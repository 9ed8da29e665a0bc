// One partition's log: append, read, and the offsets that say how far it is safe to look (UnifiedLog, LocalLog). An
// appended batch is in the log's tail at once, in the file at the end of the turn, on disk after the sync that follows;
// the high watermark is what the durability mode calls safe, and no reader but `log_end` sees beyond it. A write that
// fails takes back what the turn appended; a sync that fails ends appending for good (reads go on).

import { type ErrorName, KafkaError } from '../../protocol/errors.ts';
import { METADATA_TOPIC } from '../data-dir/layout.ts';
import { FileSystemError } from '../fs/file-system.ts';
import { ActiveSaving } from './active-saving.ts';
import { producedBatch } from './batch-facts.ts';
import { isDiskFull } from './disk-space.ts';
import type { DurableCallback } from './durable-waiters.ts';
import { LogBody, type LogBodyOptions } from './log-body.ts';
import { LogLife } from './log-life.ts';
import { LogProgress } from './log-progress.ts';
import { emptySlice, readSlice } from './log-reader.ts';
import type { LogSettings } from './log-settings.ts';
import type {
  ActiveProducer,
  AppendOptions,
  AppendOutcome,
  DeleteRecordsOutcome,
  EpochEndOffset,
  ReadIsolation,
  ReadOptions,
  ReadOutcome,
  TimestampedOffset,
} from './outcomes.ts';
import type { ProducerEntry } from './producer-entry.ts';
import type { ProducedBatch } from './producer-state.ts';
import { damageText, type Hole, type Segment } from './segment.ts';
import { findMaxTimestamp, findTimestamp } from './timestamp-lookup.ts';

export interface PartitionLogOptions extends LogBodyOptions {
  readonly topic: string;
  readonly partition: number;
  readonly settings: LogSettings;
}

const refused = (error: ErrorName, message: string): AppendOutcome => ({ kind: 'refused', error, message });

export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** What makes it shorter with time: retention and compaction. */
  readonly life: LogLife;
  /** What makes a restart shorter. */
  readonly saving: ActiveSaving;
  readonly #body: LogBody;
  readonly #progress: LogProgress;
  #settings: LogSettings;
  #logStartOffset: number;
  #durableOffset: number;
  #isInTurn = false;
  #isClosed = false;
  #isUnreadableReported = false;
  #whenSynced: (() => void)[] = [];

  constructor(options: PartitionLogOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.#settings = options.settings;
    this.#body = new LogBody(options);
    const { logStartOffset, logEndOffset, safeOffset } = options.loaded;
    this.#progress = new LogProgress(options.context.durability === 'always' ? safeOffset : logEndOffset);
    this.#logStartOffset = logStartOffset;
    this.#durableOffset = safeOffset;
    this.life = new LogLife({
      log: this,
      body: this.#body,
      raiseLogStart: offset => this.#raiseLogStart(offset),
    });
    const goOffline = (reason: string): void => void this.#goOffline(reason);
    this.saving = new ActiveSaving({ log: this, body: this.#body, goOffline });
  }

  get topicId(): string | null {
    return this.#body.topicId;
  }

  get settings(): LogSettings {
    return this.#settings;
  }

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  get logEndOffset(): number {
    return this.#body.logEndOffset;
  }

  get highWatermark(): number {
    return this.#progress.highWatermark;
  }

  get lastStableOffset(): number {
    const { highWatermark } = this;
    const first = this.#body.producers.firstUnstableOffset();
    return first === null ? highWatermark : Math.min(highWatermark, Math.max(first, this.#logStartOffset));
  }

  /** Latest epoch in the log, -1 when it has none. */
  get leaderEpoch(): number {
    return this.#body.epochs.latest;
  }

  get sizeInBytes(): number {
    return this.#body.segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);
  }

  /** Set once a write or sync failed for good: appends are refused with KAFKA_STORAGE_ERROR, reads go on. */
  get offlineReason(): string | null {
    return this.#progress.failure?.message ?? null;
  }

  /**
   * For LogStore: everything below is on disk. It never points at the end of a segment whose indexes are not on disk as
   * well, because that segment would pass for complete once the next one begins there.
   */
  get recoveryPoint(): number {
    const { sync, active } = this.#body;
    const isComplete =
      !sync.hasWork && (this.#durableOffset <= active.baseOffset || !active.hasUnsavedIndexes);
    return isComplete ? this.#durableOffset : Math.max(0, this.#durableOffset - 1);
  }

  /** For LogStore: the first offset that a restart may find in a file. */
  get firstSegmentOffset(): number {
    return this.life.firstOffsetInFiles;
  }

  /** Set aside or stopped: its directory may not be touched any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isOnDisk(): boolean {
    return this.#body.isOnDisk;
  }

  /** One whole, validated batch. Copied or written before this returns; the caller's buffer is never changed nor kept. */
  append(batch: Buffer, options: AppendOptions): AppendOutcome {
    const { failure } = this.#progress;
    const { context } = this.#body;
    if (failure !== null) return refused('KAFKA_STORAGE_ERROR', failure.message);
    const mayUseReserve = options.origin === 'coordinator' || this.topic === METADATA_TOPIC;
    if (!context.disk.takesAppends(batch.length, { mayUseReserve }))
      return refused('KAFKA_STORAGE_ERROR', 'The disk is full.');
    if (batch.length > this.#settings.segmentBytes) {
      const limit = this.#settings.segmentBytes;
      return refused(
        'RECORD_LIST_TOO_LARGE',
        `A batch of ${batch.length} bytes exceeds segment.bytes (${limit}).`,
      );
    }
    const produced = producedBatch(batch, 0);
    const verdict = produced === null ? null : this.#check(produced, options);
    if (verdict !== null) return verdict;
    const baseOffset = this.#body.logEndOffset;
    try {
      this.#body.append(batch, { leaderEpoch: options.leaderEpoch, produced, settings: this.#settings });
    } catch (error) {
      return refused('KAFKA_STORAGE_ERROR', this.#onWriteError(error as Error).message);
    }
    if (!this.#isInTurn) {
      this.#isInTurn = true;
      context.turn.add(this);
    }
    return { kind: 'appended', baseOffset, endOffset: this.#body.logEndOffset };
  }

  #check(produced: ProducedBatch, options: AppendOptions): AppendOutcome | null {
    const verdict = this.#body.producers.check(produced, {
      checksSequence: options.origin === 'client',
      transactionVersion: options.transactionVersion ?? 0,
    });
    if (verdict?.kind !== 'duplicate') return verdict;
    const { lastOffset, offsetDelta, timestamp } = verdict.batch;
    const baseOffset = lastOffset - offsetDelta;
    return { kind: 'duplicate', baseOffset, endOffset: lastOffset + 1, appendTimeMs: timestamp };
  }

  /** For AppendTurn. */
  writeTurn(): void {
    this.#isInTurn = false;
    const { tail, context } = this.#body;
    if (this.#progress.failure !== null) return;
    try {
      tail.writePending();
    } catch (error) {
      this.#onWriteError(error as Error);
    }
    if (this.#progress.failure !== null) return;
    if (context.durability === 'always') {
      this.requestSync();
      return;
    }
    // A roll leaves files to sync in any mode.
    if (this.#body.sync.hasWork) context.flushes.request(this);
    if (context.durability === 'interval') context.noteUnsynced(this);
    this.#advance(tail.writtenEndOffset);
  }

  /** Asks for a sync of everything written. */
  requestSync(): void {
    const { sync, tail, active, context, isOnDisk } = this.#body;
    if (this.#progress.failure !== null || !isOnDisk) return;
    if (this.#durableOffset < tail.writtenEndOffset) sync.addFile(active.file);
    if (sync.hasWork) context.flushes.request(this);
  }

  /** For FlushScheduler. */
  startSync(done: () => void): void {
    const { sync, tail, active, context } = this.#body;
    const target = sync.covers(active.file)
      ? tail.writtenEndOffset
      : Math.min(active.baseOffset, tail.writtenEndOffset);
    sync.run(error => {
      if (error === null) this.#durableOffset = Math.max(this.#durableOffset, target);
      else this.#goOffline(`A sync failed (${error.message}).`);
      done();
      if (error === null && context.durability === 'always') this.#advance(target);
      this.#tellSynced();
    });
  }

  /** Calls back, in order, once everything below `endOffset` is as safe as the durability mode promises; at once when it already is. */
  whenDurable(endOffset: number, callback: DurableCallback): void {
    this.#progress.whenSafe(endOffset, callback);
  }

  /** High watermark, last stable offset or log start moved. Returns how to stop listening. */
  onAdvance(callback: () => void): () => void {
    return this.#progress.listen(callback);
  }

  read(options: ReadOptions): ReadOutcome {
    const { offset, isolation, atLeastOneBatch } = options;
    // Its name may belong to another log by now.
    if (this.#isClosed) return { error: 'KAFKA_STORAGE_ERROR' };
    if (offset < this.#logStartOffset || offset > this.logEndOffset) return { error: 'OFFSET_OUT_OF_RANGE' };
    const collectsAborted = isolation === 'read_committed';
    const endOffset = this.endOffsetOf(isolation);
    if (offset >= endOffset) return emptySlice(collectsAborted);
    const maxBytes = Math.max(0, options.maxBytes);
    try {
      const range = { offset, endOffset, maxBytes, atLeastOneBatch, collectsAborted };
      return readSlice(this.#body, range, (segment, hole) => this.#reportHole(segment, hole));
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      this.#reportUnreadable(error);
      return { error: 'KAFKA_STORAGE_ERROR' };
    }
  }

  /** Damaged bytes found since the start, by recovery or by readers. */
  get damagedBytes(): number {
    const holes = this.#body.segments.flatMap(segment => segment.holes);
    return holes.reduce((sum, { position, endPosition }) => sum + endPosition - position, 0);
  }

  #reportHole(segment: Segment, hole: Hole): void {
    const { topic, partition } = this;
    const message = `${topic}-${partition}: ${damageText(segment, hole)}`;
    this.#body.context.report({ level: 'error', message, topic, partition });
  }

  /** Once: consumers ask again and again. */
  #reportUnreadable(error: FileSystemError): void {
    const { topic, partition } = this;
    if (this.#isUnreadableReported) return;
    this.#isUnreadableReported = true;
    this.#body.context.report({
      level: 'error',
      message: `${topic}-${partition} could not be read (${error.message}). Consumers see KAFKA_STORAGE_ERROR there. Check the disk.`,
      topic,
      partition,
    });
  }

  /** Exclusive end of what this isolation may see. */
  endOffsetOf(isolation: ReadIsolation): number {
    if (isolation === 'log_end') return this.logEndOffset;
    return isolation === 'read_committed' ? this.lastStableOffset : this.highWatermark;
  }

  /** First record at or after the timestamp that this isolation may see; null when there is none. */
  offsetForTimestamp(
    timestampMs: number,
    isolation: ReadIsolation = 'read_uncommitted',
  ): TimestampedOffset | null {
    const search = { timestamp: timestampMs, fromOffset: this.#logStartOffset };
    const found = this.#isClosed ? null : findTimestamp(this.#body.segments, search);
    return found !== null && found.offset < this.endOffsetOf(isolation) ? found : null;
  }

  /** The record with the largest timestamp (ListOffsets -3); null for an empty log. */
  maxTimestampOffset(): TimestampedOffset | null {
    return this.#isClosed ? null : findMaxTimestamp(this.#body.segments);
  }

  /** OffsetForLeaderEpoch: the largest epoch <= the one asked for and where it ends; -1, -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.#body.epochs.endOffsetFor(leaderEpoch, this.logEndOffset);
  }

  /** The leader epoch in force at an offset, -1 when unknown (ListOffsets answers it). */
  epochOfOffset(offset: number): number {
    return this.#body.epochs.epochOf(offset);
  }

  /**
   * This node leads the partition in an epoch that begins here. The file gets it with the epoch's first batch: until then
   * it can be told again at each start, and thousands of partitions that begin an epoch together cost no syncs.
   */
  startLeaderEpoch(leaderEpoch: number): void {
    const { epochs } = this.#body;
    if (leaderEpoch > epochs.latest) epochs.assign(leaderEpoch, this.logEndOffset);
  }

  /** Moves the log start, durably, and answers the new one; -1 stands for the high watermark. */
  deleteRecordsBefore(offset: number): DeleteRecordsOutcome {
    const target = offset === -1 ? this.highWatermark : offset;
    if (target < 0 || target > this.highWatermark) return { error: 'OFFSET_OUT_OF_RANGE' };
    const isRaised = target <= this.#logStartOffset || this.#raiseLogStart(target);
    return isRaised
      ? { error: null, logStartOffset: this.#logStartOffset }
      : { error: 'KAFKA_STORAGE_ERROR' };
  }

  /** Durably. False when that failed, and nothing has changed. */
  #raiseLogStart(target: number): boolean {
    const before = this.#logStartOffset;
    const { context, epochs } = this.#body;
    this.#logStartOffset = target;
    try {
      context.saveLogStartOffsets();
    } catch (error) {
      this.#logStartOffset = before;
      if (isDiskFull(error)) context.disk.noteFull();
      return false;
    }
    epochs.truncateFromStart(target);
    this.#progress.tell();
    return true;
  }

  updateSettings(settings: LogSettings): void {
    this.#settings = settings;
  }

  activeProducers(): ActiveProducer[] {
    return [...this.#body.producers.entries()].map(activeProducer);
  }

  /** What is known of one producer here; null when nothing. */
  producer(producerId: bigint): ActiveProducer | null {
    const entry = this.#body.producers.entry(producerId);
    return entry === undefined ? null : activeProducer(entry);
  }

  /** Why `append` would refuse the batch for its producer's sake, for those who must know before they change anything. */
  refusalOf(batch: Buffer, options: AppendOptions): Extract<AppendOutcome, { kind: 'refused' }> | null {
    const produced = producedBatch(batch, 0);
    const verdict = produced === null ? null : this.#check(produced, options);
    return verdict?.kind === 'refused' ? verdict : null;
  }

  /** For LogStore, now and then. */
  removeExpiredProducers(): void {
    const { producers, context } = this.#body;
    producers.removeExpired({ nowMs: context.clock.nowMs(), expirationMs: context.producerIdExpirationMs });
  }

  /** Writes and syncs everything appended, at once; throws KafkaError when the log is offline. */
  flushNow(): void {
    const { tail, sync, active, isOnDisk } = this.#body;
    if (this.#progress.failure !== null) throw this.#progress.failure;
    try {
      tail.writePending();
    } catch (error) {
      throw this.#onWriteError(error as Error);
    }
    const target = tail.writtenEndOffset;
    if (isOnDisk) {
      sync.addFile(active.file);
      try {
        sync.runNow();
      } catch (error) {
        throw this.#goOffline(`A sync failed (${(error as Error).message}).`);
      }
    }
    this.#durableOffset = Math.max(this.#durableOffset, target);
    this.#advance(target);
  }

  /** For LogStore: makes the directory now instead of with the first batch. */
  makeDirectory(): void {
    if (!this.isOnDisk) this.#body.makeDirectory();
  }

  /** For LogStore: the directory has no partition.metadata. */
  adoptTopicId(topicId: string): void {
    this.#body.adoptTopicId(topicId);
  }

  /** Completes every file of the log and syncs it; calls back when that is done, or cannot be (see `offlineReason`). */
  complete(callback: () => void): void {
    const { tail, context, isOnDisk } = this.#body;
    this.#whenSynced.push(callback);
    if (this.#progress.failure === null && isOnDisk) {
      try {
        this.#body.complete();
        this.saving.complete();
        if (context.durability !== 'always') this.#advance(tail.writtenEndOffset);
        this.requestSync();
      } catch (error) {
        this.#onWriteError(error as Error);
        this.#goOffline(`The log could not be completed (${(error as Error).message}).`);
      }
    }
    this.#tellSynced();
  }

  /** Gives descriptors back. Nothing may be appended any more. */
  close(reason: string): void {
    this.#isClosed = true;
    this.#progress.fail(new KafkaError('KAFKA_STORAGE_ERROR', reason));
    this.#body.close();
    this.#tellSynced();
    // Whoever waits for more must hear that none will come.
    this.#progress.tell();
  }

  /** Calls back when nothing is left to sync, or nothing can be any more. */
  whenSynced(callback: () => void): void {
    this.#whenSynced.push(callback);
    this.requestSync();
    this.#tellSynced();
  }

  #tellSynced(): void {
    if (this.#body.sync.hasWork && this.#progress.failure === null) return;
    const callbacks = this.#whenSynced;
    this.#whenSynced = [];
    for (const callback of callbacks) callback();
  }

  /** Answers what the callers of the turn are told. */
  #onWriteError(error: Error): KafkaError {
    const message = `The records could not be written (${error.message}).`;
    if (isDiskFull(error)) this.#body.context.disk.noteFull();
    else this.#goOffline(message);
    const failure = new KafkaError('KAFKA_STORAGE_ERROR', message);
    try {
      this.#body.rollBack({ logStartOffset: this.#logStartOffset, settings: this.#settings });
      this.#body.producers.onHighWatermark(this.highWatermark);
    } catch (second) {
      this.#goOffline(`${message} Taking it back failed too (${(second as Error).message}).`);
    }
    this.#progress.takeBack(this.logEndOffset, failure);
    return failure;
  }

  #goOffline(reason: string): KafkaError {
    const { topic, partition } = this;
    const failure = new KafkaError('KAFKA_STORAGE_ERROR', `${topic}-${partition} is offline: ${reason}`);
    if (!this.#progress.fail(failure)) return this.#progress.failure!;
    this.#body.context.report({
      level: 'error',
      message:
        `${topic}-${partition} takes no more records: ${reason} What was acknowledged is safe up to offset ${this.highWatermark}, ` +
        'and can be read. Check the disk, then restart.',
      topic,
      partition,
    });
    this.#tellSynced();
    return failure;
  }

  #advance(safeOffset: number): void {
    this.#progress.advance(safeOffset, () => this.#body.producers.onHighWatermark(safeOffset));
  }
}

function activeProducer(entry: ProducerEntry): ActiveProducer {
  return {
    producerId: entry.producerId,
    producerEpoch: entry.producerEpoch,
    lastSequence: entry.lastSequence,
    lastTimestamp: entry.lastTimestamp,
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTransactionFirstOffset: entry.currentTransactionFirstOffset,
  };
}
