// The records of share groups, all of version 0, as Apache Kafka 4.3 writes them (GroupCoordinatorRecordHelpers), and what
// they mean for a group when they are replayed (GroupMetadataManager.replay). Tombstones of members go in the order
// assignment, target, metadata.

import type { TopicPartitions } from '../assignors/assignor.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import type { GroupRecord } from '../group-records.ts';
import { LEAVE_EPOCH } from '../member-epochs.ts';
import type { ShareGroup } from './share-group.ts';
import type { ShareMember } from './share-member.ts';
import { type StatePartitions, type StateTopics, UNKNOWN_TOPIC } from './state-partitions.ts';

export type ShareGroupRecord = Extract<GroupRecord, { type: `Share${string}` }>;

type ShareMemberRecord = Extract<ShareGroupRecord, { key: { memberId: string } }>;
type RecordOf<Type extends ShareGroupRecord['type']> = Extract<ShareGroupRecord, { type: Type }>;

const VERSION = 0;

export function memberRecord(groupId: string, member: ShareMember): ShareGroupRecord {
  const { memberId, rackId, clientId, clientHost, topicNames } = member;
  return {
    type: 'ShareGroupMemberMetadata',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: { rackId, clientId, clientHost, subscribedTopicNames: [...topicNames] },
  };
}

export function epochRecord(groupId: string, epoch: number, metadataHash: bigint): ShareGroupRecord {
  return {
    type: 'ShareGroupMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: { epoch, metadataHash },
  };
}

export function targetRecord(groupId: string, memberId: string, target: TopicPartitions): ShareGroupRecord {
  return {
    type: 'ShareGroupTargetAssignmentMember',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: { topicPartitions: listed(target) },
  };
}

export function targetEpochRecord(
  groupId: string,
  assignmentEpoch: number,
  timestampMs: number,
): ShareGroupRecord {
  return {
    type: 'ShareGroupTargetAssignmentMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: { assignmentEpoch, assignmentTimestamp: BigInt(timestampMs) },
  };
}

export function assignmentRecord(groupId: string, member: ShareMember): ShareGroupRecord {
  const { memberId, memberEpoch, previousMemberEpoch, state, assigned } = member;
  return {
    type: 'ShareGroupCurrentMemberAssignment',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: { memberEpoch, previousMemberEpoch, state, assignedPartitions: listed(assigned) },
  };
}

/** `topics`: for the names of topics that are being deleted. */
export function statePartitionsRecord(
  groupId: string,
  { initializing, initialized, deleting }: StatePartitions,
  topics: TopicsView,
): ShareGroupRecord {
  const infos = (of: StateTopics) =>
    [...of].map(([topicId, { name, partitions }]) => ({
      topicId,
      topicName: name,
      partitions: ascending(partitions),
    }));
  return {
    type: 'ShareGroupStatePartitionMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: {
      initializingTopics: infos(initializing),
      initializedTopics: infos(initialized),
      deletingTopics: [...deleting].map(topicId => ({
        topicId,
        topicName: topics.byId(topicId)?.name ?? UNKNOWN_TOPIC,
      })),
    },
  };
}

export function memberTombstones(groupId: string, memberId: string): ShareGroupRecord[] {
  const key = { groupId, memberId };
  return [
    { type: 'ShareGroupCurrentMemberAssignment', key, value: null },
    { type: 'ShareGroupTargetAssignmentMember', key, value: null },
    { type: 'ShareGroupMemberMetadata', key, value: null },
  ];
}

/** Everything a group has. */
export function shareGroupTombstones({ groupId, members }: ShareGroup): ShareGroupRecord[] {
  const ofMembers = (type: ShareMemberRecord['type']) =>
    [...members.keys()].map(
      (memberId): ShareGroupRecord => ({ type, key: { groupId, memberId }, value: null }),
    );
  return [
    ...ofMembers('ShareGroupCurrentMemberAssignment'),
    ...ofMembers('ShareGroupTargetAssignmentMember'),
    { type: 'ShareGroupTargetAssignmentMetadata', key: { groupId }, value: null },
    ...ofMembers('ShareGroupMemberMetadata'),
    { type: 'ShareGroupStatePartitionMetadata', key: { groupId }, value: null },
    { type: 'ShareGroupMetadata', key: { groupId }, value: null },
  ];
}

export function replayShareRecord(group: ShareGroup, record: ShareGroupRecord, timestampMs: number): void {
  switch (record.type) {
    case 'ShareGroupMetadata':
      if (record.value === null) return;
      group.groupEpoch = record.value.epoch;
      group.metadataHash = record.value.metadataHash;
      return;
    case 'ShareGroupMemberMetadata':
      replayMember(group, record);
      return;
    case 'ShareGroupTargetAssignmentMetadata':
      group.assignmentEpoch = record.value?.assignmentEpoch ?? -1;
      group.assignmentTimestampMs = Number(record.value?.assignmentTimestamp ?? 0n);
      return;
    case 'ShareGroupTargetAssignmentMember':
      if (record.value === null) group.targets.delete(record.key.memberId);
      else group.targets.set(record.key.memberId, byTopic(record.value.topicPartitions));
      return;
    case 'ShareGroupCurrentMemberAssignment':
      replayAssignment(group, record);
      return;
    case 'ShareGroupStatePartitionMetadata':
      replayStatePartitions(group, record, timestampMs);
      return;
  }
}

function replayMember(group: ShareGroup, { key, value }: RecordOf<'ShareGroupMemberMetadata'>): void {
  const { memberId } = key;
  if (value === null) {
    group.members.delete(memberId);
    return;
  }
  const { rackId, clientId, clientHost } = value;
  const topicNames = [...new Set(value.subscribedTopicNames)].sort();
  group.members.set(memberId, { ...group.memberOrNew(memberId), rackId, clientId, clientHost, topicNames });
}

function replayAssignment(
  group: ShareGroup,
  { key, value }: RecordOf<'ShareGroupCurrentMemberAssignment'>,
): void {
  const { memberId } = key;
  const member = group.members.get(memberId);
  if (value !== null) {
    const { memberEpoch, previousMemberEpoch, state } = value;
    const assigned = byTopic(value.assignedPartitions);
    const before = group.memberOrNew(memberId);
    group.members.set(memberId, { ...before, memberEpoch, previousMemberEpoch, state, assigned });
  } else if (member !== undefined) {
    const gone = { memberEpoch: LEAVE_EPOCH, previousMemberEpoch: LEAVE_EPOCH, assigned: new Map() };
    group.members.set(memberId, { ...member, ...gone });
  }
}

function replayStatePartitions(
  group: ShareGroup,
  { value }: RecordOf<'ShareGroupStatePartitionMetadata'>,
  timestampMs: number,
): void {
  if (value === null) {
    group.statePartitions = null;
    return;
  }
  const topicsOf = (infos: typeof value.initializedTopics): StateTopics =>
    new Map(
      infos.map(({ topicId, topicName, partitions }) => [
        topicId,
        { name: topicName, partitions: new Set(partitions), timestampMs },
      ]),
    );
  group.statePartitions = {
    initializing: topicsOf(value.initializingTopics),
    initialized: topicsOf(value.initializedTopics),
    deleting: new Set(value.deletingTopics.map(({ topicId }) => topicId)),
  };
}

function byTopic(
  topics: readonly { readonly topicId: string; readonly partitions: readonly number[] }[],
): TopicPartitions {
  return new Map(topics.map(({ topicId, partitions }) => [topicId, new Set(partitions)]));
}

/** As records and answers list an assignment. */
export function listed(partitions: TopicPartitions): { topicId: string; partitions: number[] }[] {
  return [...partitions].map(([topicId, ofTopic]) => ({ topicId, partitions: ascending(ofTopic) }));
}

export function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
