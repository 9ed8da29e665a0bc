// __consumer_offsets: what a member of a consumer group shall own.

import { array, int32, logRecord, string, struct, uuid } from '../../schema/field.ts';

export const ConsumerGroupTargetAssignmentMemberKey = logRecord({
  type: 7,
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const ConsumerGroupTargetAssignmentMemberValue = logRecord({
  type: 7,
  name: 'ConsumerGroupTargetAssignmentMemberValue',
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
