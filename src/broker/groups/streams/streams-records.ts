// The records of streams groups, all of version 0, as Apache Kafka 4.3 writes them (StreamsCoordinatorRecordHelpers), and
// what they mean for a group when they are replayed (GroupMetadataManager.replay). Tombstones of members go in the order
// assignment, target, metadata.

import type { GroupRecord } from '../group-records.ts';
import type { StreamsGroup } from './streams-group.ts';
import { MemberState, type StreamsMember } from './streams-member.ts';
import {
  type OwnedTasks,
  partitionsOf,
  type TaskEpochs,
  type TaskIds,
  type Tasks,
  taskIdsOf,
} from './tasks.ts';
import { type TopologyRecord, topologyOf } from './topology.ts';

export type StreamsGroupRecord = Extract<GroupRecord, { type: `Streams${string}` }>;

type StreamsMemberRecord = Extract<StreamsGroupRecord, { key: { memberId: string } }>;
type RecordOf<Type extends StreamsGroupRecord['type']> = Extract<StreamsGroupRecord, { type: Type }>;
type Ownership = NonNullable<RecordOf<'StreamsGroupCurrentMemberAssignment'>['value']>;

const VERSION = 0;

export function memberRecord(groupId: string, member: StreamsMember): StreamsGroupRecord {
  const { memberId, instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs } = member;
  const { topologyEpoch, processId, userEndpoint, clientTags } = member;
  return {
    type: 'StreamsGroupMemberMetadata',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: {
      instanceId,
      rackId,
      clientId,
      clientHost,
      rebalanceTimeoutMs,
      topologyEpoch,
      processId,
      userEndpoint: userEndpoint === null ? null : { host: userEndpoint.host, port: userEndpoint.port },
      clientTags: sortedEntries(clientTags),
    },
  };
}

export interface GroupEpoch {
  readonly groupEpoch: number;
  readonly metadataHash: bigint;
  readonly validatedTopologyEpoch: number;
  readonly assignmentConfigs: ReadonlyMap<string, string>;
}

export function epochRecord(groupId: string, epoch: GroupEpoch): StreamsGroupRecord {
  return {
    type: 'StreamsGroupMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: {
      epoch: epoch.groupEpoch,
      metadataHash: epoch.metadataHash,
      validatedTopologyEpoch: epoch.validatedTopologyEpoch,
      lastAssignmentConfigs: sortedEntries(epoch.assignmentConfigs),
    },
  };
}

function sortedEntries(entries: ReadonlyMap<string, string>): { key: string; value: string }[] {
  return [...entries].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

export function topologyRecord(groupId: string, value: TopologyRecord): StreamsGroupRecord {
  return { type: 'StreamsGroupTopology', key: { groupId }, valueVersion: VERSION, value };
}

export function targetRecord(groupId: string, memberId: string, target: Tasks): StreamsGroupRecord {
  return {
    type: 'StreamsGroupTargetAssignmentMember',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: {
      activeTasks: taskIdsOf(target.active),
      standbyTasks: taskIdsOf(target.standby),
      warmupTasks: taskIdsOf(target.warmup),
    },
  };
}

export function targetEpochRecord(
  groupId: string,
  assignmentEpoch: number,
  nowMs: number,
): StreamsGroupRecord {
  return {
    type: 'StreamsGroupTargetAssignmentMetadata',
    key: { groupId },
    valueVersion: VERSION,
    value: { assignmentEpoch, assignmentTimestamp: BigInt(nowMs) },
  };
}

export function assignmentRecord(groupId: string, member: StreamsMember): StreamsGroupRecord {
  const { memberId, memberEpoch, previousMemberEpoch, state, assigned, pendingRevocation } = member;
  return {
    type: 'StreamsGroupCurrentMemberAssignment',
    key: { groupId, memberId },
    valueVersion: VERSION,
    value: {
      memberEpoch,
      previousMemberEpoch,
      state,
      activeTasks: withEpochs(assigned.active),
      standbyTasks: taskIdsOf(assigned.standby).map(withoutEpochs),
      warmupTasks: taskIdsOf(assigned.warmup).map(withoutEpochs),
      activeTasksPendingRevocation: withEpochs(pendingRevocation.active),
      standbyTasksPendingRevocation: taskIdsOf(pendingRevocation.standby).map(withoutEpochs),
      warmupTasksPendingRevocation: taskIdsOf(pendingRevocation.warmup).map(withoutEpochs),
    },
  };
}

function withEpochs(tasks: TaskEpochs): Ownership['activeTasks'] {
  return taskIdsOf(tasks).map(({ subtopologyId, partitions }) => {
    const epochs = tasks.get(subtopologyId)!;
    return {
      subtopologyId,
      partitions,
      assignmentEpochs: partitions.map(partition => epochs.get(partition)!),
    };
  });
}

function withoutEpochs(taskIds: TaskIds): Ownership['standbyTasks'][number] {
  return { ...taskIds, assignmentEpochs: null };
}

export function memberTombstones(groupId: string, memberId: string): StreamsGroupRecord[] {
  const key = { groupId, memberId };
  return [
    { type: 'StreamsGroupCurrentMemberAssignment', key, value: null },
    { type: 'StreamsGroupTargetAssignmentMember', key, value: null },
    { type: 'StreamsGroupMemberMetadata', key, value: null },
  ];
}

/** Everything a group has. */
export function streamsGroupTombstones({ groupId, members }: StreamsGroup): StreamsGroupRecord[] {
  const ofMembers = (type: StreamsMemberRecord['type']) =>
    [...members.keys()].map(
      (memberId): StreamsGroupRecord => ({ type, key: { groupId, memberId }, value: null }),
    );
  return [
    ...ofMembers('StreamsGroupCurrentMemberAssignment'),
    ...ofMembers('StreamsGroupTargetAssignmentMember'),
    { type: 'StreamsGroupTargetAssignmentMetadata', key: { groupId }, value: null },
    ...ofMembers('StreamsGroupMemberMetadata'),
    { type: 'StreamsGroupMetadata', key: { groupId }, value: null },
    { type: 'StreamsGroupTopology', key: { groupId }, value: null },
  ];
}

/** Changes the group as the record says. The end of the group itself (StreamsGroupMetadata without a value) is its owner's. */
export function replayStreamsRecord(group: StreamsGroup, record: StreamsGroupRecord): void {
  switch (record.type) {
    case 'StreamsGroupMetadata':
      if (record.value !== null) replayEpoch(group, record.value);
      return;
    case 'StreamsGroupTopology':
      group.topology = record.value === null ? null : topologyOf(record.value);
      return;
    case 'StreamsGroupMemberMetadata':
      replayMember(group, record);
      return;
    case 'StreamsGroupTargetAssignmentMetadata':
      group.assignmentEpoch = record.value?.assignmentEpoch ?? -1;
      group.assignmentTimestampMs = Number(record.value?.assignmentTimestamp ?? 0n);
      return;
    case 'StreamsGroupTargetAssignmentMember':
      replayTarget(group, record);
      return;
    case 'StreamsGroupCurrentMemberAssignment':
      if (record.value === null) group.forgetOwnership(record.key.memberId);
      else replayOwnership(group, record.key.memberId, record.value);
      return;
  }
}

function replayEpoch(
  group: StreamsGroup,
  value: NonNullable<RecordOf<'StreamsGroupMetadata'>['value']>,
): void {
  group.groupEpoch = value.epoch;
  group.metadataHash = value.metadataHash;
  group.validatedTopologyEpoch = value.validatedTopologyEpoch;
  group.assignmentConfigs = new Map(
    (value.lastAssignmentConfigs ?? []).map(({ key, value }) => [key, value]),
  );
}

function replayMember(group: StreamsGroup, { key, value }: RecordOf<'StreamsGroupMemberMetadata'>): void {
  if (value === null) {
    group.forgetMember(key.memberId);
    return;
  }
  group.replayMember({
    ...group.memberOrNew(key.memberId),
    ...value,
    clientTags: new Map(value.clientTags.map(({ key, value }) => [key, value])),
  });
}

function replayTarget(
  group: StreamsGroup,
  { key, value }: RecordOf<'StreamsGroupTargetAssignmentMember'>,
): void {
  if (value === null) {
    group.forgetTarget(key.memberId);
    return;
  }
  group.replayTarget(key.memberId, {
    active: partitionsOf(value.activeTasks),
    standby: partitionsOf(value.standbyTasks),
    warmup: partitionsOf(value.warmupTasks),
  });
}

function replayOwnership(group: StreamsGroup, memberId: string, value: Ownership): void {
  const { memberEpoch, previousMemberEpoch } = value;
  const owned = (
    active: Ownership['activeTasks'],
    copies: readonly Ownership['standbyTasks'][],
  ): OwnedTasks => ({
    active: epochsOf(active, memberEpoch),
    standby: partitionsOf(copies[0]!),
    warmup: partitionsOf(copies[1]!),
  });
  group.replayMember({
    ...group.memberOrNew(memberId),
    memberEpoch,
    previousMemberEpoch,
    state: Object.values(MemberState).find(state => state === value.state) ?? MemberState.UNKNOWN,
    assigned: owned(value.activeTasks, [value.standbyTasks, value.warmupTasks]),
    pendingRevocation: owned(value.activeTasksPendingRevocation, [
      value.standbyTasksPendingRevocation,
      value.warmupTasksPendingRevocation,
    ]),
  });
}

/** Records before 4.3 say no epochs: then the member's own stands for all. */
function epochsOf(tasks: Ownership['activeTasks'], memberEpoch: number): TaskEpochs {
  return new Map(
    tasks.map(({ subtopologyId, partitions, assignmentEpochs }) => {
      const epochs = assignmentEpochs?.length === partitions.length ? assignmentEpochs : null;
      return [
        subtopologyId,
        new Map(partitions.map((partition, index) => [partition, epochs?.[index] ?? memberEpoch])),
      ];
    }),
  );
}
