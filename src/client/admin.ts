// Topics and their configs: create, delete, grow, describe, alter. Each throws the broker's own error, with its message
// where it sent one, so that a person reads what Kafka said.

import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, KafkaError } from '../protocol/errors.ts';
import { CreatePartitions } from '../protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../protocol/messages/apis/delete-topics.ts';
import { DescribeConfigs } from '../protocol/messages/apis/describe-configs.ts';
import { IncrementalAlterConfigs } from '../protocol/messages/apis/incremental-alter-configs.ts';
import type { ResponseOf } from '../protocol/schema/field.ts';
import { ZERO_UUID } from '../protocol/wire/reader.ts';
import type { KafkaClient } from './kafka-client.ts';

const TOPIC_RESOURCE = 2;
const OPERATION_SET = 0;
const OPERATION_DELETE = 1;
const TIMEOUT_MS = 30_000;
/** Looks for the leaders of a new topic, about three seconds in all. */
const LEADER_DELAYS_MS = [5, 20, 50, 100, 200, 400, 800, 1600];
/** Let the broker decide (KIP-464). */
const BROKER_DEFAULT = -1;

export interface NewTopic {
  readonly name: string;
  /** The broker's default when absent. */
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  readonly configs?: Readonly<Record<string, string>> | undefined;
}

export async function createTopic(client: KafkaClient, topic: NewTopic): Promise<void> {
  const body = {
    topics: [
      {
        name: topic.name,
        numPartitions: topic.partitions ?? BROKER_DEFAULT,
        replicationFactor: topic.replicationFactor ?? BROKER_DEFAULT,
        assignments: [],
        configs: Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value })),
      },
    ],
    timeoutMs: TIMEOUT_MS,
  };
  const answer = await client.request(CreateTopics, body, { node: 'controller', repeatable: false });
  throwIfFailed(answer.topics[0], topic.name);
  await awaitLeaders(client, topic.name);
}

/** In a cluster the brokers hear of a new topic a moment after the controller; whoever made it wants to use it now. */
async function awaitLeaders(client: KafkaClient, name: string): Promise<void> {
  for (const delayMs of LEADER_DELAYS_MS) {
    const topic = (await client.topicsNamed([name])).get(name);
    if (
      topic !== undefined &&
      !(topic instanceof Error) &&
      topic.partitions.every(({ leader }) => leader >= 0)
    )
      return;
    await sleep(delayMs);
  }
}

export async function deleteTopic(client: KafkaClient, name: string): Promise<void> {
  const body = { topics: [{ name, topicId: ZERO_UUID }], topicNames: [name], timeoutMs: TIMEOUT_MS };
  const connection = await client.connectionTo('controller');
  const draft =
    connection.versionOf(DeleteTopics) >= 6 ? { ...body, topicNames: [] } : { ...body, topics: [] };
  const answer = await client.request(DeleteTopics, draft, { node: 'controller', repeatable: false });
  client.forgetTopic(name);
  throwIfFailed(answer.responses[0], name);
}

/** `total`: how many partitions there shall be, not how many more. */
export async function createPartitions(
  client: KafkaClient,
  { topic, total }: { topic: string; total: number },
): Promise<void> {
  const body = {
    topics: [{ name: topic, count: total, assignments: null }],
    timeoutMs: TIMEOUT_MS,
    validateOnly: false,
  };
  const answer = await client.request(CreatePartitions, body, { node: 'controller', repeatable: false });
  client.forgetTopic(topic);
  throwIfFailed(answer.results[0], topic);
}

export type ConfigEntry = ResponseOf<typeof DescribeConfigs>['results'][number]['configs'][number];

export interface TopicConfigs {
  readonly topic: string;
  readonly entries: readonly ConfigEntry[];
  readonly error: KafkaError | null;
}

/** `keys`: only these; all when absent. */
export async function describeTopicConfigs(
  client: KafkaClient,
  options: {
    readonly topics: readonly string[];
    readonly keys?: readonly string[];
    readonly documentation?: boolean;
  },
): Promise<TopicConfigs[]> {
  const body = {
    resources: options.topics.map(topic => ({
      resourceType: TOPIC_RESOURCE,
      resourceName: topic,
      configurationKeys: options.keys ?? null,
    })),
    includeSynonyms: true,
    includeDocumentation: options.documentation ?? false,
  };
  const answer = await client.request(DescribeConfigs, body, { node: 'any' });
  return options.topics.map(topic => {
    const found = answer.results.find(result => result.resourceName === topic);
    return { topic, entries: found?.configs ?? [], error: errorIn(found, topic) };
  });
}

export interface ConfigChange {
  readonly topic: string;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export async function alterTopicConfigs(
  client: KafkaClient,
  { topic, set, remove }: ConfigChange,
): Promise<void> {
  const body = {
    resources: [
      {
        resourceType: TOPIC_RESOURCE,
        resourceName: topic,
        configs: [
          ...Object.entries(set).map(([name, value]) => ({ name, configOperation: OPERATION_SET, value })),
          ...remove.map(name => ({ name, configOperation: OPERATION_DELETE, value: null })),
        ],
      },
    ],
    validateOnly: false,
  };
  const answer = await client.request(IncrementalAlterConfigs, body, { node: 'controller' });
  throwIfFailed(answer.responses[0], topic);
}

type Result = { readonly errorCode: number; readonly errorMessage?: string | null } | undefined;

function errorIn(result: Result, topic: string): KafkaError | null {
  if (result === undefined)
    return new KafkaError('UNKNOWN_SERVER_ERROR', 'The broker did not answer what was asked.');
  if (result.errorCode === 0) return null;
  const { name, text } = errorOf(result.errorCode);
  if (name === 'UNKNOWN_TOPIC_OR_PARTITION') return new KafkaError(name, `There is no topic "${topic}".`);
  return new KafkaError(name, result.errorMessage ?? `Topic "${topic}": ${text}`);
}

function throwIfFailed(result: Result, topic: string): void {
  const error = errorIn(result, topic);
  if (error !== null) throw error;
}
