// Reading of one log: where an offset lies, how far a reader may look, and the bytes, lent from the tail or read into a
// pooled buffer. Whole batches from the one that holds the offset; the last may be cut at `maxBytes`, as Apache Kafka
// does. A read never goes on into the next segment. Bytes that come from the disk are checked the first time: what does
// not check is never lent, the reader goes on behind it. The quick way (sound-read.ts) serves what is beyond doubt.

import type { LogContext } from './log-context.ts';
import type { LogTail } from './log-tail.ts';
import type { AbortedTransaction, LogSlice, ReadOutcome } from './outcomes.ts';
import { LARGE_BYTES } from './read-pool.ts';
import type { Segment } from './segment.ts';
import { findSound, type OnHole, type SoundOptions, soundEnd } from './sound-range.ts';
import { readSound, type SoundBytes } from './sound-read.ts';

export interface ReadRange {
  readonly offset: number;
  /** Exclusive; the slice ends before the batch that holds it. */
  readonly endOffset: number;
  readonly maxBytes: number;
  readonly atLeastOneBatch: boolean;
  readonly collectsAborted: boolean;
}

export interface LogParts {
  readonly context: LogContext;
  readonly segments: readonly Segment[];
  readonly tail: LogTail;
  readonly logEndOffset: number;
}

const NOTHING: readonly Buffer[] = [];
const NO_TRANSACTIONS: readonly AbortedTransaction[] = [];
const nothingToRelease = (): void => {};

export function emptySlice(collectsAborted: boolean): LogSlice {
  return {
    error: null,
    buffers: NOTHING,
    sizeInBytes: 0,
    abortedTransactions: collectsAborted ? NO_TRANSACTIONS : null,
    release: nothingToRelease,
  };
}

/** The index of the segment that holds the offset, or the first. */
export function segmentIndexOf(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.baseOffset <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** `onHole` hears of damage that nobody knew of. */
export function readSlice(log: LogParts, range: ReadRange, onHole: OnHole): ReadOutcome {
  const isNothing = range.maxBytes === 0 && !range.atLeastOneBatch;
  if (range.offset >= range.endOffset || isNothing) return emptySlice(range.collectsAborted);
  for (let index = segmentIndexOf(log.segments, range.offset); index < log.segments.length; index++) {
    const sound = { endOffset: endOffsetOf(log, index), onHole };
    const slice = readQuickly(log, index, range, sound) ?? readCarefully(log, index, range, sound);
    if (slice !== null) return slice;
  }
  return emptySlice(range.collectsAborted);
}

/** What is in memory, or in the file and beyond doubt; null when there is nothing, or something to find out. */
function readQuickly(log: LogParts, index: number, range: ReadRange, sound: SoundOptions): LogSlice | null {
  const segment = log.segments[index]!;
  const remembered = segment.rememberedPosition(range.offset);
  let position = remembered;
  if (position < 0) {
    const found = segment.find(range.offset);
    if (found === null || found === 'damaged') return null;
    position = found.position;
  }
  if (position >= segment.sizeInBytes) return null;
  const isInMemory = position >= (segment.source.memoryFrom ?? Number.POSITIVE_INFINITY);
  const bytes = isInMemory
    ? lendTail(log, position, range, sound)
    : readSound(segment, log.context.reads, { ...range, position, segmentEndOffset: sound.endOffset });
  if (bytes !== null) {
    const endPosition = position + bytes.sizeInBytes;
    return sliceOf(bytes, abortedIn(log, index, { range, endPosition }));
  }
  // What is remembered is where the batch must be: a search would pass over one whose offsets are damaged.
  if (remembered >= 0 && !isInMemory) soundEnd(segment, { from: position, to: position + 1 }, sound);
  return null;
}

/** Looks at what is there, batch by batch, and reports damage; null when the segment has nothing at or behind the offset. */
function readCarefully(log: LogParts, index: number, range: ReadRange, sound: SoundOptions): LogSlice | null {
  const segment = log.segments[index]!;
  const start = findSound(segment, range.offset, sound);
  if (start === null) return null;
  const endPosition = endPositionIn(segment, range.endOffset, sound);
  const wanted = range.atLeastOneBatch ? Math.max(range.maxBytes, start.sizeInBytes) : range.maxBytes;
  const wantedEnd = Math.min(start.position + wanted, endPosition);
  if (wantedEnd <= start.position) return emptySlice(range.collectsAborted);
  const end = soundEnd(segment, { from: start.position, to: wantedEnd }, sound);
  const bytes = readBytes(log, segment, { position: start.position, size: end - start.position });
  return sliceOf(bytes, abortedIn(log, index, { range, endPosition: end }));
}

function endOffsetOf(log: LogParts, index: number): number {
  return log.segments[index + 1]?.baseOffset ?? log.logEndOffset;
}

/** Where the offset begins in the segment, or its end when the offset lies behind. */
function endPositionIn(segment: Segment, endOffset: number, sound: SoundOptions): number {
  if (endOffset >= sound.endOffset) return segment.sizeInBytes;
  return findSound(segment, endOffset, sound)?.position ?? segment.sizeInBytes;
}

function sliceOf(
  { buffers, sizeInBytes, release }: SoundBytes,
  abortedTransactions: readonly AbortedTransaction[] | null,
): LogSlice {
  return { error: null, buffers, sizeInBytes, abortedTransactions, release };
}

/** The bytes themselves, from a position on that is in memory. */
function lendTail(log: LogParts, position: number, range: ReadRange, sound: SoundOptions): SoundBytes | null {
  const segment = log.segments.at(-1)!;
  const endPosition = endPositionIn(segment, range.endOffset, sound);
  const first = range.atLeastOneBatch ? log.tail.batchSizeAt(position) : 0;
  const end = Math.min(position + Math.max(range.maxBytes, first), endPosition);
  const lent = log.tail.lend(position, end - position);
  if (lent === null || end <= position) return null;
  if (end === segment.sizeInBytes)
    segment.servedEnds.note({ from: range.offset, offset: log.logEndOffset, position: end });
  return { buffers: [lent.bytes], sizeInBytes: end - position, release: lent.release };
}

function readBytes(
  log: LogParts,
  segment: Segment,
  part: { readonly position: number; readonly size: number },
): SoundBytes {
  const pooled: Buffer[] = [];
  const buffers: Buffer[] = [];
  for (let done = 0; done < part.size; ) {
    const wanted = Math.min(LARGE_BYTES, part.size - done);
    const buffer = log.context.reads.take(wanted);
    pooled.push(buffer);
    const got = segment.source.read(buffer.subarray(0, wanted), part.position + done);
    buffers.push(buffer.subarray(0, got));
    done += got;
    // The file is shorter than it was when it was opened: give what is there.
    if (got < wanted) break;
  }
  const release = (): void => log.context.reads.giveBackAll(pooled);
  const sizeInBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  return { buffers, sizeInBytes, release };
}

/** The aborted transactions that overlap the slice, by first offset (LocalLog.addAbortedTransactions). */
function abortedIn(
  log: LogParts,
  index: number,
  slice: { readonly range: ReadRange; readonly endPosition: number },
): readonly AbortedTransaction[] | null {
  const { offset, collectsAborted } = slice.range;
  if (!collectsAborted) return null;
  const upper =
    log.segments[index]!.offsetIndex.offsetAtOrBehind(slice.endPosition) ??
    log.segments[index + 1]?.baseOffset ??
    log.logEndOffset;
  const found: AbortedTransaction[] = [];
  search: for (let at = index; at < log.segments.length; at++) {
    for (const entry of log.segments[at]!.transactionIndex.entries()) {
      if (entry.lastOffset >= offset && entry.firstOffset < upper) {
        found.push({ producerId: entry.producerId, firstOffset: entry.firstOffset });
      }
      // All that begin in the slice have ended by here.
      if (entry.lastStableOffset >= upper) break search;
    }
  }
  if (found.length === 0) return NO_TRANSACTIONS;
  return found.sort((a, b) => a.firstOffset - b.firstOffset);
}
