// __consumer_offsets: the epoch of a consumer group's target assignment.

import { int32, int64, logRecord, string } from '../../schema/field.ts';

export const ConsumerGroupTargetAssignmentMetadataKey = logRecord({
  type: 6,
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const ConsumerGroupTargetAssignmentMetadataValue = logRecord({
  type: 6,
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32,
    assignmentTimestamp: int64.default(0n).tag(0).ignorable(),
  },
});
