// __consumer_offsets: the epoch of a Streams group's target assignment.

import { int32, int64, logRecord, string } from '../../schema/field.ts';

export const StreamsGroupTargetAssignmentMetadataKey = logRecord({
  type: 20,
  name: 'StreamsGroupTargetAssignmentMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const StreamsGroupTargetAssignmentMetadataValue = logRecord({
  type: 20,
  name: 'StreamsGroupTargetAssignmentMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32,
    assignmentTimestamp: int64.default(0n).tag(0).ignorable(),
  },
});
