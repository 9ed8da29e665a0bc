// Where a share partition begins that nobody began before: share.auto.offset.reset (KIP-932). By duration it is the first
// record of that age or younger, and there must be one, as in Apache Kafka.

import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { ShareError } from './acknowledge-records.ts';
import type { AutoOffsetReset } from './share-group-settings.ts';

export function initialOffset(log: PartitionLog, reset: AutoOffsetReset, nowMs: number): number | ShareError {
  if (reset === 'earliest') return log.logStartOffset;
  if (reset === 'latest') return log.highWatermark;
  const timestampMs = nowMs - reset.durationMs;
  const found = log.offsetForTimestamp(timestampMs);
  if (found !== null) return found.offset;
  const partition = `${log.topicId ?? ''}:${log.topic}-${log.partition}`;
  return {
    error: 'OFFSET_NOT_AVAILABLE',
    message: `Offset for timestamp ${timestampMs} not found for topic partition: ${partition}`,
  };
}
