// The records of consumer groups, all of version 0, as Apache Kafka 4.3 writes them (GroupCoordinatorRecordHelpers), and
// what they mean for a group when they are replayed (GroupMetadataManager.replay). Tombstones of members go in the order
// assignment, target, metadata.

import type { TopicPartitions } from '../assignors/assignor.ts';
import type { GroupRecord } from '../group-records.ts';
import type { ConsumerGroup, ResolvedRegex } from './consumer-group.ts';
import { type ConsumerMember, MemberState, type PartitionEpochs } from './consumer-member.ts';

export type ConsumerGroupRecord = Extract<GroupRecord, { type: `Consumer${string}` }>;

type ConsumerGroupMemberRecord = Extract<ConsumerGroupRecord, { key: { memberId: string } }>;

const VERSION = 0;

export function memberRecord(groupId: string, member: ConsumerMember): ConsumerGroupRecord {
  const { memberId, instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, serverAssignor } = member;
  return {
    type: 'ConsumerGroupMemberMetadata',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: {
      instanceId,
      rackId,
      clientId,
      clientHost,
      subscribedTopicNames: [...member.topicNames],
      subscribedTopicRegex: member.topicRegex,
      rebalanceTimeoutMs,
      serverAssignor,
      classicMemberMetadata: member.classic,
    },
  };
}

export function epochRecord(groupId: string, epoch: number, metadataHash: bigint): ConsumerGroupRecord {
  return {
    type: 'ConsumerGroupMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: { epoch, metadataHash },
  };
}

export function targetRecord(
  groupId: string,
  memberId: string,
  target: TopicPartitions,
): ConsumerGroupRecord {
  const topicPartitions = [...target].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions],
  }));
  return {
    type: 'ConsumerGroupTargetAssignmentMember',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: { topicPartitions },
  };
}

export function targetEpochRecord(
  groupId: string,
  assignmentEpoch: number,
  nowMs: number,
): ConsumerGroupRecord {
  return {
    type: 'ConsumerGroupTargetAssignmentMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: { assignmentEpoch, assignmentTimestamp: BigInt(nowMs) },
  };
}

export function assignmentRecord(groupId: string, member: ConsumerMember): ConsumerGroupRecord {
  const { memberId, memberEpoch, previousMemberEpoch, state } = member;
  return {
    type: 'ConsumerGroupCurrentMemberAssignment',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: {
      memberEpoch,
      previousMemberEpoch,
      state,
      assignedPartitions: withEpochs(member.assigned),
      partitionsPendingRevocation: withEpochs(member.pendingRevocation),
    },
  };
}

function withEpochs(epochs: PartitionEpochs) {
  return [...epochs].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions.keys()],
    assignmentEpochs: [...partitions.values()],
  }));
}

export function regexRecord(
  groupId: string,
  regularExpression: string,
  resolved: ResolvedRegex,
): ConsumerGroupRecord {
  return {
    type: 'ConsumerGroupRegularExpression',
    key: { groupId, regularExpression },
    valueVersion: VERSION,
    value: {
      topics: [...resolved.topics],
      version: BigInt(resolved.version),
      timestamp: BigInt(resolved.timestampMs),
    },
  };
}

export function regexTombstone(groupId: string, regularExpression: string): ConsumerGroupRecord {
  return { type: 'ConsumerGroupRegularExpression', key: { groupId, regularExpression }, value: null };
}

export function partitionMetadataTombstone(groupId: string): ConsumerGroupRecord {
  return { type: 'ConsumerGroupPartitionMetadata', key: { groupId }, value: null };
}

export function memberTombstones(groupId: string, memberId: string): ConsumerGroupRecord[] {
  const key = { groupId, memberId };
  return [
    { type: 'ConsumerGroupCurrentMemberAssignment', key, value: null },
    { type: 'ConsumerGroupTargetAssignmentMember', key, value: null },
    { type: 'ConsumerGroupMemberMetadata', key, value: null },
  ];
}

/** Everything a group has; `memberIds`: of its members as they are called when the records are replayed. */
export function consumerGroupTombstones(
  { groupId, resolvedRegexes, members }: ConsumerGroup,
  memberIds: readonly string[] = [...members.keys()],
): ConsumerGroupRecord[] {
  const ofMembers = (type: ConsumerGroupMemberRecord['type']) =>
    memberIds.map((memberId): ConsumerGroupRecord => ({ type, key: { groupId, memberId }, value: null }));
  return [
    ...ofMembers('ConsumerGroupCurrentMemberAssignment'),
    ...ofMembers('ConsumerGroupTargetAssignmentMember'),
    { type: 'ConsumerGroupTargetAssignmentMetadata', key: { groupId }, value: null },
    ...ofMembers('ConsumerGroupMemberMetadata'),
    ...[...resolvedRegexes.keys()].map(regex => regexTombstone(groupId, regex)),
    partitionMetadataTombstone(groupId),
    { type: 'ConsumerGroupMetadata', key: { groupId }, value: null },
  ];
}

/** Changes the group as the record says. The end of the group itself (ConsumerGroupMetadata without a value) is its owner's. */
export function replayConsumerRecord(group: ConsumerGroup, record: ConsumerGroupRecord): void {
  switch (record.type) {
    case 'ConsumerGroupMetadata':
      if (record.value === null) return;
      group.groupEpoch = record.value.epoch;
      group.metadataHash = record.value.metadataHash;
      return;
    case 'ConsumerGroupPartitionMetadata':
      group.hasPartitionMetadataRecord = record.value !== null;
      return;
    case 'ConsumerGroupMemberMetadata':
      replayMember(group, record);
      return;
    case 'ConsumerGroupTargetAssignmentMetadata':
      group.assignmentEpoch = record.value?.assignmentEpoch ?? -1;
      group.assignmentTimestampMs = Number(record.value?.assignmentTimestamp ?? 0n);
      return;
    case 'ConsumerGroupTargetAssignmentMember':
      if (record.value === null) group.forgetTarget(record.key.memberId);
      else group.replayTarget(record.key.memberId, targetOf(record.value.topicPartitions));
      return;
    case 'ConsumerGroupCurrentMemberAssignment':
      replayOwnership(group, record);
      return;
    case 'ConsumerGroupRegularExpression':
      replayRegex(group, record);
      return;
  }
}

type RecordOf<Type extends ConsumerGroupRecord['type']> = Extract<ConsumerGroupRecord, { type: Type }>;

function replayMember(group: ConsumerGroup, { key, value }: RecordOf<'ConsumerGroupMemberMetadata'>): void {
  if (value === null) {
    group.forgetMember(key.memberId);
    return;
  }
  const { instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, serverAssignor } = value;
  group.replayMember({
    ...group.memberOrNew(key.memberId),
    instanceId,
    rackId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    serverAssignor,
    topicNames: value.subscribedTopicNames,
    topicRegex: value.subscribedTopicRegex,
    classic: value.classicMemberMetadata,
  });
}

function replayOwnership(
  group: ConsumerGroup,
  { key, value }: RecordOf<'ConsumerGroupCurrentMemberAssignment'>,
): void {
  if (value === null) {
    group.forgetOwnership(key.memberId);
    return;
  }
  const { memberEpoch, previousMemberEpoch } = value;
  group.replayMember({
    ...group.memberOrNew(key.memberId),
    memberEpoch,
    previousMemberEpoch,
    state: stateOf(value.state),
    assigned: epochsOf(value.assignedPartitions, memberEpoch),
    pendingRevocation: epochsOf(value.partitionsPendingRevocation, memberEpoch),
  });
}

function stateOf(number: number): MemberState {
  return Object.values(MemberState).find(state => state === number) ?? MemberState.UNKNOWN;
}

/** Records before 4.3 say no epochs: then the member's own stands for all. */
function epochsOf(
  topics: readonly {
    readonly topicId: string;
    readonly partitions: readonly number[];
    readonly assignmentEpochs?: readonly number[] | null;
  }[],
  memberEpoch: number,
): PartitionEpochs {
  return new Map(
    topics.map(({ topicId, partitions, assignmentEpochs }) => {
      const epochs = assignmentEpochs?.length === partitions.length ? assignmentEpochs : null;
      const epochOf = (index: number) => epochs?.[index] ?? Math.max(memberEpoch, 0);
      return [topicId, new Map(partitions.map((partition, index) => [partition, epochOf(index)]))];
    }),
  );
}

function targetOf(
  topics: readonly { readonly topicId: string; readonly partitions: readonly number[] }[],
): TopicPartitions {
  return new Map(topics.map(({ topicId, partitions }) => [topicId, new Set(partitions)]));
}

function replayRegex(group: ConsumerGroup, { key, value }: RecordOf<'ConsumerGroupRegularExpression'>): void {
  if (value === null) group.resolvedRegexes.delete(key.regularExpression);
  else {
    group.resolvedRegexes.set(key.regularExpression, {
      topics: value.topics,
      version: Number(value.version),
      timestampMs: Number(value.timestamp),
    });
  }
}
