// One segment (LogSegment): `<base offset in 20 digits>.log`, whole record batches (protocol/records/batch-header.ts) one behind
// the other with nothing between them, and the indexes beside it. Offsets ascend; the first is not below the one in the name,
// and the last at most 2^31-1 above it. Offsets may be missing, where compaction or DeleteRecords took them. A process that
// was killed leaves an unfinished batch or zeros at the end of the last segment of a partition, which is the active one.
// It knows where in the file a batch belongs and what the indexes say; the bytes come from the tail of the log while it
// is the active one. It never reads a length without a bound, and never writes an index entry for bytes not appended.

import {
  baseOffset as baseOffsetAt,
  lastOffset as lastOffsetAt,
  maxTimestamp as maxTimestampAt,
} from '../../protocol/records/batch-header.ts';
import type { StorageClock } from '../clock.ts';
import type { CachedFile, FileCache } from '../fs/file-cache.ts';
import type { ByteSource } from './batch-cursor.ts';
import { BatchCursor } from './batch-cursor.ts';
import type { LogSettings } from './log-settings.ts';
import { OffsetIndex } from './offset-index.ts';
import {
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetName,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from './segment-names.ts';
import { ServedEnds } from './served-ends.ts';
import { TimeIndex } from './time-index.ts';
import { TransactionIndex } from './transaction-index.ts';

/** Kafka's positions are int32. */
export const SEGMENT_BYTES_MAX = 2 ** 31 - 1;
/** index.interval.bytes, for an index built anew outside recovery. */
const DEFAULT_INDEX_INTERVAL_BYTES = 4096;
/** Two index intervals: most searches read once. */
const SEARCH_BUFFER_BYTES = 8192;

/** Searches are synchronous, so all segments share one. */
const search = new BatchCursor({ bufferBytes: SEARCH_BUFFER_BYTES, wholeBatches: false });

export interface BatchPosition {
  readonly position: number;
  readonly sizeInBytes: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
}

/** Damaged bytes: no batch in them can be trusted, those behind them can. */
export interface Hole {
  readonly position: number;
  readonly endPosition: number;
  /** First offset that is missing. */
  readonly offset: number;
}

export interface RollDemand {
  readonly sizeInBytes: number;
  readonly maxTimestamp: number;
  readonly lastOffset: number;
  /** Asked only when the records have no times. */
  readonly clock: StorageClock;
}

export interface SegmentPlace {
  readonly directory: string;
  readonly baseOffset: number;
  readonly sizeInBytes: number;
  readonly nowMs: number;
  /** There are no files yet. */
  readonly isNew: boolean;
  /** Behind the names of its files, while it is not in place (`.cleaned`). */
  readonly suffix?: string;
}

export class Segment {
  readonly baseOffset: number;
  readonly file: CachedFile;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  readonly transactionIndex: TransactionIndex;
  /** Where bytes of the segment are read: the file, or for the active one the log's tail first. */
  source: ByteSource;
  /** With what is appended and not yet written. */
  sizeInBytes: number;
  /** -1 when no batch has one. */
  maxTimestamp = -1;
  /** Last offset of the batch that has the largest timestamp. */
  offsetOfMaxTimestamp: number;
  readonly createdMs: number;
  /** How much of segment.jitter.ms this segment rolls earlier, in [0, 1). */
  jitterShare = 0;
  /** Found so far, ascending. */
  holes: readonly Hole[] = [];
  /** Bytes whose checksums were found right since the start: one stretch, as consumers read. Its next offset: -1 when not known. */
  checked = { from: 0, to: 0, nextOffset: -1 };
  readonly #files: FileCache;
  readonly #path: (suffix: string) => string;
  #suffix: string;
  #bytesSinceIndexEntry = 0;
  #firstBatchTimestamp: number | null = null;
  #indexesAreChecked = false;
  #servedEnds: ServedEnds | null = null;

  constructor(files: FileCache, place: SegmentPlace) {
    this.#files = files;
    this.#suffix = place.suffix ?? '';
    this.#path = (suffix: string): string => `${place.directory}/${offsetName(place.baseOffset, suffix)}`;
    const path = (suffix: string): string => this.#path(suffix) + this.#suffix;
    this.baseOffset = place.baseOffset;
    this.file = files.file(path(LOG_SUFFIX));
    this.source = this.file;
    this.offsetIndex = new OffsetIndex(files.file(path(OFFSET_INDEX_SUFFIX)), place.baseOffset);
    this.timeIndex = new TimeIndex(files.file(path(TIME_INDEX_SUFFIX)), place.baseOffset);
    this.transactionIndex = new TransactionIndex(
      files.fileSystem,
      files.file(path(TRANSACTION_INDEX_SUFFIX)),
    );
    this.sizeInBytes = place.sizeInBytes;
    this.offsetOfMaxTimestamp = place.baseOffset;
    this.createdMs = place.nowMs;
    if (place.isNew) this.resetIndexes({ haveFiles: false });
  }

  /** Makes the file of a new segment, empty whatever was there. */
  create(): void {
    this.file.truncate(0);
  }

  shouldRoll(demand: RollDemand, settings: LogSettings): boolean {
    if (this.sizeInBytes > Math.min(settings.segmentBytes, SEGMENT_BYTES_MAX) - demand.sizeInBytes)
      return true;
    if (!this.offsetIndex.canHold(demand.lastOffset)) return true;
    if (this.sizeInBytes === 0) return false;
    if (this.#waitedMs(demand) > rollMs(settings, this.jitterShare)) return true;
    return (
      this.offsetIndex.isFull(settings.segmentIndexBytes) || this.timeIndex.isFull(settings.segmentIndexBytes)
    );
  }

  /** Message time from the first batch on, where batches have times; else the age of the segment. */
  #waitedMs({ maxTimestamp, clock }: RollDemand): number {
    const first = this.firstBatchTimestamp();
    return first >= 0 ? maxTimestamp - first : clock.nowMs() - this.createdMs;
  }

  firstBatchTimestamp(): number {
    if (this.#firstBatchTimestamp === null) {
      search.start(this.source, 0, this.sizeInBytes);
      if (search.next() !== 'batch') return -1;
      this.#firstBatchTimestamp = maxTimestampAt(search.buffer, search.at);
    }
    return this.#firstBatchTimestamp;
  }

  /** Books a batch at the end. The caller has put the bytes there. */
  book(
    batch: { readonly sizeInBytes: number; readonly lastOffset: number; readonly maxTimestamp: number },
    indexIntervalBytes: number,
  ): void {
    this.#firstBatchTimestamp ??= batch.maxTimestamp;
    if (batch.maxTimestamp > this.maxTimestamp) {
      this.maxTimestamp = batch.maxTimestamp;
      this.offsetOfMaxTimestamp = batch.lastOffset;
    }
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(batch.lastOffset, this.sizeInBytes);
      this.timeIndex.maybeAppend(this.maxTimestamp, this.offsetOfMaxTimestamp);
      this.#bytesSinceIndexEntry = 0;
    }
    this.sizeInBytes += batch.sizeInBytes;
    this.#bytesSinceIndexEntry += batch.sizeInBytes;
  }

  /** Recovery goes on behind damaged bytes: the batch after them gets an index entry, so that it can be found. */
  skipTo(position: number): void {
    this.sizeInBytes = position;
    this.#bytesSinceIndexEntry = Number.MAX_SAFE_INTEGER;
  }

  /** Forgets everything but the file: the caller books the batches again. */
  resetIndexes(options: { readonly haveFiles: boolean }): void {
    this.offsetIndex.reset();
    this.timeIndex.reset();
    this.transactionIndex.reset({ hasFile: options.haveFiles });
    this.#indexesAreChecked = true;
    this.#startBooks();
  }

  #startBooks(): void {
    this.sizeInBytes = 0;
    this.maxTimestamp = -1;
    this.offsetOfMaxTimestamp = this.baseOffset;
    this.#bytesSinceIndexEntry = 0;
    this.#firstBatchTimestamp = null;
  }

  /** Takes the indexes as the file has them. Answers the next offset, or null when the end of the file is not a batch. */
  loadEnd(): number | null {
    this.#checkIndexes();
    this.maxTimestamp = this.timeIndex.lastTimestamp();
    this.offsetOfMaxTimestamp = this.timeIndex.lastOffset();
    let nextOffset = this.baseOffset;
    search.start(this.source, Math.min(this.offsetIndex.lastPosition(), this.sizeInBytes), this.sizeInBytes);
    for (;;) {
      const step = search.next();
      if (step === 'end') return nextOffset;
      if (step === 'damaged') return null;
      const lastOffset = lastOffsetAt(search.buffer, search.at);
      if (lastOffset < nextOffset) return null;
      nextOffset = lastOffset + 1;
      const timestamp = maxTimestampAt(search.buffer, search.at);
      if (timestamp > this.maxTimestamp) {
        this.maxTimestamp = timestamp;
        this.offsetOfMaxTimestamp = lastOffset;
      }
    }
  }

  /**
   * Takes the indexes as the files have them up to the offset, where a batch must end; answers the position there, from which
   * on the caller books the batches. Null, and nothing can be relied on, when indexes or batches say otherwise.
   */
  resumeAt(offset: number): number | null {
    const { offsetIndex, timeIndex, transactionIndex } = this;
    if (!transactionIndex.isSane(this.baseOffset)) return null;
    for (const index of [offsetIndex, timeIndex, transactionIndex]) index.truncateTo(offset);
    if (!offsetIndex.isSane(this.sizeInBytes) || !timeIndex.isSane()) return null;
    this.#indexesAreChecked = true;
    this.maxTimestamp = timeIndex.lastTimestamp();
    this.offsetOfMaxTimestamp = timeIndex.lastOffset();
    const from = offsetIndex.lastPosition();
    search.start(this.source, from, this.sizeInBytes);
    for (let isFirst = true; search.next() === 'batch'; isFirst = false) {
      const lastOffset = lastOffsetAt(search.buffer, search.at);
      if (isFirst && offsetIndex.count > 0 && lastOffset !== offsetIndex.lastOffset()) return null;
      if (maxTimestampAt(search.buffer, search.at) > this.maxTimestamp) {
        this.maxTimestamp = maxTimestampAt(search.buffer, search.at);
        this.offsetOfMaxTimestamp = lastOffset;
      }
      if (lastOffset + 1 < offset) continue;
      const position = search.position + search.sizeInBytes;
      this.#bytesSinceIndexEntry = position - from;
      return lastOffset + 1 === offset ? position : null;
    }
    return null;
  }

  /** Built anew from the batches, when the files are missing or cannot be right. The transaction index needs producers and stays. */
  rebuildIndexes(indexIntervalBytes: number): void {
    const end = this.sizeInBytes;
    this.offsetIndex.reset();
    this.timeIndex.reset();
    this.#indexesAreChecked = true;
    this.#startBooks();
    search.start(this.source, 0, end);
    while (search.next() === 'batch') {
      const lastOffset = lastOffsetAt(search.buffer, search.at);
      this.book(
        {
          sizeInBytes: search.sizeInBytes,
          lastOffset,
          maxTimestamp: maxTimestampAt(search.buffer, search.at),
        },
        indexIntervalBytes,
      );
    }
    this.sizeInBytes = end;
    this.forceTimeIndexEntry();
  }

  /** Once per segment, when its indexes are first needed. */
  #checkIndexes(): void {
    if (this.#indexesAreChecked) return;
    this.#indexesAreChecked = true;
    if (!this.offsetIndex.isSane(this.sizeInBytes) || !this.timeIndex.isSane())
      this.rebuildIndexes(DEFAULT_INDEX_INTERVAL_BYTES);
  }

  /** The next batch of the search that lies in no hole. */
  #nextFound(): ReturnType<BatchCursor['next']> {
    if (this.holes.length > 0) {
      const next = search.position + search.sizeInBytes;
      const hole = this.holes.find(({ position, endPosition }) => position <= next && next < endPosition);
      if (hole !== undefined) search.start(this.source, hole.endPosition, search.end);
    }
    return search.next();
  }

  /** Where the last search met damage. */
  get damagedPosition(): number {
    return search.position;
  }

  get servedEnds(): ServedEnds {
    this.#servedEnds ??= new ServedEnds();
    return this.#servedEnds;
  }

  /** Where the batch with the offset begins, when readers came by there; else -1. */
  rememberedPosition(offset: number): number {
    if (offset === this.checked.nextOffset) return this.checked.to;
    return this.#servedEnds === null ? -1 : this.#servedEnds.positionOf(offset);
  }

  addHole(hole: Hole): void {
    this.holes = [...this.holes, hole].sort((a, b) => a.position - b.position);
  }

  /** The first batch whose last offset is at or above the offset; null at the end; `damaged` when the way there is. */
  find(offset: number): BatchPosition | null | 'damaged' {
    this.#checkIndexes();
    search.start(this.source, this.offsetIndex.positionFor(offset), this.sizeInBytes);
    for (;;) {
      const step = this.#nextFound();
      if (step !== 'batch') return step === 'end' ? null : 'damaged';
      const baseOffset = baseOffsetAt(search.buffer, search.at);
      const lastOffset = lastOffsetAt(search.buffer, search.at);
      if (lastOffset >= offset) return found(baseOffset, lastOffset);
    }
  }

  /** The first batch from the position on with a timestamp at or above, ending at or above the offset. */
  findTimestamp(timestamp: number, startOffset: number): BatchPosition | null {
    this.#checkIndexes();
    const from = Math.max(this.timeIndex.offsetFor(timestamp), startOffset);
    search.start(this.source, this.offsetIndex.positionFor(from), this.sizeInBytes);
    while (this.#nextFound() === 'batch') {
      const baseOffset = baseOffsetAt(search.buffer, search.at);
      const lastOffset = lastOffsetAt(search.buffer, search.at);
      if (lastOffset >= startOffset && maxTimestampAt(search.buffer, search.at) >= timestamp)
        return found(baseOffset, lastOffset);
    }
    return null;
  }

  /** -1 when no batch has one. Loads the time index of a closed segment. */
  largestTimestamp(): number {
    if (this.maxTimestamp < 0) {
      this.maxTimestamp = this.timeIndex.lastTimestamp();
      this.offsetOfMaxTimestamp = this.timeIndex.lastOffset();
    }
    return this.maxTimestamp;
  }

  /** At roll and at close: the last time index entry is the segment's largest timestamp. */
  forceTimeIndexEntry(): void {
    if (this.maxTimestamp >= 0) this.timeIndex.maybeAppend(this.maxTimestamp, this.offsetOfMaxTimestamp);
  }

  saveIndexes(): void {
    this.offsetIndex.save();
    this.timeIndex.save();
    this.transactionIndex.save();
  }

  get hasUnsavedIndexes(): boolean {
    return (
      this.offsetIndex.hasUnsavedEntries ||
      this.timeIndex.hasUnsavedEntries ||
      this.transactionIndex.hasUnsavedEntries
    );
  }

  /** The index files there are. */
  indexFiles(): CachedFile[] {
    const files = [this.offsetIndex.file, this.timeIndex.file];
    if (this.transactionIndex.entries().length > 0) files.push(this.transactionIndex.file);
    return files;
  }

  unloadIndexes(): void {
    this.offsetIndex.unload();
    this.timeIndex.unload();
  }

  /** Forgets what was booked from `offset`, at `position`, on. */
  truncate(offset: number, position: number): void {
    this.offsetIndex.truncateTo(offset);
    this.timeIndex.truncateTo(offset);
    this.transactionIndex.truncateTo(offset);
    this.sizeInBytes = position;
    this.checked = { from: 0, to: 0, nextOffset: -1 };
    this.#servedEnds = null;
    this.#bytesSinceIndexEntry = 0;
    if (position === 0) this.#firstBatchTimestamp = null;
    this.loadEnd();
  }

  /** When its last record was written, as far as is known: where records have no times, the file's. */
  lastWrittenMs(): number {
    if (this.maxTimestamp < 0) {
      this.#checkIndexes();
      this.largestTimestamp();
      // Asked of the oldest segment of every log: their indexes must not all stay in memory.
      this.unloadIndexes();
    }
    if (this.maxTimestamp >= 0) return this.maxTimestamp;
    return Math.max(this.createdMs, this.#files.fileSystem.stat(this.file.path)?.modifiedMs ?? 0);
  }

  /**
   * Gives the .log another suffix. First and alone: after a crash the other files are taken for what the .log's name says,
   * so the directory is synced before `renameIndexes` follows.
   */
  renameLog(suffix: string): void {
    this.file.rename(this.#path(LOG_SUFFIX) + suffix);
    this.#suffix = suffix;
  }

  /** To the suffix that the .log has. Answers the paths of all its files, also of those that there are not. */
  renameIndexes(): string[] {
    const files = [
      [this.offsetIndex.file, OFFSET_INDEX_SUFFIX],
      [this.timeIndex.file, TIME_INDEX_SUFFIX],
      [this.transactionIndex.file, TRANSACTION_INDEX_SUFFIX],
    ] as const;
    for (const [file, suffix] of files) file.rename(this.#path(suffix) + this.#suffix);
    return [this.file, ...files.map(([file]) => file)].map(({ path }) => path);
  }

  close(): void {
    for (const file of [this.file, this.offsetIndex, this.timeIndex, this.transactionIndex.file])
      file.close();
  }
}

/** segment.ms, earlier where records must become compactable in time (LogConfig.maxSegmentMs), and spread by the jitter. */
function rollMs(settings: LogSettings, jitterShare: number): number {
  const { segmentMs, segmentJitterMs, maxCompactionLagMs, cleanupPolicy } = settings;
  const bounded = cleanupPolicy.includes('compact') && maxCompactionLagMs > 0;
  const longestMs = bounded ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs;
  return longestMs - Math.floor(jitterShare * Math.min(segmentJitterMs, segmentMs));
}

function found(baseOffset: number, lastOffset: number): BatchPosition {
  const { position, sizeInBytes } = search;
  return {
    position,
    sizeInBytes,
    baseOffset,
    lastOffset,
    maxTimestamp: maxTimestampAt(search.buffer, search.at),
  };
}

export function damageText(segment: Segment, hole: Hole): string {
  return (
    `${hole.endPosition - hole.position} bytes of ${segment.file.path} at ${hole.position} are damaged: records from offset ${hole.offset} on cannot be read, those behind them can. ` +
    'Check the disk; restore the partition from a backup if these records matter.'
  );
}
