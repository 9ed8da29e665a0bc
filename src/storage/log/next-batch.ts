// Which bytes of a segment are a batch, and where the next one is behind bytes that are none. Nothing is believed: a batch
// counts when its length, checksum and offsets hold, and behind damage the next is looked for where the damaged length
// says, and then byte by byte. Recovery, reading and inspection share this, so that they see the same log.

import {
  BATCH_OVERHEAD,
  baseOffset,
  CURRENT_MAGIC,
  lastOffset,
  magic,
  sizeInBytes,
  verifyCrc,
} from '../../protocol/records/batch-header.ts';
import { BatchCursor, type ByteSource } from './batch-cursor.ts';
import { RELATIVE_OFFSET_MAX } from './offset-index.ts';

const BUFFER_BYTES = 1024 * 1024;
/** How far behind damage a next batch is looked for: a batch and its damaged length lie well inside. */
const RESYNC_BYTES_MAX = 128 * 1024 * 1024;

export interface SegmentBytes {
  readonly source: ByteSource;
  readonly sizeInBytes: number;
  readonly baseOffset: number;
}

const successor = new BatchCursor({ bufferBytes: BATCH_OVERHEAD, wholeBatches: true });

/**
 * The base offset lies outside the checksum. A batch that leaves a gap and is followed by a valid one that lies in the gap
 * has a damaged base offset, and not the one behind it: offsets only ever grow.
 */
export function overtakes(at: BatchCursor, bytes: SegmentBytes, nextOffset: number): boolean {
  if (baseOffset(at.buffer, at.at) === nextOffset) return false;
  const end = Math.max(bytes.sizeInBytes, at.end);
  successor.start(bytes.source, at.position + at.sizeInBytes, end);
  if (successor.next() !== 'batch') return false;
  return (
    baseOffset(successor.buffer, successor.at) <= lastOffset(at.buffer, at.at) &&
    isValid(successor, bytes, nextOffset)
  );
}

export function isValid({ buffer, at }: BatchCursor, bytes: SegmentBytes, nextOffset: number): boolean {
  const first = baseOffset(buffer, at);
  const last = lastOffset(buffer, at);
  return (
    first >= nextOffset &&
    last >= first &&
    last - bytes.baseOffset <= RELATIVE_OFFSET_MAX &&
    verifyCrc(buffer, at)
  );
}

/**
 * The next place behind the damaged batch at `position` where a valid one begins: where its length says, or else found byte
 * by byte; null when there is none within the bound.
 */
export function nextValidPosition(
  bytes: SegmentBytes,
  damaged: { readonly position: number; readonly end: number; readonly nextOffset: number },
): number | null {
  const probe = new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  probe.start(bytes.source, damaged.position, damaged.end);
  if (probe.next() === 'batch' && probe.next() === 'batch' && isValid(probe, bytes, damaged.nextOffset))
    return probe.position;
  const from = { ...damaged, position: damaged.position + 1 };
  const end = Math.min(from.end, from.position + RESYNC_BYTES_MAX);
  const window = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  for (let start = from.position; start + BATCH_OVERHEAD <= end; start += window.length - BATCH_OVERHEAD) {
    const got = bytes.source.read(window.subarray(0, Math.min(window.length, from.end - start)), start);
    for (let at = 0; at + BATCH_OVERHEAD <= got; at++) {
      if (!mayBeBatch(window, at, from.end - start)) continue;
      probe.start(bytes.source, start + at, from.end);
      if (probe.next() === 'batch' && isValid(probe, bytes, from.nextOffset)) return start + at;
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
