// Reading of one log: where an offset lies, how far a reader may look, and the bytes, lent from the tail or read into a
// pooled buffer. Whole batches from the one that holds the offset; the last may be cut at `maxBytes`, as Apache Kafka
// does. A read never goes on into the next segment. Bytes that come from the disk are checked the first time: what does
// not check is never lent, the reader goes on behind it.

import type { LogContext } from './log-context.ts';
import type { LogTail } from './log-tail.ts';
import type { AbortedTransaction, LogSlice, ReadOutcome } from './outcomes.ts';
import { LARGE_BYTES } from './read-pool.ts';
import type { Segment } from './segment.ts';
import { findSound, type OnHole, type SoundOptions, soundEnd } from './sound-range.ts';

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
  if (range.offset >= range.endOffset) return emptySlice(range.collectsAborted);
  for (let index = segmentIndexOf(log.segments, range.offset); index < log.segments.length; index++) {
    const segment = log.segments[index]!;
    const sound = { endOffset: endOffsetOf(log, index), onHole };
    const start = findSound(segment, range.offset, sound);
    if (start === null) continue;
    const endPosition = endPositionIn(segment, range.endOffset, sound);
    const wanted = range.atLeastOneBatch ? Math.max(range.maxBytes, start.sizeInBytes) : range.maxBytes;
    const wantedEnd = Math.min(start.position + wanted, endPosition);
    if (wantedEnd <= start.position) return emptySlice(range.collectsAborted);
    const size = soundEnd(segment, { from: start.position, to: wantedEnd }, sound) - start.position;
    const aborted = range.collectsAborted
      ? abortedIn(log, index, { fromOffset: range.offset, endPosition: start.position + size })
      : null;
    return sliceOf(log, segment, { position: start.position, size, aborted });
  }
  return emptySlice(range.collectsAborted);
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
  log: LogParts,
  segment: Segment,
  part: {
    readonly position: number;
    readonly size: number;
    readonly aborted: readonly AbortedTransaction[] | null;
  },
): LogSlice {
  const isActive = segment === log.segments.at(-1);
  const lent = isActive ? log.tail.lend(part.position, part.size) : null;
  if (lent !== null) {
    return {
      error: null,
      buffers: [lent.bytes],
      sizeInBytes: part.size,
      abortedTransactions: part.aborted,
      release: lent.release,
    };
  }
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
  const release = (): void => {
    for (const buffer of pooled) log.context.reads.giveBack(buffer);
    pooled.length = 0;
  };
  const sizeInBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  return { error: null, buffers, sizeInBytes, abortedTransactions: part.aborted, release };
}

/** The aborted transactions that overlap the slice, by first offset (LocalLog.addAbortedTransactions). */
function abortedIn(
  log: LogParts,
  index: number,
  slice: { readonly fromOffset: number; readonly endPosition: number },
): readonly AbortedTransaction[] {
  const upper =
    log.segments[index]!.offsetIndex.offsetAtOrBehind(slice.endPosition) ??
    log.segments[index + 1]?.baseOffset ??
    log.logEndOffset;
  const found: AbortedTransaction[] = [];
  search: for (let at = index; at < log.segments.length; at++) {
    for (const entry of log.segments[at]!.transactionIndex.entries()) {
      if (entry.lastOffset >= slice.fromOffset && entry.firstOffset < upper) {
        found.push({ producerId: entry.producerId, firstOffset: entry.firstOffset });
      }
      // All that begin in the slice have ended by here.
      if (entry.lastStableOffset >= upper) break search;
    }
  }
  if (found.length === 0) return NO_TRANSACTIONS;
  return found.sort((a, b) => a.firstOffset - b.firstOffset);
}
