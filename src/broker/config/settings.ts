// The configuration in force: what Apache Kafka layers over one another, by precedence
//   1. dynamic values of this broker   (ConfigRecord BROKER:<node id>)
//   2. dynamic values of all brokers   (ConfigRecord BROKER:"")
//   3. static properties               (file, environment, flags; the profile's defaults beneath them)
//   4. the defaults of the key tables
// and, for a topic or group, its own values above all of them. Within a layer, synonyms (`log.retention.ms` before
// `log.retention.hours`) count in the order the tables give. Values are parsed once and forgotten when metadata changes.

import type { LogSettings } from '../../storage/log/log-settings.ts';
import type { ConfigMap, ConfigResource } from '../metadata/image.ts';
import { ResourceType } from '../metadata/image.ts';
import {
  type BrokerSynonym,
  type ConfigKey,
  type ConfigValue,
  keyOf,
  type ValueOfKey,
} from './config-key.ts';
import { parseConfigValue } from './config-value.ts';
import { checkGroupValues } from './group-rules.ts';
import { brokerKeys } from './keys/broker.ts';
import { groupKeys } from './keys/group.ts';
import { topicKeys } from './keys/topic.ts';

export type BrokerKeyName = keyof typeof brokerKeys;
export type BrokerKeyValue<Name extends BrokerKeyName> = ValueOfKey<(typeof brokerKeys)[Name]>;
export type TopicKeyName = keyof typeof topicKeys;
export type TopicKeyValue<Name extends TopicKeyName> = ValueOfKey<(typeof topicKeys)[Name]>;

/** DescribeConfigsResponse.ConfigSource */
export const ConfigSource = {
  UNKNOWN: 0,
  TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  CLIENT_METRICS_CONFIG: 7,
  GROUP_CONFIG: 8,
} as const;

export interface ConfigLayer {
  readonly source: number;
  readonly values: ConfigMap;
}

/** What the parts of the broker that write a topic's log need to know about it. */
export interface TopicSettings {
  readonly log: LogSettings;
  readonly maxMessageBytes: number;
  readonly isCompacted: boolean;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  /** `producer` keeps what the client chose. */
  readonly compressionType: string;
  get<Name extends TopicKeyName>(name: Name): TopicKeyValue<Name>;
}

export interface BrokerSettingsOptions {
  readonly nodeId: number;
  readonly properties: ReadonlyMap<string, string>;
  /** Values set through ConfigRecords; see readDynamicFrom. */
  readonly configOf?: ConfigSourceOfRecords;
}

export type ConfigSourceOfRecords = (resource: ConfigResource) => ConfigMap | undefined;

/** Throws ConfigError. */
export type ProposalCheck = (proposed: BrokerSettings) => void;

const NOTHING: ConfigMap = new Map();
/** The broker takes any negative time for it, a topic only -1 (AbstractKafkaConfig.logRetentionTimeMillis). */
const RETENTION_TIME = 'retention.ms';
const UNLIMITED = '-1';

export class BrokerSettings {
  readonly nodeId: number;
  readonly properties: ReadonlyMap<string, string>;
  #configOf: ConfigSourceOfRecords;
  readonly #values = new Map<string, ConfigValue | null>();
  readonly #topics = new Map<string, TopicSettings>();
  #plainTopic: TopicSettings | null = null;
  readonly #listeners: (() => void)[] = [];
  readonly #checks: ProposalCheck[] = [];

  constructor(options: BrokerSettingsOptions) {
    this.nodeId = options.nodeId;
    this.properties = options.properties;
    this.#configOf = options.configOf ?? (() => undefined);
  }

  /** Settings are read before there is metadata (listeners, ports); until then nothing is dynamic. */
  readDynamicFrom(configOf: ConfigSourceOfRecords): void {
    this.#configOf = configOf;
    this.forget(null);
  }

  get<Name extends BrokerKeyName>(name: Name): BrokerKeyValue<Name> {
    let value = this.#values.get(name);
    if (value === undefined) {
      value = parseConfigValue(
        name,
        brokerKeys[name],
        this.#configuredText([{ name }]) ?? brokerKeys[name].default,
      );
      this.#values.set(name, value);
    }
    return value as BrokerKeyValue<Name>;
  }

  /** Throws ConfigError for a static property that Apache Kafka would refuse to start with. */
  checkProperties(): void {
    for (const [name, text] of this.properties) {
      const key = keyOf(brokerKeys, name);
      if (key !== undefined) parseConfigValue(name, key, text);
    }
  }

  topic(name: string): TopicSettings {
    let settings = this.#topics.get(name);
    if (settings === undefined) {
      const own = this.#configOf({ type: ResourceType.TOPIC, name }) ?? NOTHING;
      // Most topics set nothing themselves: they share one object.
      this.#plainTopic ??= this.topicWith(NOTHING);
      settings = own.size === 0 ? this.#plainTopic : this.topicWith(own);
      this.#topics.set(name, settings);
    }
    return settings;
  }

  /** The settings a topic with these own values has: also for one that is about to be created. */
  topicWith(own: ConfigMap): TopicSettings {
    const get = <Name extends TopicKeyName>(name: Name): TopicKeyValue<Name> =>
      parseConfigValue(
        name,
        topicKeys[name],
        own.get(name) ?? this.topicDefault(name),
      ) as TopicKeyValue<Name>;
    return topicSettingsOf(get);
  }

  /** What a topic has that does not set the key itself. */
  topicDefault(name: string): string | null {
    const key = keyOf(topicKeys, name);
    if (key === undefined) return null;
    const synonyms = key.synonyms ?? [];
    const text = this.#configuredText(synonyms) ?? defaultOf(synonyms) ?? key.default;
    return name === RETENTION_TIME && Number(text) < 0 ? UNLIMITED : text;
  }

  /** Which layer gives a topic its default. */
  sourceOfTopicDefault(name: string): number {
    const synonyms = keyOf(topicKeys, name)?.synonyms ?? [];
    const layer = this.brokerLayers().find(({ values }) =>
      synonyms.some(synonym => values.has(synonym.name)),
    );
    return layer?.source ?? ConfigSource.DEFAULT_CONFIG;
  }

  /** A broker key as it is set in the highest layer, or its default. */
  brokerText(name: string): string | null {
    return this.#configuredText([{ name }]) ?? keyOf(brokerKeys, name)?.default ?? null;
  }

  /** Throws ConfigError unless a group may have these own values. */
  checkGroup(own: ConfigMap): void {
    checkGroupValues(
      name => own.get(name) ?? this.groupDefault(name),
      name => this.#number(name),
      own,
    );
  }

  /** What a group has that does not set the key itself. */
  groupDefault(name: string): string | null {
    const key = keyOf(groupKeys, name);
    if (key === undefined) return null;
    const synonyms = key.synonyms ?? [];
    return this.#configuredText(synonyms) ?? defaultOf(synonyms) ?? key.default;
  }

  /** Layers of broker values, by precedence, without the defaults. */
  brokerLayers(): readonly ConfigLayer[] {
    const dynamic = (name: string) => this.#configOf({ type: ResourceType.BROKER, name }) ?? NOTHING;
    return [
      { source: ConfigSource.DYNAMIC_BROKER_CONFIG, values: dynamic(String(this.nodeId)) },
      { source: ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, values: dynamic('') },
      { source: ConfigSource.STATIC_BROKER_CONFIG, values: this.properties },
    ];
  }

  /** Metadata's configs changed: of one topic, or (null) of the broker, which touches every topic. */
  forget(topic: string | null): void {
    if (topic !== null) {
      this.#topics.delete(topic);
      return;
    }
    this.#values.clear();
    this.#topics.clear();
    this.#plainTopic = null;
    for (const listener of this.#listeners) listener();
  }

  /** Asked before values of the broker change: by what works with them while running. */
  addCheck(check: ProposalCheck): void {
    this.#checks.push(check);
  }

  /** Throws ConfigError unless the broker could go on with these own values of it, or of all brokers. */
  checkProposed(proposed: BrokerSettings): void {
    for (const check of this.#checks) check(proposed);
  }

  /** As they would be if the resource had these own values. */
  proposed(resource: ConfigResource, own: ConfigMap): BrokerSettings {
    const configOf: ConfigSourceOfRecords = other =>
      other.type === resource.type && other.name === resource.name ? own : this.#configOf(other);
    return new BrokerSettings({ nodeId: this.nodeId, properties: this.properties, configOf });
  }

  /** Called whenever values of the broker may have changed, for as long as it lives. */
  onBrokerChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** A numeric broker key that the table may lack. */
  #number(name: string): number | null {
    const key = keyOf(brokerKeys, name);
    if (key === undefined) return null;
    const value = parseConfigValue(name, key, this.#configuredText([{ name }]) ?? key.default);
    return typeof value === 'number' ? value : null;
  }

  #configuredText(synonyms: readonly BrokerSynonym[]): string | undefined {
    for (const { values } of this.brokerLayers()) {
      for (const { name, factor } of synonyms) {
        const text = values.get(name);
        if (text !== undefined) return scaled(text, factor);
      }
    }
    return undefined;
  }
}

function defaultOf(synonyms: readonly BrokerSynonym[]): string | undefined {
  for (const { name, factor } of synonyms) {
    const text = (keyOf(brokerKeys, name) as ConfigKey | undefined)?.default;
    if (text != null) return scaled(text, factor);
  }
  return undefined;
}

/** A negative value (`log.retention.hours=-1`) means without bound and is not scaled (AbstractKafkaConfig). */
function scaled(text: string, factor: number | undefined): string {
  if (factor === undefined) return text;
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 ? String(value * factor) : text;
}

function topicSettingsOf(get: TopicSettings['get']): TopicSettings {
  const cleanupPolicy = get('cleanup.policy') as LogSettings['cleanupPolicy'];
  return {
    get,
    log: {
      segmentBytes: get('segment.bytes'),
      segmentMs: get('segment.ms'),
      segmentJitterMs: get('segment.jitter.ms'),
      segmentIndexBytes: get('segment.index.bytes'),
      indexIntervalBytes: get('index.interval.bytes'),
      retentionMs: get('retention.ms'),
      retentionBytes: get('retention.bytes'),
      maxMessageBytes: get('max.message.bytes'),
      cleanupPolicy,
      fileDeleteDelayMs: get('file.delete.delay.ms'),
      minCleanableDirtyRatio: get('min.cleanable.dirty.ratio'),
      minCompactionLagMs: get('min.compaction.lag.ms'),
      maxCompactionLagMs: get('max.compaction.lag.ms'),
      deleteRetentionMs: get('delete.retention.ms'),
    },
    maxMessageBytes: get('max.message.bytes'),
    isCompacted: cleanupPolicy.includes('compact'),
    timestampType: get('message.timestamp.type') as TopicSettings['timestampType'],
    timestampBeforeMaxMs: get('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: get('message.timestamp.after.max.ms'),
    compressionType: get('compression.type'),
  };
}
