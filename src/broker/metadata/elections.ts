// Decides ElectLeaders on a node that has no other to elect (ReplicationControlManager.electLeader): a partition has its
// leader, or this node becomes it, or nobody can.

import { KafkaError } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { type MetadataImage, NO_LEADER, type PartitionImage, type TopicImage } from './image.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { leadPartition } from './topics.ts';

/** ElectionType */
const PREFERRED = 0;
const UNCLEAN = 1;

export interface ElectLeadersCommand {
  readonly electionType: number;
  /** null: every partition; those that need no election are then left out of the answer. */
  readonly topicPartitions:
    | readonly { readonly topic: string; readonly partitions: readonly number[] }[]
    | null;
}

export interface ElectedTopic {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly error: ApiError }[];
}

export function decideElectLeaders(
  image: MetadataImage,
  { electionType, topicPartitions }: ElectLeadersCommand,
  nodeId: number,
): Decision<MetadataRecord, readonly ElectedTopic[]> {
  if (electionType !== PREFERRED && electionType !== UNCLEAN) {
    throw new KafkaError('INVALID_REQUEST', `Unknown election type ${electionType}`);
  }
  const records = new Map<string, MetadataRecord>();
  const elect = (name: string, partition: number): ApiError => {
    const found = findPartition(image, name, partition);
    if ('code' in found) return found;
    const outcome = electLeader(image, found, { isUnclean: electionType === UNCLEAN, nodeId });
    if ('code' in outcome) return outcome;
    records.set(`${partition}:${name}`, outcome);
    return NO_ERROR;
  };
  const asked =
    topicPartitions ??
    Array.from(image.topicsByName.values(), ({ name, partitions }) => ({
      topic: name,
      partitions: partitions
        .filter(one => !hasItsLeader(one, electionType === UNCLEAN))
        .map(({ partition }) => partition),
    }));
  const response = asked.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(partition => ({ partition, error: elect(topic, partition) })),
  }));
  return { records: [...records.values()], response };
}

interface FoundPartition {
  readonly topic: TopicImage;
  readonly partition: PartitionImage;
}

function findPartition(image: MetadataImage, name: string, partition: number): FoundPartition | ApiError {
  const topic = image.topicsByName.get(name);
  if (topic === undefined) return apiError('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${name}`);
  const found = topic.partitions[partition];
  return found === undefined
    ? apiError('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${name}-${partition}`)
    : { topic, partition: found };
}

function electLeader(
  image: MetadataImage,
  { topic, partition }: FoundPartition,
  { isUnclean, nodeId }: { readonly isUnclean: boolean; readonly nodeId: number },
): MetadataRecord | ApiError {
  if (hasItsLeader(partition, isUnclean)) return apiError('ELECTION_NOT_NEEDED');
  const { replicas, isr } = partition;
  if (isUnclean) {
    return replicas.includes(nodeId)
      ? leadPartition(image, { topic, partition, nodeId })
      : apiError('ELIGIBLE_LEADERS_NOT_AVAILABLE');
  }
  return replicas[0] === nodeId && isr.includes(nodeId)
    ? leadPartition(image, { topic, partition, nodeId })
    : apiError('PREFERRED_LEADER_NOT_AVAILABLE');
}

function hasItsLeader({ leader, replicas }: PartitionImage, isUnclean: boolean): boolean {
  return isUnclean ? leader !== NO_LEADER : leader === replicas[0];
}
