// Tells bit-rot from a torn write where nothing vouches for the bytes: above the recovery point. A write that did not finish
// lacks whole sectors; a disk that forgot a bit leaves a batch that is right but for one byte, with its successor behind it.
// The batch is never served: it becomes a hole, so that it does not cost the log all that follows. Only a person who was
// asked has its byte set right (inspection/repair.ts).
//
// What of the header lies outside the checksum (base offset, length, magic) is held against what must stand there. For the
// rest CRC-32C tells which byte is wrong: stored and computed checksum differ by the error, pushed through the register
// once for each byte behind it. Pulled back byte by byte it becomes, at its place, a number of one byte. A batch of n bytes
// that is wrong in another way passes for one of these with a chance of n in 16 million; one that lacks a sector never does.

import {
  ATTRIBUTES_POSITION,
  BATCH_OVERHEAD,
  baseOffset,
  CRC_POSITION,
  CURRENT_MAGIC,
  crc,
  LENGTH_POSITION,
  LOG_OVERHEAD,
  lastOffset,
  MAGIC_POSITION,
  setBaseOffset,
} from '../../protocol/records/batch-header.ts';
import { crc32c } from '../../protocol/wire/crc32c.ts';
import { nextValidPosition, type SegmentBytes } from './next-batch.ts';

/** A disk, or the kernel for it, writes no less at once. */
const SECTOR_BYTES = 512;
/** Reversed, as the checksum is computed. */
const POLYNOMIAL = 0x82f63b78;
/** Where the part begins that the checksum covers. */
const COVERED_FROM = ATTRIBUTES_POSITION;

/** More is no batch; so much is read at once to look at it. */
const STRETCH_BYTES_MAX = 32 * 1024 * 1024;

export interface Behind {
  /** Where the log goes on, in the file. */
  readonly position: number;
  /** No batch begins below. */
  readonly offset: number;
}

/** Behind the batch at `position` that does not check, if one wrong byte is all that is wrong with it. */
export function behindFlipped(
  segment: SegmentBytes,
  damaged: {
    readonly position: number;
    readonly end: number;
    readonly nextOffset: number;
    /** Where the next segment begins; null for the last one, whose last batch nothing tells from a torn write. */
    readonly segmentEndOffset: number | null;
  },
): Behind | null {
  const { position, end, nextOffset, segmentEndOffset } = damaged;
  // Zeros, as a file system leaves them: nothing behind them has to be looked for.
  const first = Buffer.alloc(BATCH_OVERHEAD);
  segment.source.read(first, position);
  if (first.every(byte => byte === 0)) return null;
  const next = nextValidPosition(segment, damaged);
  const followingOffset = next === null ? segmentEndOffset : offsetAt(segment, next);
  const stretchEnd = next ?? end;
  if (followingOffset === null) return null;
  const stretch = stretchOf(segment, { position, endPosition: stretchEnd, nextOffset, followingOffset });
  const offset = stretch === null ? null : endOfFlipped(stretch);
  return offset === null ? null : { position: stretchEnd, offset };
}

/** null when it is too long to be a batch, or not all of it can be read. */
export function stretchOf(
  { source }: SegmentBytes,
  range: {
    readonly position: number;
    readonly endPosition: number;
    readonly nextOffset: number;
    readonly followingOffset: number;
  },
): Stretch | null {
  const { position, endPosition, nextOffset, followingOffset } = range;
  if (endPosition - position > STRETCH_BYTES_MAX) return null;
  const bytes = Buffer.allocUnsafe(endPosition - position);
  if (source.read(bytes, position) < bytes.length) return null;
  return { bytes, position, nextOffset, followingOffset };
}

export interface Stretch {
  /** From the first byte that does not check to the next batch that does, or to the end of the segment. */
  readonly bytes: Buffer;
  /** In the file. */
  readonly position: number;
  /** No batch of the stretch begins below. */
  readonly nextOffset: number;
  /** Where the batch behind begins, or the next segment. */
  readonly followingOffset: number;
}

/** Where the batch ends that the stretch is, but for one wrong byte; null when it is something else. */
export function endOfFlipped(stretch: Stretch): number | null {
  const mended = mendedBatch(stretch);
  return mended === null ? null : lastOffset(mended, 0) + 1;
}

/** The stretch with its one wrong byte set right; null when it is something else than a batch with one wrong byte. */
export function mendedBatch(stretch: Stretch): Buffer | null {
  const { bytes } = stretch;
  if (bytes.length < BATCH_OVERHEAD || lacksSector(stretch)) return null;
  const mended = Buffer.from(bytes);
  mended.writeInt32BE(bytes.length - LOG_OVERHEAD, LENGTH_POSITION);
  mended.writeInt8(CURRENT_MAGIC, MAGIC_POSITION);
  mendCovered(mended);
  // A base offset may be larger than it must be, where compaction took what was before it.
  if (fits(mended, stretch) && isOneFlipped(mended, stretch)) return mended;
  setBaseOffset(mended, 0, stretch.nextOffset);
  return fits(mended, stretch) && isOneFlipped(mended, stretch) ? mended : null;
}

/** Of the batch there. */
export function offsetAt({ source }: SegmentBytes, position: number): number {
  const header = Buffer.alloc(BATCH_OVERHEAD);
  source.read(header, position);
  return baseOffset(header, 0);
}

function lacksSector(stretch: Stretch): boolean {
  for (let at = 0; at < stretch.bytes.length; at = sectorEnd(stretch, at))
    if (isZeroFrom(stretch, at)) return true;
  return false;
}

/** In the stretch, of the sector that holds the byte. */
function sectorEnd({ bytes, position }: Stretch, at: number): number {
  return Math.min(at + SECTOR_BYTES - ((position + at) % SECTOR_BYTES), bytes.length);
}

function isZeroFrom(stretch: Stretch, at: number): boolean {
  return stretch.bytes.subarray(at, sectorEnd(stretch, at)).every(byte => byte === 0);
}

function fits(batch: Buffer, { nextOffset, followingOffset }: Stretch): boolean {
  const first = baseOffset(batch, 0);
  return (
    first >= nextOffset &&
    lastOffset(batch, 0) >= first &&
    lastOffset(batch, 0) < followingOffset &&
    crc(batch, 0) === crc32c(batch, ATTRIBUTES_POSITION)
  );
}

/** One byte is wrong, and it is not where the rest of its sector is missing: batches end in zeros, which are not missed. */
function isOneFlipped(mended: Buffer, stretch: Stretch): boolean {
  const { bytes } = stretch;
  const at = mended.findIndex((byte, index) => byte !== bytes[index]);
  return at >= 0 && mended.subarray(at + 1).equals(bytes.subarray(at + 1)) && !isZeroFrom(stretch, at);
}

/** Sets right the one byte behind, or of, the checksum that makes it false; leaves the batch as it is when there is none. */
function mendCovered(batch: Buffer): void {
  const error = (crc(batch, 0) ^ crc32c(batch, ATTRIBUTES_POSITION)) >>> 0;
  if (error === 0) return;
  for (let at = 0; at < 4; at++) {
    const byte = (error >>> (8 * (3 - at))) & 0xff;
    if (error === (byte << (8 * (3 - at))) >>> 0) {
      batch[CRC_POSITION + at]! ^= byte;
      return;
    }
  }
  let state = error;
  for (let at = batch.length - 1; at >= COVERED_FROM; at--) {
    const index = BY_TOP_BYTE[state >>> 24]!;
    state = (((state ^ TABLE[index]!) << 8) | index) >>> 0;
    if (state <= 0xff) {
      batch[at]! ^= state;
      return;
    }
  }
}

/** What a byte becomes when it leaves the register. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});
/** No two entries have the same top byte. */
const BY_TOP_BYTE = new Uint8Array(256);
for (const [byte, value] of TABLE.entries()) BY_TOP_BYTE[value >>> 24] = byte;
