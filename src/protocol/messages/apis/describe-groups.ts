// State and members of classic groups.
// KIPs: 345, 430, 1043.
// Errors: COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
// GROUP_AUTHORIZATION_FAILED, GROUP_ID_NOT_FOUND.

import { api, array, bool, bytes, int16, int32, string, struct } from '../../schema/field.ts';

export const DescribeGroups = api({
  key: 15,
  name: 'DescribeGroups',
  versions: '0-6',
  flexible: '5+',
  request: {
    groups: array(string),
    includeAuthorizedOperations: bool.since(3),
  },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    groups: array(
      struct({
        errorCode: int16,
        errorMessage: string.since(6).nullable().default(null),
        groupId: string,
        groupState: string,
        protocolType: string,
        protocolData: string,
        members: array(
          struct({
            memberId: string,
            groupInstanceId: string.since(4).nullable().default(null).ignorable(),
            clientId: string,
            clientHost: string,
            memberMetadata: bytes,
            memberAssignment: bytes,
          }),
        ),
        /** A bit per ACL operation; the default says "not asked for". */
        authorizedOperations: int32.since(3).default(-2147483648),
      }),
    ),
  },
});
