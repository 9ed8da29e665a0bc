// Decides the creation of topics, as ControllerApis.createTopics and ReplicationControlManager.createTopics do: every
// topic of a request stands or falls alone, all records go into one batch. Order of the checks and the sentences are
// Apache Kafka's, because clients show them.

import type { Decision } from '../runtime/shard.ts';
import { alterResource, type ConfigOperation } from './alter-configs.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { refusedAssignment, refusedReplicationFactor } from './assignments.ts';
import type { MetadataEnvironment } from './environment.ts';
import { type MetadataImage, ResourceType, ZERO_UUID } from './image.ts';
import { type MetadataRecord, record } from './metadata-record.ts';
import {
  QUOTA_EXCEEDED,
  refuseTooManyPartitions,
  refuseTooManyRecords,
  type TakeMutations,
} from './operation-limit.ts';
import {
  CLUSTER_METADATA_TOPIC,
  hasCollisionCharacters,
  problemOfTopicName,
  unifyCollisionCharacters,
} from './topic-names.ts';
import { newPartition } from './topics.ts';

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's default, or given by `assignments`. */
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface CreateTopicsCommand {
  readonly topics: readonly NewTopic[];
  readonly validateOnly: boolean;
  readonly takeMutations?: TakeMutations | undefined;
}

export interface CreatedTopic {
  readonly name: string;
  readonly error: ApiError;
  readonly topicId: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  /** The topic's own values; null for a topic that was refused. */
  readonly configs: ReadonlyMap<string, string> | null;
}

export function decideCreateTopics(
  image: MetadataImage,
  command: CreateTopicsCommand,
  environment: MetadataEnvironment,
): Decision<MetadataRecord, readonly CreatedTopic[]> {
  const counts = new Map<string, number>();
  for (const { name } of command.topics) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isDuplicate = (name: string) => counts.get(name)! > 1;
  const single = command.topics.filter(({ name }) => !isDuplicate(name) && name !== CLUSTER_METADATA_TOPIC);
  checkPartitionCount(single, environment);
  const existing = new ExistingNames(image);
  const records: MetadataRecord[] = [];
  const response: CreatedTopic[] = [];
  for (const topic of single) {
    const plan = planTopic(image, topic, { environment, existing, takeMutations: command.takeMutations });
    if ('code' in plan) {
      response.push(refusedTopic(topic.name, plan));
      continue;
    }
    records.push(...plan.records);
    refuseTooManyRecords(records.length);
    response.push(plan.created);
  }
  for (const name of new Set(command.topics.map(topic => topic.name).filter(isDuplicate))) {
    response.push(refusedTopic(name, apiError('INVALID_REQUEST', 'Duplicate topic name.')));
  }
  if (counts.get(CLUSTER_METADATA_TOPIC) === 1) {
    const message = `Creation of internal topic ${CLUSTER_METADATA_TOPIC} is prohibited.`;
    response.push(refusedTopic(CLUSTER_METADATA_TOPIC, apiError('INVALID_REQUEST', message)));
  }
  return { records: command.validateOnly ? [] : records, response };
}

export function refusedTopic(name: string, error: ApiError): CreatedTopic {
  return { name, error, topicId: ZERO_UUID, numPartitions: -1, replicationFactor: -1, configs: null };
}

function checkPartitionCount(topics: readonly NewTopic[], { settings }: MetadataEnvironment): void {
  let total = 0;
  for (const { assignments, numPartitions } of topics) {
    if (assignments.length > 0) total += assignments.length;
    else if (numPartitions === -1) total += settings.get('num.partitions');
    else if (numPartitions > 0) total += numPartitions;
  }
  refuseTooManyPartitions(total);
}

interface PlanOptions {
  readonly environment: MetadataEnvironment;
  readonly existing: ExistingNames;
  readonly takeMutations: TakeMutations | undefined;
}

function planTopic(
  image: MetadataImage,
  topic: NewTopic,
  { environment, existing, takeMutations }: PlanOptions,
): ApiError | { readonly records: readonly MetadataRecord[]; readonly created: CreatedTopic } {
  const refused = refusedName(image, topic.name, existing);
  if (refused !== null) return refused;
  const configs = planConfigs(image, topic, environment);
  if ('code' in configs) return configs;
  const numPartitions = countPartitions(image, topic, environment);
  if (typeof numPartitions !== 'number') return numPartitions;
  if (takeMutations?.(numPartitions) === false) return QUOTA_EXCEEDED;
  const topicId = environment.newUuid();
  const { nodeId, directoryId } = environment;
  const records = [record('TopicRecord', { name: topic.name, topicId }), ...configs.records];
  for (let partition = 0; partition < numPartitions; partition++) {
    records.push(newPartition(image, { topicId, partition, nodeId, directoryId }));
  }
  return {
    records,
    created: {
      name: topic.name,
      error: NO_ERROR,
      topicId,
      numPartitions,
      replicationFactor: 1,
      configs: configs.values,
    },
  };
}

function refusedName(image: MetadataImage, name: string, existing: ExistingNames): ApiError | null {
  // An existing topic is named as such, even where its name would be refused or collide today.
  if (image.topicsByName.has(name))
    return apiError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  const collision = existing.collisionWith(name);
  if (collision !== null) {
    return apiError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${collision}`);
  }
  const problem = problemOfTopicName(name);
  return problem === null ? null : apiError('INVALID_TOPIC_EXCEPTION', problem);
}

function planConfigs(
  image: MetadataImage,
  topic: NewTopic,
  environment: MetadataEnvironment,
): ApiError | { readonly records: readonly MetadataRecord[]; readonly values: ReadonlyMap<string, string> } {
  const withoutValue = topic.configs.filter(({ value }) => value === null).map(({ name }) => name);
  if (withoutValue.length > 0) {
    return apiError(
      'INVALID_CONFIG',
      `Null value not supported for topic configs: ${withoutValue.join(',')}`,
    );
  }
  const values = new Map(topic.configs.map(({ name, value }) => [name, value!]));
  if (values.size === 0) return { records: [], values };
  const operations = Array.from(
    values,
    ([name, value]): ConfigOperation => ({ name, operation: 'SET', value }),
  );
  const resource = { type: ResourceType.TOPIC, name: topic.name };
  const altered = alterResource(image, { resource, operations, isNew: true }, environment);
  return 'code' in altered ? altered : { records: altered, values };
}

function countPartitions(
  image: MetadataImage,
  topic: NewTopic,
  { settings }: MetadataEnvironment,
): ApiError | number {
  const { assignments, replicationFactor, numPartitions } = topic;
  if (assignments.length > 0) return countAssigned(image, topic);
  if (replicationFactor < -1 || replicationFactor === 0) {
    const message = 'Replication factor must be larger than 0, or -1 to use the default value.';
    return apiError('INVALID_REPLICATION_FACTOR', message);
  }
  if (numPartitions < -1 || numPartitions === 0) {
    return apiError('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.');
  }
  const wanted = replicationFactor === -1 ? settings.get('default.replication.factor') : replicationFactor;
  return (
    refusedReplicationFactor(wanted) ??
    (numPartitions === -1 ? settings.get('num.partitions') : numPartitions)
  );
}

function countAssigned(image: MetadataImage, topic: NewTopic): ApiError | number {
  const refused = (what: string, name: string) =>
    apiError('INVALID_REQUEST', `A manual partition assignment was specified, but ${what} ${name} -1.`);
  if (topic.replicationFactor !== -1) return refused('replication factor', 'was not set to');
  if (topic.numPartitions !== -1) return refused('numPartitions', 'was not set to');
  const seen = new Set<number>();
  let replicationFactor: number | null = null;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (seen.has(partitionIndex)) {
      const message = `Found multiple manual partition assignments for partition ${partitionIndex}`;
      return apiError('INVALID_REPLICA_ASSIGNMENT', message);
    }
    const problem = refusedAssignment(image, brokerIds, replicationFactor);
    if (problem !== null) return problem;
    replicationFactor = brokerIds.length;
    seen.add(partitionIndex);
  }
  for (let index = 0; index < seen.size; index++) {
    if (!seen.has(index)) {
      return apiError(
        'INVALID_REPLICA_ASSIGNMENT',
        'partitions should be a consecutive 0-based integer sequence',
      );
    }
  }
  return seen.size;
}

/** Existing topics by their name with `.` and `_` unified; built only when a name can collide at all. */
class ExistingNames {
  readonly #image: MetadataImage;
  #byUnified: Map<string, string> | null = null;

  constructor(image: MetadataImage) {
    this.#image = image;
  }

  collisionWith(name: string): string | null {
    if (!hasCollisionCharacters(name)) return null;
    if (this.#byUnified === null) {
      this.#byUnified = new Map();
      for (const existing of this.#image.topicsByName.keys()) {
        if (hasCollisionCharacters(existing))
          this.#byUnified.set(unifyCollisionCharacters(existing), existing);
      }
    }
    return this.#byUnified.get(unifyCollisionCharacters(name)) ?? null;
  }
}
