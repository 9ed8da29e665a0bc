// The settings of a share group that its partitions go by: its own dynamic configs (share.record.lock.duration.ms and the
// like), held within the broker's bounds, else the broker's defaults (Apache Kafka's ShareGroupConfigProvider). Read anew
// whenever they are needed, so a change takes effect with the next delivery.

import type { BrokerSettings } from '../config/settings.ts';
import type { ConfigMap } from '../metadata/image.ts';

export type AutoOffsetReset = 'earliest' | 'latest' | { readonly durationMs: number };

export interface ShareGroupSettings {
  readonly recordLockDurationMs: number;
  readonly deliveryCountLimit: number;
  readonly partitionRecordLocksMax: number;
  readonly isRenewEnabled: boolean;
  readonly isolation: 'read_committed' | 'read_uncommitted';
  readonly autoOffsetReset: AutoOffsetReset;
}

const BY_DURATION = 'by_duration:';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

export function shareGroupSettings(settings: BrokerSettings, own: ConfigMap | undefined): ShareGroupSettings {
  const bounded = (name: string, { value, min, max }: { value: number; min: number; max: number }) => {
    const text = own?.get(`share.${name}`);
    return text === undefined ? value : Math.min(Math.max(Number(text), min), max);
  };
  return {
    recordLockDurationMs: bounded('record.lock.duration.ms', {
      value: settings.get('group.share.record.lock.duration.ms'),
      min: settings.get('group.share.min.record.lock.duration.ms'),
      max: settings.get('group.share.max.record.lock.duration.ms'),
    }),
    deliveryCountLimit: bounded('delivery.count.limit', {
      value: settings.get('group.share.delivery.count.limit'),
      min: settings.get('group.share.min.delivery.count.limit'),
      max: settings.get('group.share.max.delivery.count.limit'),
    }),
    partitionRecordLocksMax: bounded('partition.max.record.locks', {
      value: settings.get('group.share.partition.max.record.locks'),
      min: settings.get('group.share.min.partition.max.record.locks'),
      max: settings.get('group.share.max.partition.max.record.locks'),
    }),
    isRenewEnabled: own?.get('share.renew.acknowledge.enable')?.toLowerCase() !== 'false',
    isolation: own?.get('share.isolation.level') === 'read_committed' ? 'read_committed' : 'read_uncommitted',
    autoOffsetReset: autoOffsetResetOf(own?.get('share.auto.offset.reset') ?? 'latest'),
  };
}

function autoOffsetResetOf(text: string): AutoOffsetReset {
  if (text === 'earliest') return 'earliest';
  if (text.startsWith(BY_DURATION)) return { durationMs: durationMsOf(text.slice(BY_DURATION.length)) };
  return 'latest';
}

/** PnDTnHnMn.nS; the table has checked it. */
function durationMsOf(text: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d*)?)S)?)?$/i.exec(text);
  const numberOf = (index: number) => Number((parts?.[index] ?? '0').replace(',', '.'));
  return numberOf(1) * DAY_MS + numberOf(2) * HOUR_MS + numberOf(3) * MINUTE_MS + numberOf(4) * SECOND_MS;
}
