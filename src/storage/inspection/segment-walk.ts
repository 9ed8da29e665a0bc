// Reads a segment from front to back for whoever looks at it from outside: batches, and between them the stretches that
// are none. Nothing is believed: a batch counts when its length, checksum and offsets hold; behind damage the next one
// that counts is looked for byte by byte, as recovery does. It never writes, and needs one buffer.

import {
  BATCH_OVERHEAD,
  baseOffset,
  CURRENT_MAGIC,
  lastOffset,
  magic,
  sizeInBytes,
  verifyCrc,
} from '../../protocol/records/batch-header.ts';
import { BatchCursor, type ByteSource } from '../log/batch-cursor.ts';

const BUFFER_BYTES = 1024 * 1024;
/** A relative offset in an index has 31 bits. */
const RELATIVE_OFFSET_MAX = 2 ** 31 - 1;

export interface BatchPiece {
  readonly kind: 'batch';
  readonly position: number;
  /** The whole batch; valid until the next piece is asked for. */
  readonly batch: Buffer;
}

export interface DamagePiece {
  readonly kind: 'damage';
  readonly position: number;
  readonly endPosition: number;
  /** The first offset that is missing. */
  readonly offset: number;
  readonly reason: 'no batch' | 'checksum' | 'offsets' | 'zeros';
  /** Nothing valid follows: a write that did not finish looks like this. */
  readonly isTail: boolean;
  /** What its header says, when it at least has one. Not to be believed. */
  readonly header: Buffer | null;
}

export type SegmentPiece = BatchPiece | DamagePiece;

export interface WalkOptions {
  readonly source: ByteSource;
  readonly sizeInBytes: number;
  readonly baseOffset: number;
}

export function* walkSegment(options: WalkOptions): Generator<SegmentPiece, void, undefined> {
  const { source, sizeInBytes: end } = options;
  const cursor = new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  cursor.start(source, 0, end);
  let nextOffset = options.baseOffset;
  for (;;) {
    const step = cursor.next();
    if (step === 'end') return;
    const { position } = cursor;
    const reason = step === 'damaged' ? 'no batch' : complaintAbout(cursor, { ...options, nextOffset });
    if (reason === null) {
      nextOffset = lastOffset(cursor.buffer, cursor.at) + 1;
      yield { kind: 'batch', position, batch: cursor.batch() };
      continue;
    }
    const header =
      step === 'batch' ? Buffer.from(cursor.buffer.subarray(cursor.at, cursor.at + BATCH_OVERHEAD)) : null;
    const next = nextValidPosition({ ...options, position: position + 1, nextOffset });
    const endPosition = next ?? end;
    yield {
      kind: 'damage',
      position,
      endPosition,
      offset: nextOffset,
      reason: isAllZero(source, position, endPosition) ? 'zeros' : reason,
      isTail: next === null,
      header,
    };
    if (next === null) return;
    cursor.start(source, next, end);
  }
}

interface Expectation {
  readonly baseOffset: number;
  readonly nextOffset: number;
}

function complaintAbout(cursor: BatchCursor, expected: Expectation): 'checksum' | 'offsets' | null {
  const { buffer, at } = cursor;
  if (!verifyCrc(buffer, at)) return 'checksum';
  const first = baseOffset(buffer, at);
  const last = lastOffset(buffer, at);
  const isOrdered =
    first >= expected.nextOffset && last >= first && last - expected.baseOffset <= RELATIVE_OFFSET_MAX;
  return isOrdered ? null : 'offsets';
}

function nextValidPosition(
  options: WalkOptions & { readonly position: number; readonly nextOffset: number },
): number | null {
  const { source, sizeInBytes: end } = options;
  const probe = new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  const window = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  for (let start = options.position; start + BATCH_OVERHEAD <= end; start += window.length - BATCH_OVERHEAD) {
    const got = source.read(window, start);
    for (let at = 0; at + BATCH_OVERHEAD <= got; at++) {
      if (!mayBeBatch(window, at, end - start)) continue;
      probe.start(source, start + at, end);
      if (probe.next() === 'batch' && complaintAbout(probe, options) === null) return start + at;
    }
  }
  return null;
}

/** Offsets stay below 2^56, so a batch begins with a zero byte. */
function mayBeBatch(window: Buffer, at: number, end: number): boolean {
  if (window[at] !== 0 || magic(window, at) !== CURRENT_MAGIC) return false;
  const size = sizeInBytes(window, at);
  return size >= BATCH_OVERHEAD && at + size <= end;
}

function isAllZero(source: ByteSource, start: number, end: number): boolean {
  const window = Buffer.allocUnsafeSlow(64 * 1024);
  for (let position = start; position < end; ) {
    const got = source.read(window.subarray(0, Math.min(window.length, end - position)), position);
    if (got === 0) return true;
    for (let index = 0; index < got; index++) if (window[index] !== 0) return false;
    position += got;
  }
  return true;
}
