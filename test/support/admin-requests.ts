// Requests of the administrative conversation, short enough to be read by the hundred.

import { CreatePartitions } from '../../src/protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { DescribeCluster } from '../../src/protocol/messages/apis/describe-cluster.ts';
import { DescribeConfigs } from '../../src/protocol/messages/apis/describe-configs.ts';
import { DescribeTopicPartitions } from '../../src/protocol/messages/apis/describe-topic-partitions.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import type { Api } from '../../src/protocol/schema/field.ts';

export const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

export interface Step {
  readonly name: string;
  readonly api: Api;
  readonly version: number;
  readonly body: object;
}

type Config = readonly [name: string, value: string | null];

export function topic(
  name: string,
  options: {
    partitions?: number;
    factor?: number;
    assignments?: number[][];
    configs?: Config[];
    indexes?: number[];
  } = {},
) {
  const { partitions = 1, factor = 1, assignments, configs = [], indexes } = options;
  return {
    name,
    numPartitions: partitions,
    replicationFactor: factor,
    assignments: (assignments ?? []).map((brokerIds, index) => ({
      partitionIndex: indexes?.[index] ?? index,
      brokerIds,
    })),
    configs: configs.map(([key, value]) => ({ name: key, value })),
  };
}

export const create = (name: string, version: number, topics: object[], validateOnly = false): Step => ({
  name,
  api: CreateTopics,
  version,
  body: { topics, timeoutMs: 30_000, validateOnly },
});

export const remove = (
  name: string,
  version: number,
  topics: { name: string | null; topicId?: string }[],
): Step => ({
  name,
  api: DeleteTopics,
  version,
  body: {
    topics: version >= 6 ? topics.map(each => ({ topicId: NO_ID, ...each })) : [],
    topicNames: version >= 6 ? [] : topics.map(each => each.name),
    timeoutMs: 30_000,
  },
});

export const grow = (name: string, topics: [string, number, number[][]?][], validateOnly = false): Step => ({
  name,
  api: CreatePartitions,
  version: 3,
  body: {
    topics: topics.map(([each, count, assignments]) => ({
      name: each,
      count,
      assignments: assignments === undefined ? null : assignments.map(brokerIds => ({ brokerIds })),
    })),
    timeoutMs: 30_000,
    validateOnly,
  },
});

const OPERATIONS = { set: 0, delete: 1, append: 2, subtract: 3, odd: 9 } as const;
type Change = readonly [operation: keyof typeof OPERATIONS, name: string, value?: string | null];

export const alter = (
  name: string,
  resources: [type: number, resource: string, changes: Change[]][],
  validateOnly = false,
): Step => ({
  name,
  api: IncrementalAlterConfigs,
  version: 1,
  body: {
    resources: resources.map(([resourceType, resourceName, changes]) => ({
      resourceType,
      resourceName,
      configs: changes.map(([operation, key, value]) => ({
        name: key,
        configOperation: OPERATIONS[operation],
        value: value ?? null,
      })),
    })),
    validateOnly,
  },
});

export const describe = (
  name: string,
  version: number,
  resources: [type: number, resource: string, keys?: string[]][],
): Step => ({
  name,
  api: DescribeConfigs,
  version,
  body: {
    resources: resources.map(([resourceType, resourceName, keys]) => ({
      resourceType,
      resourceName,
      configurationKeys: keys ?? null,
    })),
    includeSynonyms: true,
    includeDocumentation: version >= 3,
  },
});

export const metadata = (
  name: string,
  version: number,
  topics: { name?: string | null; topicId?: string }[] | null,
  operations = false,
): Step => ({
  name,
  api: Metadata,
  version,
  body: {
    topics: topics?.map(each => ({ topicId: NO_ID, name: null, ...each })) ?? null,
    allowAutoTopicCreation: version < 4,
    includeClusterAuthorizedOperations: operations && version >= 8 && version <= 10,
    includeTopicAuthorizedOperations: operations,
  },
});

export const pages = (
  name: string,
  topics: string[],
  limit: number,
  cursor: { topicName: string; partitionIndex: number } | null,
): Step => ({
  name,
  api: DescribeTopicPartitions,
  version: 0,
  body: { topics: topics.map(each => ({ name: each })), responsePartitionLimit: limit, cursor },
});

export const cluster = (name: string, version: number, endpointType: number, operations = false): Step => ({
  name,
  api: DescribeCluster,
  version,
  body: { includeClusterAuthorizedOperations: operations, endpointType, includeFencedBrokers: version >= 2 },
});

export const TOPIC = 2;
export const BROKER = 4;
export const LOGGER = 8;
export const METRICS = 16;
export const GROUP = 32;
