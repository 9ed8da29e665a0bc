// __consumer_offsets: what a member of a consumer group said of itself. Unlike other tags, a null
// classicMemberMetadata is written.

import { array, bytes, int32, logRecord, string, struct } from '../../schema/field.ts';

export const ConsumerGroupMemberMetadataKey = logRecord({
  type: 5,
  name: 'ConsumerGroupMemberMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const ConsumerGroupMemberMetadataValue = logRecord({
  type: 5,
  name: 'ConsumerGroupMemberMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string.nullable(),
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
    subscribedTopicRegex: string.nullable(),
    rebalanceTimeoutMs: int32.default(-1),
    serverAssignor: string.nullable(),
    classicMemberMetadata: struct({
      sessionTimeoutMs: int32,
      supportedProtocols: array(
        struct({
          name: string,
          metadata: bytes,
        }),
      ),
    })
      .nullable()
      .tag(0),
  },
});
