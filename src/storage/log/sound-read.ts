// The quick way to bytes that may be served: they are read once, into the pooled buffers that the answer lends, and looked
// at where they lie. Batches are taken as long as their checksums are right (what was found right before is not computed
// again) and their offsets follow each other; what leaves a doubt ends the slice before it. When already the first batch
// does, the answer is null: sound-range.ts then finds out what is there, and reports damage. Nothing is made per batch.

import {
  BATCH_OVERHEAD,
  baseOffset,
  CURRENT_MAGIC,
  lastOffset,
  magic,
  sizeInBytes as sizeInBytesAt,
  verifyCrc,
} from '../../protocol/records/batch-header.ts';
import { RELATIVE_OFFSET_MAX } from './offset-index.ts';
import { LARGE_BYTES, type ReadPool } from './read-pool.ts';
import type { Segment } from './segment.ts';
import { nextHole, noteChecked } from './sound-range.ts';

export interface SoundDemand {
  readonly offset: number;
  /** Where the batch that holds the offset begins. */
  readonly position: number;
  readonly maxBytes: number;
  /** The first batch is wanted whole even when it is larger than `maxBytes`. */
  readonly atLeastOneBatch: boolean;
  /** Exclusive; the bytes end before the batch that holds it. */
  readonly endOffset: number;
  /** No batch of the segment ends behind. */
  readonly segmentEndOffset: number;
}

export interface SoundBytes {
  readonly buffers: readonly Buffer[];
  readonly sizeInBytes: number;
  readonly release: () => void;
}

const EMPTY: Buffer = Buffer.alloc(0);

type Stop = 'end' | 'cut' | 'doubt' | 'unseen';

/** Bytes read at `position`, and the first of them that are sound and whole batches. One at a time, so there is only one. */
const look = {
  buffer: EMPTY,
  /** Bytes in the buffer, and where in the file they begin. */
  sizeInBytes: 0,
  position: 0,
  /** Sound so far. */
  at: 0,
  /** Behind the last sound batch; -1 when the one before the first is not known. */
  nextOffset: -1,
};

export function readSound(segment: Segment, reads: ReadPool, demand: SoundDemand): SoundBytes | null {
  const limit = Math.min(segment.sizeInBytes, nextHole(segment, demand.position));
  const pooled: Buffer[] = [];
  const buffers: Buffer[] = [];
  let { position } = demand;
  let end = Math.min(position + demand.maxBytes, limit);
  let served = 0;
  const { checked } = segment;
  look.nextOffset = position === 0 ? segment.baseOffset : position === checked.to ? checked.nextOffset : -1;
  while (position < end) {
    fill(segment, reads, { position, end });
    pooled.push(look.buffer);
    const stop = walk(segment, demand);
    if (served === 0 && look.at === 0) {
      const wholeEnd = stop === 'cut' && demand.atLeastOneBatch ? position + firstSize() : 0;
      if (wholeEnd <= end || wholeEnd > Math.min(limit, position + LARGE_BYTES)) break;
      reads.giveBack(pooled.pop()!);
      end = wholeEnd;
      continue;
    }
    const isLast = position + look.sizeInBytes >= end;
    const size = stop === 'cut' && isLast && mayShowPart(demand) ? look.sizeInBytes : look.at;
    if (size > 0) buffers.push(look.buffer.subarray(0, size));
    served += size;
    position += look.at;
    if (look.at === 0 || isLast || (stop !== 'end' && stop !== 'cut')) break;
  }
  const release = (): void => reads.giveBackAll(pooled);
  look.buffer = EMPTY;
  if (served === 0) {
    release();
    return null;
  }
  noteChecked(segment, { from: demand.position, to: position, nextOffset: look.nextOffset });
  segment.servedEnds.note({ from: demand.offset, offset: look.nextOffset, position });
  return { buffers, sizeInBytes: served, release };
}

function fill(
  segment: Segment,
  reads: ReadPool,
  range: { readonly position: number; readonly end: number },
): void {
  const wanted = Math.min(LARGE_BYTES, range.end - range.position);
  look.buffer = reads.take(wanted);
  look.position = range.position;
  look.sizeInBytes = segment.source.read(look.buffer.subarray(0, wanted), range.position);
  look.at = 0;
}

/** Of a batch whose header, at least, was read; else of none. */
function firstSize(): number {
  return look.sizeInBytes < BATCH_OVERHEAD ? BATCH_OVERHEAD : sizeInBytesAt(look.buffer, 0);
}

/** A part of a batch follows, as Apache Kafka sends it; but nothing of what the reader may not see. */
function mayShowPart({ endOffset, segmentEndOffset }: SoundDemand): boolean {
  if (endOffset >= segmentEndOffset) return true;
  return look.sizeInBytes - look.at >= BATCH_OVERHEAD && lastOffset(look.buffer, look.at) < endOffset;
}

/** Where sound batches end, and why there. */
function walk(segment: Segment, demand: SoundDemand): Stop {
  const { buffer, position } = look;
  const { checked } = segment;
  const memoryFrom = segment.source.memoryFrom ?? Number.POSITIVE_INFINITY;
  if (demand.endOffset >= demand.segmentEndOffset) skipKnown(checked);
  for (;;) {
    const { at } = look;
    const left = look.sizeInBytes - at;
    if (left < BATCH_OVERHEAD) return left === 0 ? 'end' : 'cut';
    const size = sizeInBytesAt(buffer, at);
    if (size < BATCH_OVERHEAD || magic(buffer, at) !== CURRENT_MAGIC) return 'doubt';
    if (size > left) return 'cut';
    const start = position + at;
    const isKnown = (start >= checked.from && start + size <= checked.to) || start >= memoryFrom;
    const last = lastOffset(buffer, at);
    if (!isKnown && !(isInOrder(segment, demand) && verifyCrc(buffer, at))) return 'doubt';
    if (last >= demand.endOffset) return 'unseen';
    look.nextOffset = last + 1;
    look.at = at + size;
  }
}

/** To the end of what was found right before: small batches would make a look at each the largest part of a read. */
function skipKnown(checked: { readonly from: number; readonly to: number }): void {
  const { buffer, position } = look;
  if (position < checked.from) return;
  const end = Math.min(look.sizeInBytes, checked.to - position);
  let last = -1;
  let at = 0;
  while (end - at >= BATCH_OVERHEAD) {
    const size = sizeInBytesAt(buffer, at);
    if (size < BATCH_OVERHEAD || size > end - at) break;
    last = at;
    at += size;
  }
  look.at = at;
  if (last >= 0) look.nextOffset = lastOffset(buffer, last) + 1;
}

/**
 * The base offset lies outside the checksum. A batch that follows the one before without a gap is in order; where there is
 * a gap, or the one before is not known, it is when the next one, too, lies behind it.
 */
function isInOrder(segment: Segment, { segmentEndOffset }: SoundDemand): boolean {
  const { buffer, at, nextOffset } = look;
  const first = baseOffset(buffer, at);
  const last = lastOffset(buffer, at);
  if (first < Math.max(nextOffset, segment.baseOffset) || last < first) return false;
  if (last >= segmentEndOffset || last - segment.baseOffset > RELATIVE_OFFSET_MAX) return false;
  if (first === nextOffset) return true;
  const next = at + sizeInBytesAt(buffer, at);
  if (look.position + next >= segment.sizeInBytes) return true;
  return next + BATCH_OVERHEAD <= look.sizeInBytes && baseOffset(buffer, next) > last;
}
