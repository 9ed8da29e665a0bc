// __consumer_offsets: what a member of a Streams group said of itself.

import { array, int32, logRecord, string, struct, uint16 } from '../../schema/field.ts';

const endpoint = struct({
  host: string,
  port: uint16,
});

const keyValue = struct({
  key: string,
  value: string,
});

export const StreamsGroupMemberMetadataKey = logRecord({
  type: 19,
  name: 'StreamsGroupMemberMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const StreamsGroupMemberMetadataValue = logRecord({
  type: 19,
  name: 'StreamsGroupMemberMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string.nullable(),
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    rebalanceTimeoutMs: int32.default(-1),
    topologyEpoch: int32,
    processId: string,
    userEndpoint: endpoint.nullable().default(null),
    clientTags: array(keyValue),
  },
});
