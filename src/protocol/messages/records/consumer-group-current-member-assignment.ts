// __consumer_offsets: what a member of a consumer group owns, and which epoch it has reached.

import { array, int8, int32, logRecord, string, struct, uuid } from '../../schema/field.ts';

const topicPartitions = struct({
  topicId: uuid,
  partitions: array(int32),
  assignmentEpochs: array(int32).nullable().tag(0),
});

export const ConsumerGroupCurrentMemberAssignmentKey = logRecord({
  type: 8,
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const ConsumerGroupCurrentMemberAssignmentValue = logRecord({
  type: 8,
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32,
    previousMemberEpoch: int32,
    /** 0: stable; 1: unrevoked partitions; 2: unreleased partitions; 127: unknown. */
    state: int8,
    assignedPartitions: array(topicPartitions),
    partitionsPendingRevocation: array(topicPartitions),
  },
});
