// The record batches of a slice of a log, seen by their headers, and the part of the slice that holds some of them. A
// slice may lie in several buffers, and its last batch may be cut: that one does not count.

import * as header from '../../protocol/records/batch-header.ts';
import { controlTypeOf } from '../../protocol/records/control-records.ts';
import { iterateRecords } from '../../protocol/records/read-records.ts';
import { DecodeError } from '../../protocol/wire/decode-error.ts';

export interface FetchedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** Of the slice's bytes. */
  readonly position: number;
  readonly sizeInBytes: number;
  /** Null without one. */
  readonly producerId: bigint | null;
  readonly isTransactional: boolean;
  /** It ends a transaction, and not well. */
  readonly isAbortMarker: boolean;
}

export function batchesOf(buffers: readonly Buffer[]): FetchedBatch[] {
  const batches: FetchedBatch[] = [];
  const sizeInBytes = buffers.reduce((sum, { length }) => sum + length, 0);
  for (let position = 0; position + header.BATCH_OVERHEAD <= sizeInBytes; ) {
    const bytes = bytesAt(buffers, position, header.BATCH_OVERHEAD);
    const size = header.sizeInBytes(bytes, 0);
    if (size < header.BATCH_OVERHEAD || position + size > sizeInBytes) break;
    batches.push({
      baseOffset: header.baseOffset(bytes, 0),
      lastOffset: header.lastOffset(bytes, 0),
      position,
      sizeInBytes: size,
      producerId: header.hasProducerId(bytes, 0) ? header.producerId(bytes, 0) : null,
      isTransactional: header.isTransactional(bytes, 0),
      isAbortMarker: header.isControl(bytes, 0) && isAbort(bytesAt(buffers, position, size)),
    });
    position += size;
  }
  return batches;
}

/** The batches that hold the offsets, and none beside them; all bytes where there is but one batch. */
export function sliceOf(
  buffers: readonly Buffer[],
  batches: readonly FetchedBatch[],
  offsets: { readonly first: number; readonly last: number },
): readonly Buffer[] {
  const isHeld = ({ baseOffset }: FetchedBatch) => baseOffset <= offsets.first;
  if (batches.length < 2) return buffers;
  const first = batches.findLast(isHeld) ?? batches[0]!;
  const last = batches.findLast(({ baseOffset }) => baseOffset <= offsets.last) ?? first;
  return part(buffers, first.position, last.position + last.sizeInBytes);
}

function isAbort(batch: Buffer): boolean {
  try {
    for (const { key } of iterateRecords(batch)) return controlTypeOf(key) === 'ABORT';
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return false;
}

function bytesAt(buffers: readonly Buffer[], position: number, length: number): Buffer {
  const pieces = part(buffers, position, position + length);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

function part(buffers: readonly Buffer[], from: number, to: number): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (const buffer of buffers) {
    const end = start + buffer.length;
    if (end > from && start < to)
      pieces.push(buffer.subarray(Math.max(0, from - start), Math.min(buffer.length, to - start)));
    start = end;
  }
  return pieces;
}
