// Takes members out of a classic group: one (up to version 2) or several, also by instance id (version 3+).
// KIPs: 345, 800.
// Errors: COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, UNKNOWN_MEMBER_ID, GROUP_AUTHORIZATION_FAILED,
// FENCED_INSTANCE_ID.

import { api, array, int16, int32, string, struct } from '../../schema/field.ts';

export const LeaveGroup = api({
  key: 13,
  name: 'LeaveGroup',
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: string,
    memberId: string.until(2),
    members: array(
      struct({
        memberId: string,
        groupInstanceId: string.nullable().default(null),
        reason: string.since(5).nullable().default(null).ignorable(),
      }),
    ).since(3),
  },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    errorCode: int16,
    members: array(
      struct({
        memberId: string,
        groupInstanceId: string.nullable(),
        errorCode: int16,
      }),
    ).since(3),
  },
});
