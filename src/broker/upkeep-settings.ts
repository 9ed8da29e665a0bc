// How often old segments are looked for, and what the cleaner may use: broker keys, read anew each time, so that a change
// acts without a restart.

import type { UpkeepSettings } from '../storage/log/upkeep.ts';
import type { BrokerSettings } from './config/settings.ts';

export function upkeepSettings(settings: BrokerSettings): UpkeepSettings {
  return {
    retentionCheckIntervalMs: settings.get('log.retention.check.interval.ms'),
    cleanerIsEnabled: settings.get('log.cleaner.enable'),
    cleanerBackoffMs: settings.get('log.cleaner.backoff.ms'),
    offsetMapBytesMax: settings.get('log.cleaner.dedupe.buffer.size'),
    offsetMapLoadMax: settings.get('log.cleaner.io.buffer.load.factor'),
    bytesPerSecondMax: settings.get('log.cleaner.io.max.bytes.per.second'),
  };
}
