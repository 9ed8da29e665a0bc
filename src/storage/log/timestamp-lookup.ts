// ListOffsets by time: the first record at or after a timestamp, and the record with the largest one (KIP-734). The time
// indexes lead to a batch; which record it is needs the records themselves, decompressed if they are compressed.

import { lastOffset, partitionLeaderEpoch } from '../../protocol/records/batch-header.ts';
import { iterateRecords } from '../../protocol/records/read-records.ts';
import type { TimestampedOffset } from './outcomes.ts';
import type { BatchPosition, Segment } from './segment.ts';

export function findTimestamp(
  segments: readonly Segment[],
  search: { readonly timestamp: number; readonly fromOffset: number },
): TimestampedOffset | null {
  for (const [index, segment] of segments.entries()) {
    const nextBase = segments[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
    if (nextBase <= search.fromOffset || segment.largestTimestamp() < search.timestamp) continue;
    const found = findInSegment(segment, search);
    if (found !== null) return found;
  }
  return null;
}

/** Batch by batch: compaction leaves some that have a time and no record. */
function findInSegment(
  segment: Segment,
  { timestamp, fromOffset }: { readonly timestamp: number; readonly fromOffset: number },
): TimestampedOffset | null {
  for (let from = fromOffset; ; ) {
    const batch = segment.findTimestamp(timestamp, from);
    if (batch === null) return null;
    const bytes = readBatch(segment, batch);
    for (const record of iterateRecords(bytes)) {
      if (record.timestamp >= timestamp && record.offset >= fromOffset) {
        return {
          offset: record.offset,
          timestamp: record.timestamp,
          leaderEpoch: partitionLeaderEpoch(bytes, 0),
        };
      }
    }
    from = lastOffset(bytes, 0) + 1;
  }
}

export function findMaxTimestamp(segments: readonly Segment[]): TimestampedOffset | null {
  let latest: Segment | null = null;
  for (const segment of segments) {
    if (latest === null || segment.largestTimestamp() > latest.largestTimestamp()) latest = segment;
  }
  const timestamp = latest?.largestTimestamp() ?? -1;
  if (latest === null || timestamp < 0) return null;
  const batch = latest.findTimestamp(timestamp, latest.baseOffset);
  if (batch === null) return null;
  const bytes = readBatch(latest, batch);
  for (const record of iterateRecords(bytes)) {
    if (record.timestamp === timestamp)
      return { offset: record.offset, timestamp, leaderEpoch: partitionLeaderEpoch(bytes, 0) };
  }
  return null;
}

function readBatch(segment: Segment, { position, sizeInBytes }: BatchPosition): Buffer {
  const bytes = Buffer.allocUnsafe(sizeInBytes);
  return bytes.subarray(0, segment.source.read(bytes, position));
}
