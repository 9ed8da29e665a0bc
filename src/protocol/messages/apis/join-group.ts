// Joins a classic group and waits for the rebalance to end. The leader gets all members' subscriptions and
// assigns.
// KIPs: 345, 394, 559, 800, 814.
// Errors: COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
// INCONSISTENT_GROUP_PROTOCOL, INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, INVALID_SESSION_TIMEOUT,
// REBALANCE_IN_PROGRESS, GROUP_AUTHORIZATION_FAILED, MEMBER_ID_REQUIRED, GROUP_MAX_SIZE_REACHED,
// FENCED_INSTANCE_ID.

import { api, array, bool, bytes, int16, int32, string, struct } from '../../schema/field.ts';

export const JoinGroup = api({
  key: 11,
  name: 'JoinGroup',
  versions: '0-9',
  flexible: '6+',
  request: {
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32.since(1).default(-1).ignorable(),
    memberId: string,
    groupInstanceId: string.since(5).nullable().default(null),
    /** "consumer" for consumers, "connect" for Kafka Connect. */
    protocolType: string,
    protocols: array(
      struct({
        name: string,
        metadata: bytes,
      }),
    ),
    reason: string.since(8).nullable().default(null).ignorable(),
  },
  response: {
    throttleTimeMs: int32.since(2).ignorable(),
    errorCode: int16,
    generationId: int32.default(-1),
    protocolType: string.since(7).nullable().default(null).ignorable(),
    protocolName: string.nullable({ since: 7 }),
    leader: string,
    skipAssignment: bool.since(9).default(false),
    memberId: string,
    members: array(
      struct({
        memberId: string,
        groupInstanceId: string.since(5).nullable().default(null).ignorable(),
        metadata: bytes,
      }),
    ),
  },
});
