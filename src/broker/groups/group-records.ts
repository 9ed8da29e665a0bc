// The records of __consumer_offsets as this coordinator writes them: the versions are those of Apache Kafka 4.3
// (GroupCoordinatorRecordHelpers), which 4.0 and newer read. Group metadata is version 3; a committed offset is version 4,
// with the topic's id, or version 1 where an old client asked for a retention time of its own.

import type { GroupRecord } from '../../protocol/messages/records/framing.ts';
import type { ClassicGroup } from './classic/classic-group.ts';
import type { CommittedOffset, OffsetKey } from './offsets/committed-offset.ts';

export type { GroupRecord } from '../../protocol/messages/records/framing.ts';

export type GroupMetadataRecord = Extract<GroupRecord, { type: 'GroupMetadata' }>;
export type OffsetCommitRecord = Extract<GroupRecord, { type: 'OffsetCommit' | 'LegacyOffsetCommit' }>;

const GROUP_METADATA_VERSION = 3;
const OFFSET_COMMIT_VERSION = 4;
const OFFSET_COMMIT_VERSION_WITH_EXPIRY = 1;

export function groupMetadataRecord(group: ClassicGroup): GroupRecord {
  return {
    type: 'GroupMetadata',
    key: { group: group.groupId },
    valueVersion: GROUP_METADATA_VERSION,
    value: {
      protocolType: group.protocolType ?? '',
      generation: group.generationId,
      protocol: group.protocolName,
      leader: group.leaderId,
      currentStateTimestamp: BigInt(group.stateTimestampMs),
      members: [...group.members.values()].map(member => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: group.metadataOf(member),
        assignment: member.assignment,
      })),
    },
  };
}

export function groupTombstone(groupId: string): GroupRecord {
  return { type: 'GroupMetadata', key: { group: groupId }, value: null };
}

export function offsetCommitRecord(
  { groupId, topic, partition }: OffsetKey,
  committed: CommittedOffset,
): GroupRecord {
  const expires = committed.expireTimestampMs >= 0;
  return {
    type: 'OffsetCommit',
    key: { group: groupId, topic, partition },
    valueVersion: expires ? OFFSET_COMMIT_VERSION_WITH_EXPIRY : OFFSET_COMMIT_VERSION,
    value: {
      offset: committed.offset,
      leaderEpoch: committed.leaderEpoch,
      metadata: committed.metadata,
      commitTimestamp: BigInt(committed.commitTimestampMs),
      expireTimestamp: BigInt(committed.expireTimestampMs),
      topicId: committed.topicId,
    },
  };
}

export function offsetTombstone({ groupId, topic, partition }: OffsetKey): GroupRecord {
  return { type: 'OffsetCommit', key: { group: groupId, topic, partition }, value: null };
}
