// Records of consumer groups as a person reads them. Topics are told by their names: the ids of a test hold them.

import type { ConsumerGroupRecord } from '../../../src/broker/groups/consumer/consumer-records.ts';
import { nameOfId } from '../groups/fake-topics.ts';

const STATES: ReadonlyMap<number, string> = new Map([
  [0, 'stable'],
  [1, 'unrevoked'],
  [2, 'unreleased'],
]);

export interface OwnedTopic {
  readonly topicId: string;
  readonly partitions: readonly number[];
  readonly assignmentEpochs?: readonly number[] | null;
}

/** "orders-0@2 orders-1@2": partition and the epoch it was got in. */
export function partitionsText(topics: readonly OwnedTopic[]): string {
  const each = topics.flatMap(({ topicId, partitions, assignmentEpochs }) =>
    partitions.map((partition, index) => {
      const epoch = assignmentEpochs?.[index];
      return `${nameOfId(topicId)}-${partition}${epoch === undefined ? '' : `@${epoch}`}`;
    }),
  );
  return each.length === 0 ? 'nothing' : each.sort().join(' ');
}

export function consumerRecordText(record: ConsumerGroupRecord): string {
  const { groupId } = record.key;
  switch (record.type) {
    case 'ConsumerGroupMetadata':
      return record.value === null
        ? `group ${groupId} deleted`
        : `group ${groupId} epoch ${record.value.epoch}`;
    case 'ConsumerGroupPartitionMetadata':
      return `partition metadata of ${groupId} ${record.value === null ? 'deleted' : 'written'}`;
    case 'ConsumerGroupTargetAssignmentMetadata':
      return record.value === null
        ? `target of ${groupId} deleted`
        : `target of ${groupId} for epoch ${record.value.assignmentEpoch}`;
    case 'ConsumerGroupRegularExpression': {
      const { regularExpression } = record.key;
      const topics = record.value?.topics.join(' ') || 'nothing';
      return `regex ${regularExpression} of ${groupId} ${record.value === null ? 'deleted' : `matches ${topics}`}`;
    }
    default:
      return memberText(record);
  }
}

function classicText(
  classic: {
    readonly sessionTimeoutMs: number;
    readonly supportedProtocols: readonly { readonly name: string }[];
  } | null,
): string {
  if (classic === null) return '';
  const names = classic.supportedProtocols.map(({ name }) => name).join('/');
  return `, classic: ${names}, session ${classic.sessionTimeoutMs} ms`;
}

type MemberRecord = Extract<ConsumerGroupRecord, { key: { memberId: string } }>;

function memberText(record: MemberRecord): string {
  const { memberId } = record.key;
  switch (record.type) {
    case 'ConsumerGroupMemberMetadata': {
      if (record.value === null) return `member ${memberId} deleted`;
      const { instanceId, subscribedTopicNames, subscribedTopicRegex, serverAssignor } = record.value;
      const { classicMemberMetadata } = record.value;
      const reads = [...subscribedTopicNames, ...(subscribedTopicRegex ? [`/${subscribedTopicRegex}/`] : [])];
      const instance = instanceId === null ? '' : ` (${instanceId})`;
      const by = serverAssignor === null ? '' : ` by ${serverAssignor}`;
      return `member ${memberId}${instance} reads ${reads.join(' ') || 'nothing'}${by}${classicText(classicMemberMetadata)}`;
    }
    case 'ConsumerGroupTargetAssignmentMember':
      if (record.value === null) return `target of ${memberId} deleted`;
      return `target of ${memberId}: ${partitionsText(record.value.topicPartitions)}`;
    case 'ConsumerGroupCurrentMemberAssignment': {
      if (record.value === null) return `assignment of ${memberId} deleted`;
      const { memberEpoch, previousMemberEpoch, state } = record.value;
      const { assignedPartitions, partitionsPendingRevocation } = record.value;
      const revoking =
        partitionsPendingRevocation.length === 0
          ? ''
          : `, gives up ${partitionsText(partitionsPendingRevocation)}`;
      return `assignment of ${memberId} epoch ${previousMemberEpoch} -> ${memberEpoch} ${STATES.get(state)}: ${partitionsText(assignedPartitions)}${revoking}`;
    }
  }
}
