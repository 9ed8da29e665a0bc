// __consumer_offsets: what a member of a share group shall own.

import { array, int32, logRecord, string, struct, uuid } from '../../schema/field.ts';

export const ShareGroupTargetAssignmentMemberKey = logRecord({
  type: 13,
  name: 'ShareGroupTargetAssignmentMemberKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const ShareGroupTargetAssignmentMemberValue = logRecord({
  type: 13,
  name: 'ShareGroupTargetAssignmentMemberValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topicPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
      }),
    ),
  },
});
