// What the values of a group must satisfy together and against the broker's bounds (GroupConfig.validateValues).

import { keyOf } from './config-key.ts';
import { ConfigError, parseConfigValue } from './config-value.ts';
import { groupKeys } from './keys/group.ts';

/** A group key, and the broker keys that bound it; Apache Kafka's order. */
const BOUNDS: readonly {
  readonly name: string;
  readonly min?: string;
  readonly max?: string;
  readonly onlyIfSet?: true;
}[] = [
  bounded('consumer', 'heartbeat.interval.ms'),
  bounded('consumer', 'session.timeout.ms'),
  { ...bounded('consumer', 'assignment.interval.ms'), onlyIfSet: true },
  bounded('share', 'heartbeat.interval.ms'),
  bounded('share', 'session.timeout.ms'),
  bounded('share', 'record.lock.duration.ms'),
  bounded('share', 'delivery.count.limit'),
  {
    name: 'share.partition.max.record.locks',
    min: 'group.share.min.partition.max.record.locks',
    max: 'group.share.max.partition.max.record.locks',
  },
  { ...bounded('share', 'assignment.interval.ms'), onlyIfSet: true },
  bounded('streams', 'heartbeat.interval.ms'),
  bounded('streams', 'session.timeout.ms'),
  { name: 'streams.num.standby.replicas', max: 'group.streams.max.standby.replicas' },
  { ...bounded('streams', 'assignment.interval.ms'), onlyIfSet: true },
];

function bounded(
  kind: string,
  tail: string,
): { readonly name: string; readonly min: string; readonly max: string } {
  return { name: `${kind}.${tail}`, min: `group.${kind}.min.${tail}`, max: `group.${kind}.max.${tail}` };
}

export function checkGroupValues(
  textOf: (name: string) => string | null,
  brokerNumber: (name: string) => number | null,
  own: ReadonlyMap<string, string>,
): void {
  const numberOf = (name: string): number | null => {
    const key = keyOf(groupKeys, name);
    const value = key === undefined ? null : parseConfigValue(name, key, textOf(name));
    return typeof value === 'number' ? value : null;
  };
  for (const [name, text] of own) parseConfigValue(name, keyOf(groupKeys, name)!, text);
  for (const { name, min, max, onlyIfSet } of BOUNDS) {
    const value = numberOf(name);
    if (value === null || (onlyIfSet && !own.has(name))) continue;
    const lowest = min === undefined ? null : brokerNumber(min);
    const highest = max === undefined ? null : brokerNumber(max);
    if (lowest !== null && value < lowest)
      throw new ConfigError(`${name} must be greater than or equal to ${min}`);
    if (highest !== null && value > highest)
      throw new ConfigError(`${name} must be less than or equal to ${max}`);
  }
  for (const kind of ['consumer', 'share', 'streams']) {
    const sessionMs = numberOf(`${kind}.session.timeout.ms`);
    const heartbeatMs = numberOf(`${kind}.heartbeat.interval.ms`);
    if (sessionMs !== null && heartbeatMs !== null && sessionMs <= heartbeatMs) {
      throw new ConfigError(`${kind}.session.timeout.ms must be greater than ${kind}.heartbeat.interval.ms`);
    }
  }
}
