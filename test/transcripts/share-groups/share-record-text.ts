// Records of share groups as a person reads them. Topics are told by their names: the ids of a test hold them.

import type { ShareGroupRecord } from '../../../src/broker/groups/share/share-records.ts';
import { partitionsText } from '../consumer-groups/consumer-record-text.ts';

interface StateTopic {
  readonly topicName: string;
  readonly partitions: readonly number[];
}

export function shareRecordText(record: ShareGroupRecord): string {
  const { groupId } = record.key;
  switch (record.type) {
    case 'ShareGroupMetadata':
      return record.value === null
        ? `group ${groupId} deleted`
        : `group ${groupId} epoch ${record.value.epoch}${record.value.metadataHash === 0n ? ', reads nothing' : ''}`;
    case 'ShareGroupTargetAssignmentMetadata':
      return record.value === null
        ? `target of ${groupId} deleted`
        : `target of ${groupId} for epoch ${record.value.assignmentEpoch}`;
    case 'ShareGroupStatePartitionMetadata':
      return record.value === null
        ? `share state of ${groupId} deleted`
        : `share state of ${groupId}: ${stateText(record.value)}`;
    default:
      return memberText(record);
  }
}

function stateText(state: {
  readonly initializingTopics: readonly StateTopic[];
  readonly initializedTopics: readonly StateTopic[];
  readonly deletingTopics: readonly { readonly topicName: string }[];
}): string {
  const parts = [
    ['initializing', topicsText(state.initializingTopics)],
    ['initialized', topicsText(state.initializedTopics)],
    ['deleting', state.deletingTopics.map(({ topicName }) => topicName).join(' ')],
  ].filter(([, text]) => text !== '');
  return parts.map(([word, text]) => `${word} ${text}`).join(', ') || 'nothing';
}

function topicsText(topics: readonly StateTopic[]): string {
  return topics
    .flatMap(({ topicName, partitions }) => partitions.map(partition => `${topicName}-${partition}`))
    .join(' ');
}

function memberText(record: Extract<ShareGroupRecord, { key: { memberId: string } }>): string {
  const { memberId } = record.key;
  switch (record.type) {
    case 'ShareGroupMemberMetadata': {
      if (record.value === null) return `member ${memberId} deleted`;
      const { rackId, subscribedTopicNames } = record.value;
      const rack = rackId === null ? '' : ` in ${rackId}`;
      return `member ${memberId}${rack} reads ${subscribedTopicNames.join(' ') || 'nothing'}`;
    }
    case 'ShareGroupTargetAssignmentMember':
      if (record.value === null) return `target of ${memberId} deleted`;
      return `target of ${memberId}: ${partitionsText(record.value.topicPartitions)}`;
    case 'ShareGroupCurrentMemberAssignment': {
      if (record.value === null) return `assignment of ${memberId} deleted`;
      const { memberEpoch, previousMemberEpoch, assignedPartitions } = record.value;
      return `assignment of ${memberId} epoch ${previousMemberEpoch} -> ${memberEpoch}: ${partitionsText(assignedPartitions)}`;
    }
  }
}
