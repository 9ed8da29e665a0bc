// What a restart need not read of a segment below its recovery point: the bodies of large batches. They were synced, and
// their headers, one small read each, say all that indexes, leader epochs and producers want to know.
// Headers are believed as a chain only: a batch begins where the one before ends, and ends where the next one begins or,
// at the end of the file, where the recovery point lies. One that does more than that (a producer not seen before or out of its sequence, a transaction begun,
// a marker, times far apart) is read and checked like all that lies above the recovery point, and so are both ends of a
// link that does not fit (segment-recovery.ts). Damage in a body that was passed over is found by its first reader (sound-read.ts).

import {
  BATCH_OVERHEAD,
  baseOffset,
  baseSequence,
  baseTimestamp,
  isControl,
  isTransactional,
  lastOffset,
  maxTimestamp,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  producerEpoch,
  producerId,
  recordCount,
} from '../../protocol/records/batch-header.ts';
import { BatchCursor } from './batch-cursor.ts';
import { RELATIVE_OFFSET_MAX } from './offset-index.ts';
import { isNextSequence } from './producer-entry.ts';
import type { ProducerState } from './producer-state.ts';
import type { Segment } from './segment.ts';

/** Smaller ones are read faster one behind the other, as a disk likes it, than passed over. */
export const PASSED_BYTES_MIN = 64 * 1024;
/** Of the records of one batch: a larger difference is as likely a flipped bit. */
const TIME_SPAN_MAX_MS = 3_600_000;

export interface SyncedRange {
  /** The batch at the segment's present end begins with it. */
  readonly nextOffset: number;
  /** Of the file. */
  readonly end: number;
  /** No batch ends at or behind this offset. */
  readonly endOffsetMax: number;
  readonly recoveryPoint: number;
  readonly bytesMin: number;
}

export interface BatchView {
  readonly buffer: Buffer;
  readonly at: number;
  readonly sizeInBytes: number;
}

const headers = new BatchCursor({ bufferBytes: BATCH_OVERHEAD, wholeBatches: false });
/** The batch that waits for the one behind to confirm its end. */
const held = Buffer.alloc(BATCH_OVERHEAD);

/**
 * Whether the batch was on disk when the recovery point was written. Syncs cover whole batches, and a recovery point stands at most
 * one offset before the end of what was synced (`recoveryPoint` of partition-log.ts).
 */
export function wasSynced(first: number, last: number, recoveryPoint: number): boolean {
  return last < recoveryPoint || (last === recoveryPoint && first < recoveryPoint);
}

export interface Passed {
  readonly nextOffset: number;
  /** Of the batch that has to be read next, when it is a large one; else 0. */
  readonly nextBytes: number;
}

/** Takes batches from the segment's present end on, by their headers, as long as they can be believed. */
export function passSynced(
  segment: Segment,
  range: SyncedRange,
  producers: ProducerState,
  take: (batch: BatchView) => void,
): Passed {
  let { nextOffset } = range;
  headers.start(segment.file, segment.sizeInBytes, range.end);
  let step = headers.next();
  while (step === 'batch' && isInChain(segment, range, nextOffset) && isPlain(producers)) {
    headers.buffer.copy(held, 0, headers.at, headers.at + BATCH_OVERHEAD);
    const { sizeInBytes } = headers;
    const endOffset = lastOffset(held, 0) + 1;
    step = headers.next();
    const isConfirmed =
      (step === 'batch' && baseOffset(headers.buffer, headers.at) === endOffset) ||
      // The recovery point, or the offset behind it, is where a batch ends.
      (step === 'end' && endOffset >= range.recoveryPoint);
    if (!isConfirmed) return { nextOffset, nextBytes: sizeInBytes };
    take({ buffer: held, at: 0, sizeInBytes });
    nextOffset = endOffset;
  }
  const isLarge = step === 'batch' && headers.sizeInBytes >= range.bytesMin;
  return { nextOffset, nextBytes: isLarge ? headers.sizeInBytes : 0 };
}

function isInChain(segment: Segment, range: SyncedRange, nextOffset: number): boolean {
  const { buffer, at, sizeInBytes } = headers;
  const first = baseOffset(buffer, at);
  const last = lastOffset(buffer, at);
  return (
    sizeInBytes >= range.bytesMin &&
    first === nextOffset &&
    last >= first &&
    last - first + 1 === recordCount(buffer, at) &&
    last < range.endOffsetMax &&
    last - segment.baseOffset <= RELATIVE_OFFSET_MAX &&
    wasSynced(first, last, range.recoveryPoint)
  );
}

/** Nothing is changed by it but where its producer goes on. */
function isPlain(producers: ProducerState): boolean {
  const { buffer, at } = headers;
  const spanMs = maxTimestamp(buffer, at) - baseTimestamp(buffer, at);
  if (isControl(buffer, at) || spanMs < 0 || spanMs > TIME_SPAN_MAX_MS) return false;
  const epoch = producerEpoch(buffer, at);
  const sequence = baseSequence(buffer, at);
  const id = producerId(buffer, at);
  if (id === NO_PRODUCER_ID)
    return epoch === NO_PRODUCER_EPOCH && sequence === NO_SEQUENCE && !isTransactional(buffer, at);
  const entry = producers.entry(id);
  return (
    entry !== undefined &&
    entry.producerEpoch === epoch &&
    isNextSequence(entry.lastSequence, sequence) &&
    entry.currentTransactionFirstOffset >= 0 === isTransactional(buffer, at)
  );
}
