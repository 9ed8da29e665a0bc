// __consumer_offsets: a classic group with its members. A null value: the group is gone.

import { array, bytes, int32, int64, logRecord, string, struct } from '../../schema/field.ts';

const memberMetadata = struct({
  memberId: string,
  groupInstanceId: string.since(3).nullable().default(null).ignorable(),
  clientId: string,
  clientHost: string,
  rebalanceTimeout: int32.since(1).default(-1).ignorable(),
  sessionTimeout: int32,
  subscription: bytes,
  assignment: bytes,
});

export const GroupMetadataKey = logRecord({
  type: 2,
  name: 'GroupMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    group: string,
  },
});

export const GroupMetadataValue = logRecord({
  type: 2,
  name: 'GroupMetadataValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string,
    generation: int32,
    protocol: string.nullable(),
    leader: string.nullable(),
    currentStateTimestamp: int64.since(2).default(-1n).ignorable(),
    members: array(memberMetadata),
  },
});
