// Reads one segment whole, as after a kill -9: every batch is checked (length, CRC, offsets), the indexes are built anew,
// producers and leader epochs follow along (LogSegment.recover). The first bytes that do not check end the log, because
// above the recovery point they can only be a write that did not finish. Below the recovery point they are damage to data
// that was safe: they are left where they are, reported, and reading goes on behind them.
// Segments that are not read at start are checked when they are first served (sound-range.ts).

import {
  BATCH_OVERHEAD,
  baseOffset,
  CURRENT_MAGIC,
  lastOffset,
  magic,
  maxTimestamp,
  partitionLeaderEpoch,
  sizeInBytes,
  verifyCrc,
} from '../../protocol/records/batch-header.ts';
import { BatchCursor } from './batch-cursor.ts';
import { producedBatch } from './batch-facts.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import type { ProducerState } from './producer-state.ts';
import type { Hole, Segment } from './segment.ts';

const BUFFER_BYTES = 1024 * 1024;
/** How far behind damage a next batch is looked for: a batch and its damaged length lie well inside. */
const RESYNC_BYTES_MAX = 128 * 1024 * 1024;

/** Recoveries run one after another; the memory is shared and given back when the store is open. */
let cursor: BatchCursor | null = null;

export function releaseRecoveryMemory(): void {
  cursor = null;
}

export interface SegmentRecovery {
  readonly endOffset: number;
  /** Where valid data ends; the file may be longer. */
  readonly endPosition: number;
  readonly holes: readonly Hole[];
}

export interface RecoveryState {
  readonly producers: ProducerState;
  readonly epochs: LeaderEpochs;
  readonly recoveryPoint: number;
  readonly indexIntervalBytes: number;
  /** No batch of the segment ends behind: the next segment begins there. */
  readonly endOffsetMax?: number;
}

export function recoverSegment(segment: Segment, fileBytes: number, state: RecoveryState): SegmentRecovery {
  cursor ??= new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  const holes: Hole[] = [];
  const { endOffsetMax = Number.POSITIVE_INFINITY } = state;
  segment.resetIndexes({ haveFiles: true });
  cursor.start(segment.file, 0, fileBytes);
  let nextOffset = segment.baseOffset;
  for (;;) {
    const step = cursor.next();
    if (step === 'end') break;
    const isRight =
      step === 'batch' &&
      isValid(cursor, segment, nextOffset) &&
      lastOffset(cursor.buffer, cursor.at) < endOffsetMax &&
      !overtakes(cursor, segment, nextOffset);
    if (isRight) {
      nextOffset = takeBatch(cursor, segment, state);
      continue;
    }
    if (nextOffset >= state.recoveryPoint) break;
    const position = cursor.position;
    const next = nextValidPosition(segment, { position, end: fileBytes, nextOffset });
    if (next === null) break;
    holes.push({ position, endPosition: next, offset: nextOffset });
    segment.skipTo(next);
    cursor.start(segment.file, next, fileBytes);
  }
  segment.holes = holes;
  return { endOffset: nextOffset, endPosition: segment.sizeInBytes, holes };
}

const successor = new BatchCursor({ bufferBytes: BATCH_OVERHEAD, wholeBatches: true });

/**
 * The base offset lies outside the checksum. A batch that leaves a gap and is followed by a valid one that lies in the gap
 * has a damaged base offset, and not the one behind it: offsets only ever grow.
 */
export function overtakes(at: BatchCursor, segment: Segment, nextOffset: number): boolean {
  if (baseOffset(at.buffer, at.at) === nextOffset) return false;
  const end = Math.max(segment.sizeInBytes, at.end);
  successor.start(segment.source, at.position + at.sizeInBytes, end);
  if (successor.next() !== 'batch') return false;
  return (
    baseOffset(successor.buffer, successor.at) <= lastOffset(at.buffer, at.at) &&
    isValid(successor, segment, nextOffset)
  );
}

export function isValid({ buffer, at }: BatchCursor, segment: Segment, nextOffset: number): boolean {
  const first = baseOffset(buffer, at);
  const last = lastOffset(buffer, at);
  return first >= nextOffset && last >= first && segment.offsetIndex.canHold(last) && verifyCrc(buffer, at);
}

function takeBatch({ buffer, at, sizeInBytes }: BatchCursor, segment: Segment, state: RecoveryState): number {
  const first = baseOffset(buffer, at);
  const last = lastOffset(buffer, at);
  const epoch = partitionLeaderEpoch(buffer, at);
  if (epoch > state.epochs.latest) state.epochs.assign(epoch, first);
  const produced = producedBatch(buffer, at);
  if (produced !== null) {
    const completed = state.producers.apply(produced, first);
    if (completed?.isAborted === true) segment.transactionIndex.append(completed);
  }
  segment.book(
    { sizeInBytes, lastOffset: last, maxTimestamp: maxTimestamp(buffer, at) },
    state.indexIntervalBytes,
  );
  return last + 1;
}

/**
 * The next place behind the damaged batch at `position` where a valid one begins: where its length says, or else found byte
 * by byte; null when there is none within the bound.
 */
export function nextValidPosition(
  segment: Segment,
  damaged: { readonly position: number; readonly end: number; readonly nextOffset: number },
): number | null {
  const probe = new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  probe.start(segment.source, damaged.position, damaged.end);
  if (probe.next() === 'batch' && probe.next() === 'batch' && isValid(probe, segment, damaged.nextOffset))
    return probe.position;
  const from = { ...damaged, position: damaged.position + 1 };
  const end = Math.min(from.end, from.position + RESYNC_BYTES_MAX);
  const window = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  for (let start = from.position; start + BATCH_OVERHEAD <= end; start += window.length - BATCH_OVERHEAD) {
    const got = segment.source.read(window.subarray(0, Math.min(window.length, from.end - start)), start);
    for (let at = 0; at + BATCH_OVERHEAD <= got; at++) {
      if (!mayBeBatch(window, at, from.end - start)) continue;
      probe.start(segment.source, start + at, from.end);
      if (probe.next() === 'batch' && isValid(probe, segment, from.nextOffset)) return start + at;
    }
  }
  return null;
}

/** The cheap half of the test: offsets stay below 2^56, so a base offset begins with a zero byte. */
function mayBeBatch(window: Buffer, at: number, end: number): boolean {
  if (window[at] !== 0 || magic(window, at) !== CURRENT_MAGIC) return false;
  const size = sizeInBytes(window, at);
  return size >= BATCH_OVERHEAD && at + size <= end;
}

/** Producers and epochs as the batches of a segment say, headers only: for what is known to be good. */
export function replaySegment(
  segment: Segment,
  range: { readonly from: number; readonly to: number },
  state: RecoveryState,
): void {
  const start = segment.find(range.from);
  if (start === null || start === 'damaged') return;
  cursor ??= new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  const end = segment.sizeInBytes;
  cursor.start(segment.source, start.position, end);
  for (;;) {
    const step = cursor.next();
    if (step === 'end') return;
    if (step === 'damaged') {
      const next = nextValidPosition(segment, { position: cursor.position, end, nextOffset: range.from });
      if (next === null) return;
      cursor.start(segment.source, next, end);
      continue;
    }
    const first = baseOffset(cursor.buffer, cursor.at);
    if (first >= range.to) return;
    const epoch = partitionLeaderEpoch(cursor.buffer, cursor.at);
    if (epoch > state.epochs.latest) state.epochs.assign(epoch, first);
    const produced = producedBatch(cursor.buffer, cursor.at);
    if (produced !== null) state.producers.apply(produced, first);
  }
}
