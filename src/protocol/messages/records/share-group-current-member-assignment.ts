// __consumer_offsets: what a member of a share group owns.

import { array, int8, int32, logRecord, string, struct, uuid } from '../../schema/field.ts';

const topicPartitions = struct({
  topicId: uuid,
  partitions: array(int32),
});

export const ShareGroupCurrentMemberAssignmentKey = logRecord({
  type: 14,
  name: 'ShareGroupCurrentMemberAssignmentKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const ShareGroupCurrentMemberAssignmentValue = logRecord({
  type: 14,
  name: 'ShareGroupCurrentMemberAssignmentValue',
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32,
    previousMemberEpoch: int32,
    state: int8,
    assignedPartitions: array(topicPartitions),
  },
});
