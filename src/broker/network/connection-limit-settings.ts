// The keys of connection limits as values, and what Apache Kafka refuses of them (KafkaConfig.validateValues,
// ConnectionQuotas.validateReconfiguration). Names of hosts among the overrides are looked up once per change; until the
// answer is there, and when there is none, the limit of all addresses holds for them.

import { isIP } from 'node:net';
import { ConfigError } from '../config/config-value.ts';
import type { BrokerSettings } from '../config/settings.ts';
import { ListenerValues } from '../security/listener-values.ts';
import { withoutIPv4Mapping } from './advertised-endpoints.ts';
import type { ConnectionLimitValues } from './connection-limits.ts';

const PER_ADDRESS = 'max.connections.per.ip';
const OVERRIDES = 'max.connections.per.ip.overrides';
/** Utils.validHostPattern */
const HOST = /^([0-9a-zA-Z\-%._:]*)$/;
/** More than this is a mistake in the configuration, not a plan. */
const OVERRIDES_MAX = 10_000;

/** Host or address to its limit. Throws Error in Apache Kafka's words. */
export function parseAddressOverrides(text: string): Map<string, number> {
  const overrides = new Map<string, number>();
  const entries = text.split(/\s*,\s*/).filter(entry => entry.trim() !== '');
  if (entries.length > OVERRIDES_MAX) throw new Error(`${OVERRIDES} has more than ${OVERRIDES_MAX} entries.`);
  for (const entry of entries) {
    const colon = entry.lastIndexOf(':');
    if (colon < 0) {
      throw new Error(
        `Error parsing configuration property '${OVERRIDES}': begin 0, end -1, length ${entry.length}`,
      );
    }
    const count = entry.slice(colon + 1).trim();
    if (!/^[+-]?\d{1,10}$/.test(count)) throw new Error(`For input string: "${count}"`);
    overrides.set(entry.slice(0, colon).trim(), Number(count));
  }
  return overrides;
}

/** Throws Error in Apache Kafka's words. */
export function checkAddressLimits(textOf: (name: string) => string | null): void {
  const overrides = parseAddressOverrides(textOf(OVERRIDES) ?? '');
  if (Number(textOf(PER_ADDRESS)) === 0 && overrides.size === 0) {
    throw new Error(
      `requirement failed: ${PER_ADDRESS} can be set to zero only if ${OVERRIDES} property is set.`,
    );
  }
  const invalid = [...overrides.keys()].filter(host => !HOST.test(host));
  if (invalid.length > 0) throw new Error(`${OVERRIDES} contains invalid addresses : ${invalid.join(',')}`);
}

/** Throws ConfigError in Apache Kafka's words for a listener that would take no connection any more. */
export function checkListenerLimits(
  listenerNames: Iterable<string>,
  current: BrokerSettings,
  proposed: BrokerSettings,
): void {
  for (const name of listenerNames) {
    for (const key of ['max.connections', 'max.connection.creation.rate'] as const) {
      const value = new ListenerValues(proposed, name).get(key);
      if (value <= 0 && value !== new ListenerValues(current, name).get(key)) {
        throw new ConfigError(`Invalid ${key} ${value}`);
      }
    }
  }
}

/** Values that follow the settings. */
export function connectionLimitValues(
  settings: BrokerSettings,
  addressesOf: (hostName: string) => Promise<readonly string[]>,
): ConnectionLimitValues {
  let text = '';
  let byAddress = new Map<string, number>();
  const overridesNow = () => {
    const current = settings.get(OVERRIDES);
    if (current === text) return byAddress;
    text = current;
    const found = new Map<string, number>();
    byAddress = found;
    for (const [host, limit] of parseAddressOverrides(current)) {
      if (isIP(host) !== 0) found.set(withoutIPv4Mapping(host), limit);
      else {
        void addressesOf(host).then(addresses => {
          for (const address of addresses) found.set(withoutIPv4Mapping(address), limit);
        });
      }
    }
    return byAddress;
  };
  overridesNow();
  return {
    get all() {
      return {
        connections: settings.get('max.connections'),
        creationRate: settings.get('max.connection.creation.rate'),
      };
    },
    perListener: name => {
      const values = new ListenerValues(settings, name);
      return {
        connections: values.get('max.connections'),
        creationRate: values.get('max.connection.creation.rate'),
      };
    },
    perAddress: address => overridesNow().get(address) ?? settings.get(PER_ADDRESS),
  };
}
