// The settings of a consumer group: its own dynamic configs (consumer.session.timeout.ms and the like), held within the
// broker's bounds, else the broker's defaults (Apache Kafka's GroupConfig and GroupCoordinatorConfig).

import type { BrokerSettings } from '../../config/settings.ts';
import type { ConfigMap } from '../../metadata/image.ts';
import { MEMBERS_MAX } from '../classic/join.ts';
import type { ConsumerGroupSettings, MigrationPolicy } from './consumer-decision.ts';

/** group.consumer.regex.refresh.interval.ms, which Apache Kafka does not document. */
const REGEX_REFRESH_INTERVAL_MS = 600_000;

const CLASS_NAMES: ReadonlyMap<string, string> = new Map([
  ['org.apache.kafka.coordinator.group.assignor.UniformAssignor', 'uniform'],
  ['org.apache.kafka.coordinator.group.assignor.RangeAssignor', 'range'],
]);

export function consumerGroupSettings(
  settings: BrokerSettings,
  own: ConfigMap | undefined,
): ConsumerGroupSettings {
  const bounded = (name: string, { value, min, max }: { value: number; min: number; max: number }) => {
    const text = own?.get(`consumer.${name}`);
    return text === undefined ? value : Math.min(Math.max(Number(text), min), max);
  };
  return {
    sessionTimeoutMs: bounded('session.timeout.ms', {
      value: settings.get('group.consumer.session.timeout.ms'),
      min: settings.get('group.consumer.min.session.timeout.ms'),
      max: settings.get('group.consumer.max.session.timeout.ms'),
    }),
    heartbeatIntervalMs: bounded('heartbeat.interval.ms', {
      value: settings.get('group.consumer.heartbeat.interval.ms'),
      min: settings.get('group.consumer.min.heartbeat.interval.ms'),
      max: settings.get('group.consumer.max.heartbeat.interval.ms'),
    }),
    assignmentIntervalMs: bounded('assignment.interval.ms', {
      value: settings.get('group.consumer.assignment.interval.ms'),
      min: settings.get('group.consumer.min.assignment.interval.ms'),
      max: settings.get('group.consumer.max.assignment.interval.ms'),
    }),
    maxSize: Math.min(settings.get('group.consumer.max.size'), MEMBERS_MAX),
    assignors: settings.get('group.consumer.assignors').map(name => CLASS_NAMES.get(name) ?? name),
    regexRefreshIntervalMs: REGEX_REFRESH_INTERVAL_MS,
    migrationPolicy: settings.get('group.consumer.migration.policy').toLowerCase() as MigrationPolicy,
  };
}
