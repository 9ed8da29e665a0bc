// __consumer_offsets: what a member of a share group said of itself.

import { array, logRecord, string } from '../../schema/field.ts';

export const ShareGroupMemberMetadataKey = logRecord({
  type: 10,
  name: 'ShareGroupMemberMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const ShareGroupMemberMetadataValue = logRecord({
  type: 10,
  name: 'ShareGroupMemberMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
  },
});
