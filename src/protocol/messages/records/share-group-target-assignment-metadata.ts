// __consumer_offsets: the epoch of a share group's target assignment.

import { int32, int64, logRecord, string } from '../../schema/field.ts';

export const ShareGroupTargetAssignmentMetadataKey = logRecord({
  type: 12,
  name: 'ShareGroupTargetAssignmentMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const ShareGroupTargetAssignmentMetadataValue = logRecord({
  type: 12,
  name: 'ShareGroupTargetAssignmentMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32,
    assignmentTimestamp: int64.default(0n).tag(0).ignorable(),
  },
});
