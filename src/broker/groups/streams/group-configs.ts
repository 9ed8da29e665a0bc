// The settings of a streams group: its own dynamic configs (streams.session.timeout.ms and the like), held within the
// broker's bounds, else the broker's defaults (Apache Kafka's GroupConfig and GroupCoordinatorConfig).

import type { BrokerSettings } from '../../config/settings.ts';
import type { ConfigMap } from '../../metadata/image.ts';
import type { StreamsGroupSettings } from './streams-decision.ts';

export function streamsGroupSettings(
  settings: BrokerSettings,
  own: ConfigMap | undefined,
): StreamsGroupSettings {
  const bounded = (name: string, { value, min, max }: { value: number; min: number; max: number }) => {
    const text = own?.get(`streams.${name}`);
    return text === undefined ? value : Math.min(Math.max(Number(text), min), max);
  };
  const unbounded = { min: 0, max: Number.MAX_SAFE_INTEGER };
  return {
    sessionTimeoutMs: bounded('session.timeout.ms', {
      value: settings.get('group.streams.session.timeout.ms'),
      min: settings.get('group.streams.min.session.timeout.ms'),
      max: settings.get('group.streams.max.session.timeout.ms'),
    }),
    heartbeatIntervalMs: bounded('heartbeat.interval.ms', {
      value: settings.get('group.streams.heartbeat.interval.ms'),
      min: settings.get('group.streams.min.heartbeat.interval.ms'),
      max: settings.get('group.streams.max.heartbeat.interval.ms'),
    }),
    assignmentIntervalMs: bounded('assignment.interval.ms', {
      value: settings.get('group.streams.assignment.interval.ms'),
      min: settings.get('group.streams.min.assignment.interval.ms'),
      max: settings.get('group.streams.max.assignment.interval.ms'),
    }),
    standbyReplicas: bounded('num.standby.replicas', {
      value: settings.get('group.streams.num.standby.replicas'),
      min: 0,
      max: settings.get('group.streams.max.standby.replicas'),
    }),
    initialRebalanceDelayMs: bounded('initial.rebalance.delay.ms', {
      value: settings.get('group.streams.initial.rebalance.delay.ms'),
      ...unbounded,
    }),
    maxSize: settings.get('group.streams.max.size'),
  };
}
