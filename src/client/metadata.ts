// What the client knows of the cluster: brokers, controller, and for each topic asked for its id, partitions and
// leaders. Plain values made from one Metadata answer. A topic that does not exist is a KafkaError, never an empty topic.

import { errorOf, KafkaError } from '../protocol/errors.ts';
import type { Metadata } from '../protocol/messages/apis/metadata.ts';
import type { ResponseOf } from '../protocol/schema/field.ts';

export interface BrokerNodeInfo {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface ClusterInfo {
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly brokers: readonly BrokerNodeInfo[];
}

export interface PartitionInfo {
  readonly partition: number;
  /** -1: there is none just now. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export interface TopicInfo {
  readonly name: string;
  readonly topicId: string;
  readonly internal: boolean;
  /** In order of their numbers. */
  readonly partitions: readonly PartitionInfo[];
}

export type MetadataAnswer = ResponseOf<typeof Metadata>;

export function clusterInfoOf(answer: MetadataAnswer): ClusterInfo {
  return {
    clusterId: answer.clusterId,
    controllerId: answer.controllerId,
    brokers: answer.brokers.map(({ nodeId, host, port, rack }) => ({ nodeId, host, port, rack })),
  };
}

export function topicInfoOf(topic: MetadataAnswer['topics'][number]): TopicInfo {
  if (topic.errorCode !== 0) throw topicError(topic.name ?? topic.topicId, topic.errorCode);
  return {
    name: topic.name ?? '',
    topicId: topic.topicId,
    internal: topic.isInternal,
    partitions: topic.partitions
      .map(partition => ({
        partition: partition.partitionIndex,
        leader: partition.leaderId,
        leaderEpoch: partition.leaderEpoch,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
      }))
      .sort((one, other) => one.partition - other.partition),
  };
}

function topicError(name: string, code: number): KafkaError {
  const { name: errorName, text } = errorOf(code);
  if (errorName === 'UNKNOWN_TOPIC_OR_PARTITION')
    return new KafkaError(errorName, `There is no topic "${name}".`);
  return new KafkaError(errorName, `Topic "${name}": ${text}`);
}
