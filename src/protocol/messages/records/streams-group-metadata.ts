// __consumer_offsets: a Streams group (KIP-1071): its epochs.

import { array, int32, int64, logRecord, string, struct } from '../../schema/field.ts';

const lastAssignmentConfig = struct({
  key: string,
  value: string,
});

export const StreamsGroupMetadataKey = logRecord({
  type: 17,
  name: 'StreamsGroupMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const StreamsGroupMetadataValue = logRecord({
  type: 17,
  name: 'StreamsGroupMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32,
    metadataHash: int64,
    validatedTopologyEpoch: int32.default(-1).tag(0),
    lastAssignmentConfigs: array(lastAssignmentConfig).nullable().tag(1),
  },
});
