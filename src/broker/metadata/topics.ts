// Topics and their partitions (Apache Kafka's TopicsDelta, PartitionRegistration): replay of the records, and the records
// a decision writes. Replaying refuses what Apache Kafka refuses: a second topic of one name, a partition of no topic.

import { assert } from '../../protocol/assert.ts';
import type { ChangeCollector } from './changes.ts';
import { hasEligibleLeaderReplicas, metadataVersionOf } from './features.ts';
import {
  configResourceKey,
  type MetadataImage,
  type MutableMetadataImage,
  NO_LEADER,
  type PartitionImage,
  ResourceType,
  type TopicImage,
} from './image.ts';
import { type MetadataData, type MetadataRecord, record, recordOf, versionsAt } from './metadata-record.ts';

/** LeaderConstants.NO_LEADER_CHANGE */
const NO_LEADER_CHANGE = -2;
/** PartitionChangeRecord.leaderRecoveryState: unchanged. */
const NO_RECOVERY_CHANGE = -1;
/** DirectoryId.UNASSIGNED, MIGRATING: a log written before directories had ids. */
const MIGRATING = 'AAAAAAAAAAAAAAAAAAAAAA';

export function replayTopic(
  image: MutableMetadataImage,
  data: MetadataData<'TopicRecord'>,
  changes: ChangeCollector,
): void {
  assert(!image.topicsByName.has(data.name), `the metadata log creates the topic ${data.name} twice`);
  put(image, { name: data.name, id: data.topicId, partitions: [] }, changes);
}

export function replayPartition(
  image: MutableMetadataImage,
  data: MetadataData<'PartitionRecord'>,
  changes: ChangeCollector,
): void {
  const topic = topicById(image, data.topicId);
  putPartition(
    image,
    topic,
    {
      partition: data.partitionId,
      leader: data.leader,
      leaderEpoch: data.leaderEpoch,
      partitionEpoch: data.partitionEpoch,
      replicas: data.replicas,
      isr: data.isr,
      directories: data.directories.length > 0 ? data.directories : data.replicas.map(() => MIGRATING),
      removingReplicas: data.removingReplicas,
      addingReplicas: data.addingReplicas,
      leaderRecoveryState: data.leaderRecoveryState,
      eligibleLeaderReplicas: data.eligibleLeaderReplicas ?? [],
      lastKnownElr: data.lastKnownElr ?? [],
    },
    changes,
  );
}

export function replayPartitionChange(
  image: MutableMetadataImage,
  data: MetadataData<'PartitionChangeRecord'>,
  changes: ChangeCollector,
): void {
  const topic = topicById(image, data.topicId);
  const before = topic.partitions[data.partitionId];
  assert(
    before !== undefined,
    `the metadata log changes partition ${data.partitionId} of ${topic.name}, which does not exist`,
  );
  putPartition(image, topic, mergePartition(before, data), changes);
}

/** PartitionRegistration.merge: naming a leader, even the same one, begins a new leader epoch. */
export function mergePartition(
  before: PartitionImage,
  data: MetadataData<'PartitionChangeRecord'>,
): PartitionImage {
  const hasLeader = data.leader !== NO_LEADER_CHANGE;
  return {
    partition: before.partition,
    leader: hasLeader ? data.leader : before.leader,
    leaderEpoch: hasLeader ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
    replicas: data.replicas ?? before.replicas,
    isr: data.isr ?? before.isr,
    directories: data.directories ?? before.directories,
    removingReplicas: data.removingReplicas ?? before.removingReplicas,
    addingReplicas: data.addingReplicas ?? before.addingReplicas,
    leaderRecoveryState:
      data.leaderRecoveryState === NO_RECOVERY_CHANGE ? before.leaderRecoveryState : data.leaderRecoveryState,
    eligibleLeaderReplicas: data.eligibleLeaderReplicas ?? before.eligibleLeaderReplicas,
    lastKnownElr: data.lastKnownElr ?? before.lastKnownElr,
  };
}

export function replayRemoveTopic(
  image: MutableMetadataImage,
  data: MetadataData<'RemoveTopicRecord'>,
  changes: ChangeCollector,
): void {
  const topic = topicById(image, data.topicId);
  image.topicsById.delete(topic.id);
  image.topicsByName.delete(topic.name);
  image.configs.delete(configResourceKey({ type: ResourceType.TOPIC, name: topic.name }));
  changes.topicRemoved(topic);
}

export function replayClearElr(
  image: MutableMetadataImage,
  data: MetadataData<'ClearElrRecord'>,
  changes: ChangeCollector,
): void {
  const names = data.topicName === '' ? [...image.topicsByName.keys()] : [data.topicName];
  for (const name of names) {
    const topic = image.topicsByName.get(name);
    assert(
      topic !== undefined,
      `the metadata log clears the leader replicas of ${name}, which does not exist`,
    );
    for (const partition of topic.partitions) {
      if (partition.eligibleLeaderReplicas.length === 0 && partition.lastKnownElr.length === 0) continue;
      const cleared = {
        ...partition,
        eligibleLeaderReplicas: [],
        lastKnownElr: [],
        partitionEpoch: partition.partitionEpoch + 1,
      };
      putPartition(image, image.topicsByName.get(name)!, cleared, changes);
    }
  }
}

/** The record of a new partition that lives, alone, on this node. */
export function newPartition(
  image: MetadataImage,
  options: {
    readonly topicId: string;
    readonly partition: number;
    readonly nodeId: number;
    readonly directoryId: string;
  },
): MetadataRecord {
  const level = metadataVersionOf(image);
  return recordOf({
    type: 'PartitionRecord',
    version: versionsAt.partition(level),
    data: {
      partitionId: options.partition,
      topicId: options.topicId,
      replicas: [options.nodeId],
      isr: [options.nodeId],
      removingReplicas: [],
      addingReplicas: [],
      leader: options.nodeId,
      leaderRecoveryState: 0,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: versionsAt.hasDirectories(level) ? [options.directoryId] : [],
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
  });
}

/** What a snapshot says of the topics, each with its partitions. */
export function* topicRecords(image: MetadataImage): Iterable<MetadataRecord> {
  const level = metadataVersionOf(image);
  for (const { name, id, partitions } of image.topicsById.values()) {
    yield record('TopicRecord', { name, topicId: id });
    for (const partition of partitions) yield partitionRecord(partition, { topicId: id, level });
  }
}

function partitionRecord(
  partition: PartitionImage,
  { topicId, level }: { readonly topicId: string; readonly level: number },
): MetadataRecord {
  return recordOf({
    type: 'PartitionRecord',
    version: versionsAt.partition(level),
    data: {
      partitionId: partition.partition,
      topicId,
      replicas: [...partition.replicas],
      isr: [...partition.isr],
      removingReplicas: [...partition.removingReplicas],
      addingReplicas: [...partition.addingReplicas],
      leader: partition.leader,
      leaderRecoveryState: partition.leaderRecoveryState,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      directories: versionsAt.hasDirectories(level) ? [...partition.directories] : [],
      eligibleLeaderReplicas: replicasOrNull(partition.eligibleLeaderReplicas),
      lastKnownElr: replicasOrNull(partition.lastKnownElr),
    },
  });
}

/** PartitionRegistration.toRecord names them only where there are some. */
function replicasOrNull(replicas: readonly number[]): number[] | null {
  return replicas.length === 0 ? null : [...replicas];
}

/**
 * This node leads its partitions from now on: those without a leader (a clean stop leaves none behind),
 * and, after an unclean stop, all of them, so that whoever knew the old epoch asks where it ended.
 */
export function electLeaders(
  image: MetadataImage,
  options: { readonly nodeId: number; readonly everyPartition: boolean },
): MetadataRecord[] {
  const { nodeId, everyPartition } = options;
  const records: MetadataRecord[] = [];
  for (const topic of image.topicsById.values()) {
    for (const partition of topic.partitions) {
      const { leader, replicas } = partition;
      if (!replicas.includes(nodeId) || (leader === nodeId && !everyPartition)) continue;
      if (leader !== NO_LEADER && leader !== nodeId) continue;
      records.push(leadPartition(image, { topic, partition, nodeId }));
    }
  }
  return records;
}

/** A new epoch of the partition, led by this node, which alone is in sync. */
export function leadPartition(
  image: MetadataImage,
  options: { readonly topic: TopicImage; readonly partition: PartitionImage; readonly nodeId: number },
): MetadataRecord {
  const { topic, partition, nodeId } = options;
  const isInSync = partition.isr.length === 1 && partition.isr[0] === nodeId;
  return partitionChange(image, topic, {
    partitionId: partition.partition,
    isr: isInSync ? null : [nodeId],
    leader: nodeId,
    eligibleLeaderReplicas: partition.eligibleLeaderReplicas.length > 0 ? [] : null,
    lastKnownElr: partition.lastKnownElr.length > 0 ? [] : null,
  });
}

/**
 * Nobody leads what this node led, as after Apache Kafka's controlled shutdown: what its coordinators find there they load
 * once, when they are elected. Without eligible leader replicas a set in sync is never empty; with them this node goes
 * from one to the other (PartitionChangeBuilder).
 */
export function giveUpLeadership(image: MetadataImage, nodeId: number): MetadataRecord[] {
  const hasElr = hasEligibleLeaderReplicas(image);
  const records: MetadataRecord[] = [];
  for (const topic of image.topicsById.values()) {
    for (const { partition, leader, lastKnownElr } of topic.partitions) {
      if (leader !== nodeId) continue;
      const eligible = {
        isr: [],
        eligibleLeaderReplicas: [nodeId],
        lastKnownElr: lastKnownElr.length === 0 ? [nodeId] : null,
      };
      records.push(
        partitionChange(image, topic, {
          partitionId: partition,
          leader: NO_LEADER,
          ...(hasElr ? eligible : {}),
        }),
      );
    }
  }
  return records;
}

/** What is not named stays as it is. */
export function partitionChange(
  image: MetadataImage,
  topic: TopicImage,
  change: Pick<MetadataData<'PartitionChangeRecord'>, 'partitionId'> &
    Partial<MetadataData<'PartitionChangeRecord'>>,
): MetadataRecord {
  return recordOf({
    type: 'PartitionChangeRecord',
    version: versionsAt.partition(metadataVersionOf(image)),
    data: {
      topicId: topic.id,
      isr: null,
      leader: NO_LEADER_CHANGE,
      replicas: null,
      removingReplicas: null,
      addingReplicas: null,
      leaderRecoveryState: NO_RECOVERY_CHANGE,
      directories: null,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
      ...change,
    },
  });
}

function topicById(image: MetadataImage, id: string): TopicImage {
  const topic = image.topicsById.get(id);
  assert(topic !== undefined, `the metadata log names the topic id ${id}, which no topic has`);
  return topic;
}

function putPartition(
  image: MutableMetadataImage,
  topic: TopicImage,
  partition: PartitionImage,
  changes: ChangeCollector,
): void {
  const partitions = [...topic.partitions];
  partitions[partition.partition] = partition;
  put(image, { ...topic, partitions }, changes);
}

function put(image: MutableMetadataImage, topic: TopicImage, changes: ChangeCollector): void {
  image.topicsByName.set(topic.name, topic);
  image.topicsById.set(topic.id, topic);
  changes.topicChanged(topic);
}
