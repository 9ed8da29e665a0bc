// How long the metadata log gets: when a snapshot is written, how much of the log before it is kept, when a segment is
// full. Read once, like every key of the metadata log in Apache Kafka.

import { DEFAULT_LOG_SETTINGS, type LogSettings } from '../storage/log/log-settings.ts';
import type { BrokerSettings } from './config/settings.ts';
import type { SnapshotSettings } from './metadata/snapshot-generator.ts';

export function snapshotSettings(settings: BrokerSettings): SnapshotSettings {
  return {
    recordBytesMax: settings.get('metadata.log.max.record.bytes.between.snapshots'),
    intervalMs: settings.get('metadata.log.max.snapshot.interval.ms'),
    retentionBytes: settings.get('metadata.max.retention.bytes'),
    retentionMs: settings.get('metadata.max.retention.ms'),
  };
}

/** Its segments go only with a snapshot, never for their age or size. */
export function metadataLogSettings(settings: BrokerSettings): LogSettings {
  return {
    ...DEFAULT_LOG_SETTINGS,
    segmentBytes: settings.get('metadata.log.segment.bytes'),
    segmentMs: settings.get('metadata.log.segment.ms'),
    retentionMs: -1,
    retentionBytes: -1,
  };
}
