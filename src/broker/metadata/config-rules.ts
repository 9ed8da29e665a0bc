// What a resource's values must satisfy together (ControllerConfigurationValidator, LogConfig, GroupConfig,
// ClientMetricsConfigs, DynamicBrokerConfig). Throws ConfigError (INVALID_CONFIG) or KafkaError, in Apache Kafka's words.

import { KafkaError } from '../../protocol/errors.ts';
import { type ConfigTable, keyOf } from '../config/config-key.ts';
import { ConfigError, parseConfigValue } from '../config/config-value.ts';
import { brokerKeys } from '../config/keys/broker.ts';
import { clientMetricsKeys } from '../config/keys/client-metrics.ts';
import { groupKeys } from '../config/keys/group.ts';
import { topicKeys } from '../config/keys/topic.ts';
import type { BrokerSettings } from '../config/settings.ts';
import { checkAddressLimits } from '../network/connection-limit-settings.ts';
import type { ResourceChange } from './alter-configs.ts';
import { checkLocalRetention, checkThreadCounts, checkTogether } from './dynamic-broker-rules.ts';
import type { MetadataEnvironment } from './environment.ts';
import { type ConfigMap, type ConfigResource, type MetadataImage, ResourceType } from './image.ts';
import { problemOfTopicName } from './topic-names.ts';

/** ClientMetricsConfigs.MIN_INTERVAL_MS, MAX_INTERVAL_MS */
const METRICS_INTERVAL_MS_MIN = 100;
const METRICS_INTERVAL_MS_MAX = 3_600_000;
/** ClientMetricsConfigs.ALLOWED_MATCH_PARAMS */
const MATCH_PARAMETERS: ReadonlySet<string> = new Set([
  'client_id',
  'client_instance_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
]);
/** `listener.name.<listener>.<key>` sets a key for one listener. */
const LISTENER_OVERRIDE = /^listener\.name\.[^.]*\.(.*)$/;
/** DynamicBrokerConfig.CLUSTER_LEVEL_LISTENER_CONFIGS: what a listener may have for all brokers at once. */
const CLUSTER_WIDE_LISTENER_KEYS: ReadonlySet<string> = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
]);

/** null: a type without stored values. */
export function tableOf(resourceType: number): ConfigTable | null {
  switch (resourceType) {
    case ResourceType.TOPIC:
      return topicKeys;
    case ResourceType.BROKER:
      return brokerKeys;
    case ResourceType.CLIENT_METRICS:
      return clientMetricsKeys;
    case ResourceType.GROUP:
      return groupKeys;
    default:
      return null;
  }
}

/** Judges all values a resource would have. */
export function checkValues(resource: ConfigResource, values: ConfigMap, settings: BrokerSettings): void {
  const { type, name } = resource;
  if (type === ResourceType.TOPIC) checkTopic(name, values, settings);
  else if (type === ResourceType.CLIENT_METRICS) checkClientMetrics(name, values);
  else if (type === ResourceType.GROUP) checkGroup(name, values, settings);
  else checkBrokerName(name);
}

function checkTopic(name: string, values: ConfigMap, settings: BrokerSettings): void {
  if (name === '') throw new KafkaError('INVALID_REQUEST', 'Default topic resources are not allowed.');
  const problem = problemOfTopicName(name);
  if (problem !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', problem);
  for (const key of values.keys()) {
    if (keyOf(topicKeys, key) === undefined) throw new ConfigError(`Unknown topic config name: ${key}`);
  }
  // Reading every value judges every value, the defaults below them included.
  const topic = settings.topicWith(values);
  for (const key of values.keys()) parseConfigValue(key, keyOf(topicKeys, key)!, values.get(key)!);
  const minLagMs = topic.get('min.compaction.lag.ms');
  const maxLagMs = topic.get('max.compaction.lag.ms');
  if (minLagMs > maxLagMs) {
    throw new ConfigError(
      `conflict topic config setting min.compaction.lag.ms (${minLagMs}) > max.compaction.lag.ms (${maxLagMs})`,
    );
  }
  if (topic.get('remote.storage.enable')) {
    throw new ConfigError(
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    );
  }
}

function checkClientMetrics(name: string, values: ConfigMap): void {
  if (name === '') throw new KafkaError('INVALID_REQUEST', "Subscription name can't be empty");
  for (const key of values.keys()) {
    if (keyOf(clientMetricsKeys, key) === undefined) {
      throw new KafkaError('INVALID_REQUEST', `Unknown client metrics configuration: ${key}`);
    }
  }
  const parsed = new Map(
    Array.from(values, ([key, text]) => [key, parseConfigValue(key, keyOf(clientMetricsKeys, key)!, text)]),
  );
  const intervalMs = parsed.get('interval.ms');
  if (
    typeof intervalMs === 'number' &&
    (intervalMs < METRICS_INTERVAL_MS_MIN || intervalMs > METRICS_INTERVAL_MS_MAX)
  ) {
    throw new KafkaError(
      'INVALID_REQUEST',
      `Invalid value ${intervalMs} for interval.ms, interval must be between 100 and 3600000 (1 hour)`,
    );
  }
  for (const pattern of (parsed.get('match') as readonly string[] | undefined) ?? []) {
    const parts = pattern.split('=');
    if (parts.length !== 2 || !MATCH_PARAMETERS.has(parts[0]!.trim()) || !isPattern(parts[1]!.trim())) {
      throw new ConfigError(`Illegal client matching pattern: ${pattern}`);
    }
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function checkGroup(name: string, values: ConfigMap, settings: BrokerSettings): void {
  if (name === '') throw new KafkaError('INVALID_REQUEST', 'Default group resources are not allowed.');
  for (const key of values.keys()) {
    if (keyOf(groupKeys, key) === undefined) throw new ConfigError(`Unknown group config name: ${key}`);
  }
  settings.checkGroup(values);
}

function checkBrokerName(name: string): void {
  if (name === '') return;
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    throw new KafkaError('INVALID_REQUEST', 'Unable to parse broker name as a base 10 number.');
  }
  if (Number(name) < 0) throw new KafkaError('INVALID_REQUEST', 'Invalid negative broker ID.');
}

export function checkResourceExists(image: MetadataImage, { type, name }: ConfigResource): void {
  if (type === ResourceType.TOPIC && !image.topicsByName.has(name)) {
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
  }
}

/** What the broker itself checks before it asks the controller: its name, and which keys may change while it runs. */
export function checkBrokerChange(
  before: ConfigMap,
  change: ResourceChange,
  { nodeId, settings }: MetadataEnvironment,
): void {
  const { resource, operations } = change;
  const isPerBroker = resource.name !== '';
  if (isPerBroker) checkNodeId(resource.name, nodeId);
  const after = new Map(before);
  for (const { name, operation, value } of operations) {
    if (operation === 'SET') after.set(name, value!);
    else if (operation === 'DELETE') after.delete(name);
    else {
      const key = keyOf(brokerKeys, name);
      if (key === undefined) throw new ConfigError(`Unknown config name: ${name}`);
      if (key.type !== 'LIST') {
        throw new ConfigError(
          `Config value ${operation.toLowerCase()} is not allowed for config key: ${name}`,
        );
      }
    }
  }
  checkDynamicKeys(after, isPerBroker);
  checkProposal(resource, after, settings);
}

/** DynamicBrokerConfig.validate: what the configuration as a whole, and each part that works with it, has against it. */
function checkProposal(resource: ConfigResource, after: ConfigMap, settings: BrokerSettings): void {
  try {
    checkAddressLimits(name => after.get(name) ?? settings.brokerText(name));
  } catch (error) {
    throw new KafkaError('INVALID_REQUEST', (error as Error).message);
  }
  const proposed = settings.proposed(resource, after);
  checkTogether(proposed);
  try {
    checkLocalRetention(proposed);
    settings.checkProposed(proposed);
    checkThreadCounts(settings, proposed);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const cause = `org.apache.kafka.common.config.ConfigException: ${error.message}`;
    throw new KafkaError(
      'INVALID_REQUEST',
      `Invalid value ${cause} for configuration Invalid dynamic configuration`,
    );
  }
}

function checkNodeId(name: string, nodeId: number): void {
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    throw new KafkaError('INVALID_REQUEST', `Node id must be an integer, but it is: ${name}`);
  }
  if (Number(name) !== nodeId) {
    throw new KafkaError('INVALID_REQUEST', `Unexpected broker id, expected ${nodeId}, but received ${name}`);
  }
}

/** DynamicBrokerConfig.validateConfigs. Names that no table knows pass: they may belong to a plug-in. */
function checkDynamicKeys(values: ConfigMap, isPerBroker: boolean): void {
  const refuse = (names: readonly string[], message: string) => {
    if (names.length > 0) throw new KafkaError('INVALID_REQUEST', `${message}: [${names.join(', ')}]`);
  };
  const names = [...values.keys()];
  const baseName = (name: string) => LISTENER_OVERRIDE.exec(name)?.[1] ?? name;
  const modeOf = (name: string) => keyOf(brokerKeys, name)?.dynamic;
  const isKnown = (name: string) => keyOf(brokerKeys, name) !== undefined;
  refuse(
    names.filter(name => isKnown(name) && modeOf(name) === undefined),
    'Cannot update these configs dynamically',
  );
  refuse(
    names.filter(name => name.startsWith('ssl.') && modeOf(name) === 'per-broker'),
    'These security configs can be dynamically updated only per-listener using the listener prefix',
  );
  for (const [name, text] of values) {
    const key = keyOf(brokerKeys, baseName(name));
    if (key === undefined) continue;
    try {
      parseConfigValue(baseName(name), key, text);
    } catch (error) {
      // Apache Kafka answers INVALID_REQUEST here, and says so in KAFKA-13609.
      throw error instanceof ConfigError ? new KafkaError('INVALID_REQUEST', error.message) : error;
    }
  }
  if (isPerBroker) return;
  const isPerBrokerKey = (name: string) =>
    LISTENER_OVERRIDE.test(name)
      ? !CLUSTER_WIDE_LISTENER_KEYS.has(baseName(name))
      : modeOf(name) === 'per-broker';
  refuse(
    names.filter(isPerBrokerKey),
    'Cannot update these configs at default cluster level, broker id must be specified',
  );
}
