// How configuration is shown: every key with its value, where the value comes from, and what else names it, as Apache
// Kafka's ConfigHelper lays it out. Connect, Streams and every console read this; a missing source looks like a bug.

import { type ConfigMap, ResourceType } from '../metadata/image.ts';
import { type ConfigKey, type ConfigTable, ConfigTypeId, keyOf } from './config-key.ts';
import { printConfigValue } from './config-value.ts';
import { brokerKeys } from './keys/broker.ts';
import { clientMetricsKeys } from './keys/client-metrics.ts';
import { groupKeys } from './keys/group.ts';
import { topicKeys } from './keys/topic.ts';
import { type BrokerSettings, ConfigSource } from './settings.ts';

export interface ConfigSynonymEntry {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

export interface DescribedConfig {
  readonly name: string;
  /** null also for what is secret. */
  readonly value: string | null;
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  readonly source: number;
  readonly synonyms: readonly ConfigSynonymEntry[];
  readonly typeId: number;
  readonly documentation: string | null;
}

/** DynamicBrokerConfig.brokerConfigSynonyms: keys that mean the same in another unit, by precedence. */
const SYNONYM_GROUPS: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
];
const FLUSH_SYNONYMS = ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'];
const LISTENER_OVERRIDE = /^listener\.name\.[^.]*\.(.*)$/;

export function describeTopic(settings: BrokerSettings, own: ConfigMap): DescribedConfig[] {
  return describeOwned(own, {
    table: topicKeys,
    source: ConfigSource.TOPIC_CONFIG,
    defaultOf: name => settings.topicDefault(name),
    synonymsOf: key => brokerSynonymsOf(settings, key),
  });
}

export function describeGroup(settings: BrokerSettings, own: ConfigMap): DescribedConfig[] {
  return describeOwned(own, {
    table: groupKeys,
    source: ConfigSource.GROUP_CONFIG,
    defaultOf: name => settings.groupDefault(name),
    synonymsOf: (key, name) =>
      key.synonyms === undefined && key.default !== null
        ? [{ name, value: key.default, source: ConfigSource.DEFAULT_CONFIG }]
        : brokerSynonymsOf(settings, key),
  });
}

export function describeClientMetrics(own: ConfigMap): DescribedConfig[] {
  return describeOwned(own, {
    table: clientMetricsKeys,
    source: ConfigSource.CLIENT_METRICS_CONFIG,
    defaultOf: name => keyOf(clientMetricsKeys, name)?.default ?? null,
    synonymsOf: () => [],
  });
}

/** Of this node: every key, and whatever else was set. */
export function describeBroker(settings: BrokerSettings): DescribedConfig[] {
  const names = new Set<string>();
  for (const { values } of settings.brokerLayers()) {
    for (const name of values.keys()) if (keyOf(brokerKeys, name) === undefined) names.add(name);
  }
  for (const name of Object.keys(brokerKeys)) names.add(name);
  return [...names].map(name => describeBrokerKey(settings, name, settings.brokerText(name)));
}

/** Of all brokers: what was set for them dynamically, and nothing else. */
export function describeBrokerDefaults(settings: BrokerSettings): DescribedConfig[] {
  const source = ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
  const layer = settings.brokerLayers().find(candidate => candidate.source === source)!;
  return Array.from(layer.values, ([name, text]) => {
    const described = describeBrokerKey(settings, name, text);
    const synonyms = described.synonyms.filter(synonym => synonym.source === source);
    return { ...described, synonyms, source: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG };
  });
}

function describeBrokerKey(settings: BrokerSettings, name: string, text: string | null): DescribedConfig {
  const key = keyOf(brokerKeys, LISTENER_OVERRIDE.exec(name)?.[1] ?? name);
  const isSensitive = key === undefined || key.type === 'PASSWORD';
  const synonyms = brokerSynonyms(settings, name, isSensitive);
  return {
    name,
    value: isSensitive || text === null ? null : printConfigValue(key, text),
    isReadOnly: key?.dynamic === undefined,
    isSensitive,
    source: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
    synonyms,
    typeId: key === undefined ? ConfigTypeId.UNKNOWN : ConfigTypeId[key.type],
    documentation: key?.doc ?? null,
  };
}

/** A resource with values of its own above the broker's. */
function describeOwned(
  own: ConfigMap,
  options: {
    readonly table: ConfigTable;
    readonly source: number;
    readonly defaultOf: (name: string) => string | null;
    readonly synonymsOf: (key: ConfigKey, name: string) => readonly ConfigSynonymEntry[];
  },
): DescribedConfig[] {
  const { table, source, defaultOf, synonymsOf } = options;
  const unknown = [...own.keys()].filter(name => keyOf(table, name) === undefined);
  return [...unknown, ...Object.keys(table)].map(name => {
    const key = keyOf(table, name);
    const isSensitive = key === undefined || key.type === 'PASSWORD';
    const text = own.get(name) ?? defaultOf(name);
    const value = isSensitive || text === null ? null : printConfigValue(key, text);
    const below = key === undefined ? [] : synonymsOf(key, name);
    const synonyms = own.has(name) ? [{ name, value, source }, ...below] : below;
    return {
      name,
      value,
      isReadOnly: false,
      isSensitive,
      source: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
      synonyms,
      typeId: key === undefined ? ConfigTypeId.UNKNOWN : ConfigTypeId[key.type],
      documentation: key?.doc ?? null,
    };
  });
}

function brokerSynonymsOf(settings: BrokerSettings, key: ConfigKey): readonly ConfigSynonymEntry[] {
  const first = key.synonyms?.[0];
  return first === undefined ? [] : brokerSynonyms(settings, first.name, false);
}

/** By precedence; what stands before the first mention of the name itself is not shown (ConfigHelper.configSynonyms). */
function brokerSynonyms(
  settings: BrokerSettings,
  name: string,
  isSensitive: boolean,
): readonly ConfigSynonymEntry[] {
  const names = synonymsOfBrokerKey(name);
  const entries: ConfigSynonymEntry[] = [];
  for (const { source, values } of settings.brokerLayers()) {
    for (const synonym of names) {
      const value = values.get(synonym);
      if (value !== undefined) entries.push({ name: synonym, value: isSensitive ? null : value, source });
    }
  }
  for (const synonym of names) {
    const value = keyOf(brokerKeys, synonym)?.default;
    if (value != null) {
      entries.push({ name: synonym, value: isSensitive ? null : value, source: ConfigSource.DEFAULT_CONFIG });
    }
  }
  const own = entries.findIndex(entry => entry.name === name);
  return own < 0 ? [] : entries.slice(own);
}

export function synonymsOfBrokerKey(name: string): readonly string[] {
  if (name === FLUSH_SYNONYMS[0]) return FLUSH_SYNONYMS;
  const group = SYNONYM_GROUPS.find(names => names.includes(name));
  if (group !== undefined) return group;
  const override = LISTENER_OVERRIDE.exec(name);
  return override === null ? [name] : [name, override[1]!];
}

/** What CreateTopics answers about a new topic: every key by name, and which kind of source decides it. */
export function effectiveTopicConfigs(settings: BrokerSettings, own: ConfigMap): DescribedConfig[] {
  return Object.keys(topicKeys)
    .sort()
    .map(name => {
      const key = keyOf(topicKeys, name)!;
      const isOwn = own.has(name);
      const source = isOwn ? ConfigSource.TOPIC_CONFIG : settings.sourceOfTopicDefault(name);
      // What was asked for is said back as it was written, spaces and all.
      const value = isOwn ? own.get(name)! : settings.topicDefault(name);
      const typeId = ConfigTypeId[key.type];
      const { doc: documentation } = key;
      return {
        name,
        value,
        isReadOnly: false,
        isSensitive: false,
        source,
        synonyms: [],
        typeId,
        documentation,
      };
    });
}

/** Whether a resource type has configuration that can be read. */
export function isDescribable(resourceType: number): boolean {
  return (
    (Object.values(ResourceType) as number[]).includes(resourceType) && resourceType !== ResourceType.UNKNOWN
  );
}
