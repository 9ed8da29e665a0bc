// Finds batch after batch in bytes that nobody has checked: a Produce request, a Fetch answer, a segment. A length is
// compared with the bytes that are there before anything is read by it; nothing is thrown and nothing allocated but the
// result of scanBatches(). The CRC is not looked at.
//
// The rules and the texts are Apache Kafka's ByteBufferLogInputStream; a batch cut off at the end is "incomplete", which
// a reader of Fetch answers skips silently.

import {
  BATCH_OVERHEAD,
  CURRENT_MAGIC,
  LENGTH_POSITION,
  LOG_OVERHEAD,
  MAGIC_POSITION,
} from './batch-header.ts';

/** The smallest record of magic 0; Kafka checks no more at this stage. */
const LEGACY_OVERHEAD_MIN = 14;
const SIZE_MAX = 0x7fffffff;

/** What nextBatchSize() returns instead of a size. */
export const BatchScan = {
  /** Too few bytes for what the length says, or for a length at all. */
  INCOMPLETE: 0,
  /** The length cannot be one. */
  BAD_LENGTH: -1,
  /** Neither 0, 1 nor 2. */
  BAD_MAGIC: -2,
  /** Base offset and length together exceed an int32: Kafka fails on it in a way of its own. */
  OVERFLOW: -3,
} as const;

/**
 * The size in bytes of the batch (of any magic) at a position, if it lies wholly before `end`; otherwise one of
 * BatchScan. A size below BATCH_OVERHEAD is possible: such a batch is no batch v2.
 */
export function nextBatchSize(buffer: Buffer, position: number, end: number): number {
  const left = end - position;
  if (left < LOG_OVERHEAD) return BatchScan.INCOMPLETE;
  const length = buffer.readInt32BE(position + LENGTH_POSITION);
  if (length < LEGACY_OVERHEAD_MIN) return BatchScan.BAD_LENGTH;
  if (left <= MAGIC_POSITION) return BatchScan.INCOMPLETE;
  const magic = buffer.readInt8(position + MAGIC_POSITION);
  if (magic < 0 || magic > CURRENT_MAGIC) return BatchScan.BAD_MAGIC;
  const size = length + LOG_OVERHEAD;
  if (size > SIZE_MAX) return BatchScan.OVERFLOW;
  return size > left ? BatchScan.INCOMPLETE : size;
}

/** The sentence Kafka says about a scan that ended badly; null for an incomplete one. */
export function scanFaultText(buffer: Buffer, position: number, fault: number): string | null {
  switch (fault) {
    case BatchScan.BAD_LENGTH:
      return `Record size ${buffer.readInt32BE(position + LENGTH_POSITION)} is less than the minimum record overhead (${LEGACY_OVERHEAD_MIN})`;
    case BatchScan.BAD_MAGIC:
      return `Invalid magic found in record: ${buffer.readInt8(position + MAGIC_POSITION)}`;
    default:
      return null;
  }
}

export interface BatchPosition {
  readonly position: number;
  readonly sizeInBytes: number;
}

/** All whole batches v2 from the start; `fault` says why it stopped early, null at a clean or merely cut end. */
export function scanBatches(
  buffer: Buffer,
  start = 0,
  end = buffer.length,
): { readonly batches: BatchPosition[]; readonly end: number; readonly fault: string | null } {
  const batches: BatchPosition[] = [];
  let position = start;
  while (position < end) {
    const size = nextBatchSize(buffer, position, end);
    if (size <= 0) return { batches, end: position, fault: scanFaultText(buffer, position, size) };
    if (buffer.readInt8(position + MAGIC_POSITION) !== CURRENT_MAGIC) {
      return {
        batches,
        end: position,
        fault: 'a message set of the formats before Kafka 0.11 (magic 0 or 1)',
      };
    }
    if (size < BATCH_OVERHEAD) {
      return { batches, end: position, fault: `a batch of ${size} bytes is smaller than its header` };
    }
    batches.push({ position, sizeInBytes: size });
    position += size;
  }
  return { batches, end: position, fault: null };
}
