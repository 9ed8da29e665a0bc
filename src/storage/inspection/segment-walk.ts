// Reads a segment from front to back for whoever looks at it from outside: batches, and between them the stretches that
// are none, by the same rules as recovery. It never writes, and needs one buffer.

import { BATCH_OVERHEAD, lastOffset, verifyCrc } from '../../protocol/records/batch-header.ts';
import { BatchCursor, type ByteSource } from '../log/batch-cursor.ts';
import { isValid, nextValidPosition, overtakes, type SegmentBytes } from '../log/next-batch.ts';

const BUFFER_BYTES = 1024 * 1024;

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

export function* walkSegment(options: SegmentBytes): Generator<SegmentPiece, void, undefined> {
  const { source, sizeInBytes: end } = options;
  const cursor = new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });
  cursor.start(source, 0, end);
  let nextOffset = options.baseOffset;
  for (;;) {
    const step = cursor.next();
    if (step === 'end') return;
    const { position } = cursor;
    const reason = step === 'damaged' ? 'no batch' : complaintAbout(cursor, options, nextOffset);
    if (reason === null) {
      nextOffset = lastOffset(cursor.buffer, cursor.at) + 1;
      yield { kind: 'batch', position, batch: cursor.batch() };
      continue;
    }
    const header =
      step === 'batch' ? Buffer.from(cursor.buffer.subarray(cursor.at, cursor.at + BATCH_OVERHEAD)) : null;
    const next = nextValidPosition(options, { position, end, nextOffset });
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

function complaintAbout(
  cursor: BatchCursor,
  bytes: SegmentBytes,
  nextOffset: number,
): 'checksum' | 'offsets' | null {
  if (!verifyCrc(cursor.buffer, cursor.at)) return 'checksum';
  return isValid(cursor, bytes, nextOffset) && !overtakes(cursor, bytes, nextOffset) ? null : 'offsets';
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
