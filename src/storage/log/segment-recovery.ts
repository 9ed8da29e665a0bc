// Reads one segment, as after a kill -9, whole or from where active-saving.ts vouches for what lies before: every batch is
// checked (length, CRC, offsets), but for large ones below the recovery point, which synced-batches.ts passes over; the
// indexes are built anew, producers and leader epochs follow along (LogSegment.recover). Above the recovery point the first
// bytes that do not check end the log: a write that did not finish, unless one wrong byte is all that is wrong with a batch
// (flipped-byte.ts). That, and whatever does not check below the recovery point, is damage: it is left where it is, reported,
// and reading goes on behind it. What is not read at start is checked when it is first served (sound-range.ts).

import {
  baseOffset,
  lastOffset,
  maxTimestamp,
  partitionLeaderEpoch,
} from '../../protocol/records/batch-header.ts';
import { BatchCursor } from './batch-cursor.ts';
import { producedBatch } from './batch-facts.ts';
import { type Behind, behindFlipped } from './flipped-byte.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import { isValid, nextValidPosition, overtakes } from './next-batch.ts';
import type { ProducerState } from './producer-state.ts';
import type { Hole, Segment } from './segment.ts';
import { type BatchView, passSynced, wasSynced } from './synced-batches.ts';

const BUFFER_BYTES = 1024 * 1024;

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
  /** All of it was on disk when the recovery point was written. */
  readonly isSynced: boolean;
}

export interface RecoveryState {
  readonly producers: ProducerState;
  readonly epochs: LeaderEpochs;
  readonly recoveryPoint: number;
  readonly indexIntervalBytes: number;
  /** No batch of the segment ends behind: the next segment begins there. */
  readonly endOffsetMax?: number;
  /** Before it nothing has to be read: indexes and producers are known up to here. */
  readonly from?: { readonly offset: number; readonly position: number } | null;
  /** Where the next segment begins; null when there is none. */
  readonly followingOffset?: number | null;
  /** Smaller batches are read even below the recovery point; default: all. */
  readonly passedBytesMin?: number;
}

export function recoverSegment(segment: Segment, fileBytes: number, state: RecoveryState): SegmentRecovery {
  cursor ??= new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  const holes: Hole[] = [];
  const { endOffsetMax = Number.POSITIVE_INFINITY, passedBytesMin: bytesMin = Number.POSITIVE_INFINITY } =
    state;
  const { recoveryPoint } = state;
  const from = state.from ?? { offset: segment.baseOffset, position: 0 };
  if (from.position === 0) segment.resetIndexes({ haveFiles: true });
  else segment.sizeInBytes = from.position;
  cursor.start(segment.file, from.position, fileBytes);
  let nextOffset = from.offset;
  let isSynced = from.offset <= recoveryPoint;
  const take = (batch: BatchView): void => void takeBatch(batch, segment, state);
  for (;;) {
    if (nextOffset < recoveryPoint && !cursor.holdsNext) {
      const range = { nextOffset, end: fileBytes, endOffsetMax, recoveryPoint, bytesMin };
      const passed = passSynced(segment, range, state.producers, take);
      nextOffset = passed.nextOffset;
      cursor.start(segment.file, segment.sizeInBytes, fileBytes, passed.nextBytes || undefined);
    }
    const step = cursor.next();
    if (step === 'end') break;
    const isRight =
      step === 'batch' &&
      isValid(cursor, segment, nextOffset) &&
      lastOffset(cursor.buffer, cursor.at) < endOffsetMax &&
      !overtakes(cursor, segment, nextOffset);
    if (isRight) {
      isSynced = wasSynced(
        baseOffset(cursor.buffer, cursor.at),
        lastOffset(cursor.buffer, cursor.at),
        recoveryPoint,
      );
      nextOffset = takeBatch(cursor, segment, state);
      continue;
    }
    const { position } = cursor;
    const behind = behindDamage(segment, { position, end: fileBytes, nextOffset }, state);
    if (behind === null) break;
    holes.push({ position, endPosition: behind.position, offset: nextOffset });
    nextOffset = behind.offset;
    isSynced &&= nextOffset <= recoveryPoint;
    segment.skipTo(behind.position);
    cursor.start(segment.file, behind.position, fileBytes);
  }
  segment.holes = holes;
  return { endOffset: nextOffset, endPosition: segment.sizeInBytes, holes, isSynced };
}

/** Where the log goes on; null: it ends here. */
function behindDamage(
  segment: Segment,
  damaged: { readonly position: number; readonly end: number; readonly nextOffset: number },
  { recoveryPoint, followingOffset = null }: RecoveryState,
): Behind | null {
  const { nextOffset } = damaged;
  if (nextOffset >= recoveryPoint)
    return behindFlipped(segment, { ...damaged, segmentEndOffset: followingOffset });
  const position = nextValidPosition(segment, damaged);
  return position === null ? null : { position, offset: nextOffset };
}

function takeBatch({ buffer, at, sizeInBytes }: BatchView, segment: Segment, state: RecoveryState): number {
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
