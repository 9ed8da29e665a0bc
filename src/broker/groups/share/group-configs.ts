// The settings of a share group: its own dynamic configs (share.session.timeout.ms and the like), held within the broker's
// bounds, else the broker's defaults (Apache Kafka's GroupConfig and GroupCoordinatorConfig).

import type { BrokerSettings } from '../../config/settings.ts';
import type { ConfigMap } from '../../metadata/image.ts';
import type { ShareGroupSettings } from './share-decision.ts';

/** group.share.initialize.retry.interval.ms, which Apache Kafka does not document. */
const INITIALIZE_RETRY_INTERVAL_MS = 30_000;

export function shareGroupSettings(settings: BrokerSettings, own: ConfigMap | undefined): ShareGroupSettings {
  const bounded = (name: string, { value, min, max }: { value: number; min: number; max: number }) => {
    const text = own?.get(`share.${name}`);
    return text === undefined ? value : Math.min(Math.max(Number(text), min), max);
  };
  return {
    sessionTimeoutMs: bounded('session.timeout.ms', {
      value: settings.get('group.share.session.timeout.ms'),
      min: settings.get('group.share.min.session.timeout.ms'),
      max: settings.get('group.share.max.session.timeout.ms'),
    }),
    heartbeatIntervalMs: bounded('heartbeat.interval.ms', {
      value: settings.get('group.share.heartbeat.interval.ms'),
      min: settings.get('group.share.min.heartbeat.interval.ms'),
      max: settings.get('group.share.max.heartbeat.interval.ms'),
    }),
    assignmentIntervalMs: bounded('assignment.interval.ms', {
      value: settings.get('group.share.assignment.interval.ms'),
      min: settings.get('group.share.min.assignment.interval.ms'),
      max: settings.get('group.share.max.assignment.interval.ms'),
    }),
    maxSize: settings.get('group.share.max.size'),
    initializeRetryIntervalMs: INITIALIZE_RETRY_INTERVAL_MS,
  };
}
