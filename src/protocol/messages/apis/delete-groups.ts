// Deletes empty groups and their offsets.
// KIPs: 229.
// Errors: COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, INVALID_GROUP_ID, GROUP_AUTHORIZATION_FAILED,
// NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND.

import { api, array, int16, int32, string, struct } from '../../schema/field.ts';

export const DeleteGroups = api({
  key: 42,
  name: 'DeleteGroups',
  versions: '0-2',
  flexible: '2+',
  request: {
    groupsNames: array(string),
  },
  response: {
    throttleTimeMs: int32,
    results: array(
      struct({
        groupId: string,
        errorCode: int16,
      }),
    ),
  },
});
