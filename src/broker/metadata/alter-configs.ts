// Decides changes of configuration, as ConfigAdminManager (what the broker checks first) and ConfigurationControlManager
// (what the controller decides) do together. A resource changes as a whole or not at all; resources stand alone. Log
// levels are no metadata and never come here.

import { KafkaError } from '../../protocol/errors.ts';
import { keyOf } from '../config/config-key.ts';
import { ConfigError } from '../config/config-value.ts';
import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, apiErrorOf, NO_ERROR } from './api-error.ts';
import { checkBrokerChange, checkResourceExists, checkValues, tableOf } from './config-rules.ts';
import { configRecord, configsOf } from './configs.ts';
import type { MetadataEnvironment } from './environment.ts';
import { metadataVersionOf } from './features.ts';
import {
  type ConfigMap,
  type ConfigResource,
  configResourceKey,
  type MetadataImage,
  ResourceType,
} from './image.ts';
import { type MetadataRecord, versionsAt } from './metadata-record.ts';
import { clearedElrRecords, refuseElrConflict } from './min-insync-replicas.ts';
import { refuseTooManyRecords } from './operation-limit.ts';

/** AlterConfigOp.OpType, in the order of their numbers. */
const OPERATIONS = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const;
export type OperationName = (typeof OPERATIONS)[number];
/** Short.MAX_VALUE: the longest string a ConfigRecord can carry. */
const VALUE_LENGTH_MAX = 32_767;

export interface ConfigOperation {
  readonly name: string;
  readonly operation: OperationName;
  readonly value: string | null;
}

export interface ResourceChange {
  readonly resource: ConfigResource;
  readonly operations: readonly ConfigOperation[];
  /** A topic that is being created: it need not exist. */
  readonly isNew?: boolean;
}

export interface AlteredResourceRequest {
  readonly resource: ConfigResource;
  readonly configs: readonly {
    readonly name: string;
    readonly configOperation: number;
    readonly value: string | null;
  }[];
}

export interface AlterConfigsCommand {
  readonly resources: readonly AlteredResourceRequest[];
  readonly validateOnly: boolean;
}

export interface AlteredResource {
  readonly resource: ConfigResource;
  readonly error: ApiError;
}

export function decideAlterConfigs(
  image: MetadataImage,
  command: AlterConfigsCommand,
  environment: MetadataEnvironment,
): Decision<MetadataRecord, readonly AlteredResource[]> {
  const counts = new Map<string, number>();
  for (const { resource } of command.resources) {
    const key = configResourceKey(resource);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const records: MetadataRecord[] = [];
  const response: AlteredResource[] = [];
  for (const request of command.resources) {
    const { resource } = request;
    if (counts.get(configResourceKey(resource))! > 1) {
      response.push({
        resource,
        error: apiError('INVALID_REQUEST', 'Each resource must appear at most once.'),
      });
      continue;
    }
    const operations = operationsOf(request);
    const altered =
      'code' in operations ? operations : alterResource(image, { resource, operations }, environment);
    if ('code' in altered) {
      response.push({ resource, error: altered });
      continue;
    }
    records.push(...altered);
    refuseTooManyRecords(records.length);
    response.push({ resource, error: NO_ERROR });
  }
  return {
    records: command.validateOnly ? [] : [...records, ...clearedElrRecords(image, records)],
    response,
  };
}

/** Checks the shape of a request for one resource; also used for log levels. */
export function operationsOf({
  resource,
  configs,
}: AlteredResourceRequest): readonly ConfigOperation[] | ApiError {
  if (new Set(configs.map(({ name }) => name)).size !== configs.length) {
    return apiError('INVALID_REQUEST', 'Error due to duplicate config keys');
  }
  const withoutValue = configs.filter(
    ({ configOperation, value }) => value === null && OPERATIONS[configOperation] !== 'DELETE',
  );
  if (withoutValue.length > 0) {
    return apiError(
      'INVALID_REQUEST',
      `Null value not supported for : ${withoutValue.map(({ name }) => name).join(', ')}`,
    );
  }
  if (tableOf(resource.type) === null && resource.type !== ResourceType.BROKER_LOGGER) {
    return apiError('INVALID_REQUEST', `Unknown resource type ${resource.type}`);
  }
  const operations: ConfigOperation[] = [];
  for (const { name, configOperation, value } of configs) {
    const operation = OPERATIONS[configOperation];
    if (operation === undefined)
      return apiError('INVALID_REQUEST', `Unknown operations type ${configOperation}`);
    operations.push({ name, operation, value });
  }
  return operations;
}

/** The records of one resource's change, or why it is refused. */
export function alterResource(
  image: MetadataImage,
  change: ResourceChange,
  environment: MetadataEnvironment,
): readonly MetadataRecord[] | ApiError {
  const { resource, operations, isNew = false } = change;
  const before = configsOf(image, resource);
  try {
    if (resource.type === ResourceType.BROKER) checkBrokerChange(before, change, environment);
    refuseCordonsBefore(image, change);
    const after = new Map(before);
    const records: MetadataRecord[] = [];
    for (const operation of operations) {
      const current = before.get(operation.name) ?? null;
      const value = valueAfter(operation, current, resource);
      if (value === null) after.delete(operation.name);
      else after.set(operation.name, value);
      refuseElrConflict(image, resource, { name: operation.name, value });
      // Apache Kafka writes a broker's value even unchanged: it makes brokers read files again (KAFKA-14136).
      if (value !== current || resource.type === ResourceType.BROKER) {
        records.push(configRecord(resource, operation.name, value));
      }
    }
    refuseLongValues(after);
    checkValues(resource, after, environment.settings);
    if (!isNew) checkResourceExists(image, resource);
    return records;
  } catch (error) {
    if (error instanceof ConfigError) return apiError('INVALID_CONFIG', error.message);
    if (error instanceof KafkaError) return apiErrorOf(error);
    throw error;
  }
}

function valueAfter(
  operation: ConfigOperation,
  current: string | null,
  resource: ConfigResource,
): string | null {
  const { name, operation: kind, value } = operation;
  if (kind === 'SET') return value;
  if (kind === 'DELETE') return null;
  const key = keyOf(tableOf(resource.type)!, name);
  if (key?.type !== 'LIST')
    throw new ConfigError(`Can't ${kind} to key ${name} because its type is not LIST.`);
  const parts = (current ?? key.default ?? '').split(',').filter(part => part !== '');
  for (const part of value!.split(',')) {
    const index = parts.indexOf(part);
    if (kind === 'APPEND' && index < 0) parts.push(part);
    if (kind === 'SUBTRACT' && index >= 0) parts.splice(index, 1);
  }
  return parts.join(',');
}

function refuseCordonsBefore(image: MetadataImage, { resource, operations }: ResourceChange): void {
  if (resource.type !== ResourceType.BROKER || versionsAt.hasCordonedDirectories(metadataVersionOf(image)))
    return;
  if (operations.some(({ name }) => name === 'cordoned.log.dirs')) {
    throw new ConfigError(
      'The cordoned.log.dirs configuration value cannot be set because it requires metadata.version >= 4.3-IV0',
    );
  }
}

function refuseLongValues(values: ConfigMap): void {
  for (const value of values.values()) {
    if (value.length > VALUE_LENGTH_MAX) {
      throw new ConfigError(
        `The configuration value cannot be added because it exceeds the maximum value size of ${VALUE_LENGTH_MAX} bytes.`,
      );
    }
  }
}
