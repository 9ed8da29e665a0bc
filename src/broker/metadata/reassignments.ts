// Decides partition reassignments on a node that is the only broker (ReplicationControlManager): a partition may stay
// where it is, or, from a directory of a larger cluster, give up the replicas that are not here. Nothing can move away.

import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { refusedAssignment } from './assignments.ts';
import type { MetadataImage, PartitionImage, TopicImage } from './image.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { partitionChange } from './topics.ts';

export interface ReassignmentCommand {
  readonly allowReplicationFactorChange: boolean;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      /** null cancels. */
      readonly replicas: readonly number[] | null;
    }[];
  }[];
}

export interface ReassignedTopic {
  readonly name: string;
  readonly partitions: readonly { readonly partitionIndex: number; readonly error: ApiError }[];
}

export function decideReassignments(
  image: MetadataImage,
  { topics, allowReplicationFactorChange }: ReassignmentCommand,
  nodeId: number,
): Decision<MetadataRecord, readonly ReassignedTopic[]> {
  const records = new Map<string, MetadataRecord>();
  const response = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const topic = image.topicsByName.get(name);
      const outcome =
        topic === undefined
          ? apiError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`)
          : reassign(image, topic, { partitionIndex, replicas, nodeId, allowReplicationFactorChange });
      if (outcome === null || 'code' in outcome) return { partitionIndex, error: outcome ?? NO_ERROR };
      records.set(`${partitionIndex}:${name}`, outcome);
      return { partitionIndex, error: NO_ERROR };
    }),
  }));
  return { records: [...records.values()], response };
}

interface Target {
  readonly partitionIndex: number;
  readonly replicas: readonly number[] | null;
  readonly nodeId: number;
  readonly allowReplicationFactorChange: boolean;
}

/** null: nothing to do. */
function reassign(image: MetadataImage, topic: TopicImage, target: Target): MetadataRecord | ApiError | null {
  const partition = topic.partitions[target.partitionIndex];
  if (partition === undefined) {
    const message = `Unable to find partition ${topic.name}:${target.partitionIndex}.`;
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', message);
  }
  if (target.replicas === null) return cancel(image, topic, partition);
  const refusal = refusedAssignment(image, target.replicas, null);
  if (refusal !== null) return refusal;
  const currentCount = partition.replicas.length - partition.addingReplicas.length;
  if (!target.allowReplicationFactorChange && currentCount !== target.replicas.length) {
    const message = `The replication factor is changed from ${currentCount} to ${target.replicas.length}`;
    return apiError('INVALID_REPLICATION_FACTOR', message);
  }
  if (isSame(target.replicas, partition.replicas)) return null;
  return keepOnlyHere(image, topic, partition, target);
}

/** The one move there is: replicas of brokers that are gone are given up. */
function keepOnlyHere(
  image: MetadataImage,
  topic: TopicImage,
  partition: PartitionImage,
  { replicas, nodeId }: Target,
): MetadataRecord | ApiError {
  const index = partition.replicas.indexOf(nodeId);
  if (!isSame(replicas ?? [], [nodeId]) || index < 0 || !partition.isr.includes(nodeId)) {
    return apiError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Partition ${topic.name}-${partition.partition} cannot move: broker ${nodeId} is the only one that runs. Nothing was changed.`,
    );
  }
  const directory = partition.directories[index];
  return partitionChange(image, topic, {
    partitionId: partition.partition,
    replicas: [nodeId],
    isr: isSame(partition.isr, [nodeId]) ? null : [nodeId],
    removingReplicas: partition.removingReplicas.length > 0 ? [] : null,
    addingReplicas: partition.addingReplicas.length > 0 ? [] : null,
    directories: directory === undefined ? null : [directory],
  });
}

function cancel(
  image: MetadataImage,
  topic: TopicImage,
  partition: PartitionImage,
): MetadataRecord | ApiError {
  if (!isInProgress(partition)) return { ...apiError('NO_REASSIGNMENT_IN_PROGRESS'), message: null };
  const isKept = (brokerId: number) => !partition.addingReplicas.includes(brokerId);
  const isr = partition.isr.filter(isKept);
  if (isr.length === 0) {
    const message = `Unable to revert partition assignment for ${topic.name}:${partition.partition} because it would require an unclean leader election.`;
    return apiError('INVALID_REPLICA_ASSIGNMENT', message);
  }
  return partitionChange(image, topic, {
    partitionId: partition.partition,
    replicas: partition.replicas.filter(isKept),
    isr,
    removingReplicas: [],
    addingReplicas: [],
    directories: partition.directories.filter((_, index) => isKept(partition.replicas[index]!)),
  });
}

function isInProgress({ removingReplicas, addingReplicas }: PartitionImage): boolean {
  return removingReplicas.length + addingReplicas.length > 0;
}

function isSame(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

export interface OngoingReassignments {
  readonly name: string;
  readonly partitions: readonly PartitionImage[];
}

/** Reassignments that a larger cluster left unfinished; null asks for all. */
export function ongoingReassignments(
  image: MetadataImage,
  topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null,
): OngoingReassignments[] {
  const asked =
    topics ??
    Array.from(image.topicsByName.values(), ({ name, partitions }) => ({
      name,
      partitionIndexes: partitions.map(({ partition }) => partition),
    }));
  return asked
    .map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes
        .map(index => image.topicsByName.get(name)?.partitions[index])
        .filter(partition => partition !== undefined)
        .filter(isInProgress),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}
