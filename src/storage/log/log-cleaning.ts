// Compacts one log (Cleaner): reads the dirty part and notes the last offset of each key, then writes the segments from
// the start of the log to there anew, group by group, without what was superseded, and puts each group in the place of
// the segments it was made from (segment-swap.ts). All in small steps; between two of them the log may be appended to,
// read, closed. Every batch is checked before it is copied: compaction must not give damaged bytes a checksum that fits.

import { baseOffset, isControl, lastOffset, verifyCrc } from '../../protocol/records/batch-header.ts';
import { iterateRecords } from '../../protocol/records/read-records.ts';
import { BatchCursor } from './batch-cursor.ts';
import type { CleanableRange } from './cleanable-range.ts';
import { segmentsBetween } from './cleanable-range.ts';
import { CleanedSegment } from './cleaned-segment.ts';
import { CleanedTransactions } from './cleaned-transactions.ts';
import { CleaningError, type CleaningTarget, type LivingLog } from './living-log.ts';
import type { LogBody } from './log-body.ts';
import { OFFSET_INDEX_ENTRY_BYTES, RELATIVE_OFFSET_MAX } from './offset-index.ts';
import { OFFSET_MAP_SLOT_BYTES, OffsetMap } from './offset-map.ts';
import type { Segment } from './segment.ts';
import { TIME_INDEX_ENTRY_BYTES } from './time-index.ts';
import type { AbortedTransactionEntry } from './transaction-index.ts';
import type { Step, Work } from './work.ts';

/** A slice of work: about two milliseconds. */
const SLICE_BYTES = 64 * 1024;
const SLICE_RECORDS = 400;
const RECORDS_PER_STEP = 200;
const READ_BUFFER_BYTES = 128 * 1024;

export interface CleaningOptions {
  readonly range: CleanableRange;
  readonly nowMs: number;
  /** log.cleaner.dedupe.buffer.size */
  readonly offsetMapBytesMax: number;
  /** log.cleaner.io.buffer.load.factor */
  readonly offsetMapLoadMax: number;
  /** Lets others take their turn after so many bytes were read or written. */
  readonly pause: (bytes: number) => Step;
}

export function* cleanSegments(target: CleaningTarget, options: CleaningOptions): Work<number> {
  return yield* new LogCleaning(target, options).run();
}

class LogCleaning {
  readonly #log: LivingLog;
  readonly #body: LogBody;
  readonly #target: CleaningTarget;
  readonly #options: CleaningOptions;
  readonly #offsets: OffsetMap;
  readonly #cursor = new BatchCursor({ bufferBytes: READ_BUFFER_BYTES, wholeBatches: true });
  #sliceBytes = 0;
  #sliceRecords = 0;

  constructor(target: CleaningTarget, options: CleaningOptions) {
    this.#log = target.log;
    this.#body = target.body;
    this.#target = target;
    this.#options = options;
    const { firstDirtyOffset, firstUncleanableOffset } = options.range;
    const needed = Math.ceil((firstUncleanableOffset - firstDirtyOffset) / options.offsetMapLoadMax) + 1;
    const allowed = Math.floor(options.offsetMapBytesMax / OFFSET_MAP_SLOT_BYTES);
    this.#offsets = new OffsetMap(Math.max(2, Math.min(needed, allowed)));
  }

  *run(): Work<number> {
    yield* this.#readOffsets();
    const endOffset = this.#offsets.latestOffset + 1;
    const segments = segmentsBetween(this.#body.segments, 0, endOffset);
    const transactions = new CleanedTransactions();
    // Recovery reads from here on, and takes a gap behind it for what a crash has torn.
    this.#body.context.saveRecoveryPoints();
    for (const group of this.#groups(segments)) yield* this.#cleanGroup(group, transactions);
    return endOffset;
  }

  *#readOffsets(): Work<void> {
    const { firstDirtyOffset, firstUncleanableOffset } = this.#options.range;
    const dirty = segmentsBetween(this.#body.segments, firstDirtyOffset, firstUncleanableOffset);
    const transactions = new CleanedTransactions();
    transactions.expect(this.#abortedBetween(firstDirtyOffset, firstUncleanableOffset));
    for (const [index, segment] of dirty.entries()) {
      const end = dirty[index + 1]?.baseOffset ?? firstUncleanableOffset;
      const start = segment.find(firstDirtyOffset);
      if (start === 'damaged') throw this.#damaged(segment, 0);
      const isWhole = start === null || (yield* this.#readOffsetsOf(segment, start.position, transactions));
      if (!isWhole) return;
      this.#offsets.latestOffset = end - 1;
    }
  }

  /** False when the map is full. */
  *#readOffsetsOf(segment: Segment, position: number, transactions: CleanedTransactions): Work<boolean> {
    const { firstDirtyOffset } = this.#options.range;
    const keysMax = Math.max(1, Math.floor(this.#offsets.slots * this.#options.offsetMapLoadMax));
    for (let at = position; at < segment.sizeInBytes; ) {
      const batch = this.#batchAt(segment, at);
      at += batch.length;
      const control = isControl(batch, 0);
      const mayGo = transactions.onBatch(batch, { isControl: control });
      if (!control && !mayGo) {
        let looked = 0;
        for (const { key, offset } of iterateRecords(batch)) {
          looked += 1;
          if (looked % RECORDS_PER_STEP === 0) yield* this.#slice(0, RECORDS_PER_STEP);
          if (key === null || offset < firstDirtyOffset) continue;
          if (this.#offsets.size >= keysMax) return false;
          this.#offsets.put(key, offset);
        }
      }
      if (lastOffset(batch, 0) >= firstDirtyOffset) this.#offsets.latestOffset = lastOffset(batch, 0);
      yield* this.#slice(batch.length, 1);
    }
    return true;
  }

  /** Neighbours that fit into one segment together (Cleaner.groupSegmentsBySize). */
  #groups(segments: readonly Segment[]): Segment[][] {
    const { segmentBytes, segmentIndexBytes } = this.#log.settings;
    const groups: Segment[][] = [];
    let sizes = { log: 0, offsets: 0, times: 0 };
    for (const [index, segment] of segments.entries()) {
      const group = groups.at(-1);
      const log = sizes.log + segment.sizeInBytes;
      const offsets = sizes.offsets + segment.offsetIndex.count * OFFSET_INDEX_ENTRY_BYTES;
      const times = sizes.times + segment.timeIndex.count * TIME_INDEX_ENTRY_BYTES;
      const end = segments[index + 1]?.baseOffset ?? this.#options.range.firstUncleanableOffset;
      const fits =
        group !== undefined &&
        log <= segmentBytes &&
        offsets <= segmentIndexBytes &&
        times <= segmentIndexBytes &&
        (segment.sizeInBytes === 0 || end - 1 - group[0]!.baseOffset <= RELATIVE_OFFSET_MAX);
      if (fits) {
        group.push(segment);
        sizes = { log, offsets, times };
        continue;
      }
      groups.push([segment]);
      sizes = { log: log - sizes.log, offsets: offsets - sizes.offsets, times: times - sizes.times };
    }
    return groups;
  }

  *#cleanGroup(group: readonly Segment[], transactions: CleanedTransactions): Work<void> {
    const cleaned = new CleanedSegment(this.#target, group);
    try {
      transactions.onKept = entry => cleaned.segment.transactionIndex.append(entry);
      const rules = {
        offsets: this.#offsets,
        nowMs: this.#options.nowMs,
        deleteRetentionMs: this.#log.settings.deleteRetentionMs,
        slice: (records: number) => this.#slice(0, records),
      };
      for (const [index, segment] of group.entries()) {
        const end = group[index + 1]?.baseOffset ?? this.#endOf(segment);
        transactions.expect(this.#abortedBetween(segment.baseOffset, end));
        for (let at = 0; at < segment.sizeInBytes; ) {
          const batch = this.#batchAt(segment, at);
          at += batch.length;
          const mayGo = transactions.onBatch(batch, { isControl: isControl(batch, 0) });
          yield* cleaned.take(batch, mayGo, rules);
          yield* this.#slice(batch.length, 1);
        }
      }
      yield* cleaned.finish();
    } finally {
      cleaned.dispose();
    }
  }

  #endOf(segment: Segment): number {
    return this.#body.segments[this.#body.segments.indexOf(segment) + 1]!.baseOffset;
  }

  /** The aborted transactions with an offset in the range (UnifiedLog.collectAbortedTransactions). */
  #abortedBetween(from: number, to: number): AbortedTransactionEntry[] {
    const { segments } = this.#body;
    const found: AbortedTransactionEntry[] = [];
    const first = segmentsBetween(segments, from, from + 1)[0];
    for (const segment of first === undefined ? [] : segments.slice(segments.indexOf(first))) {
      for (const entry of segment.transactionIndex.entries()) {
        if (entry.lastOffset >= from && entry.firstOffset < to) found.push(entry);
        if (entry.lastStableOffset >= to) return found;
      }
    }
    return found;
  }

  /** A view, until the next call. */
  #batchAt(segment: Segment, position: number): Buffer {
    const cursor = this.#cursor;
    if (cursor.position + cursor.sizeInBytes !== position || this.#reading !== segment) {
      cursor.start(segment.file, position, segment.sizeInBytes);
      this.#reading = segment;
    }
    if (cursor.next() !== 'batch' || !verifyCrc(cursor.buffer, cursor.at))
      throw this.#damaged(segment, position);
    const batch = cursor.batch();
    if (baseOffset(batch, 0) < segment.baseOffset) throw this.#damaged(segment, position);
    return batch;
  }

  #reading: Segment | null = null;

  #damaged(segment: Segment, position: number): CleaningError {
    return new CleaningError(`${segment.file.path} is damaged at ${position}`);
  }

  *#slice(bytes: number, records: number): Work<void> {
    this.#sliceBytes += bytes;
    this.#sliceRecords += records;
    if (this.#sliceBytes < SLICE_BYTES && this.#sliceRecords < SLICE_RECORDS) return;
    const done = this.#sliceBytes;
    this.#sliceBytes = 0;
    this.#sliceRecords = 0;
    yield this.#options.pause(done);
    this.#target.check();
  }
}
