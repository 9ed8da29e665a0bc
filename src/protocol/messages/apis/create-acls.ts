// Adds access control entries.
// KIPs: 140, 290.
// Errors: CLUSTER_AUTHORIZATION_FAILED, INVALID_REQUEST, SECURITY_DISABLED.

import { api, array, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const CreateAcls = api({
  key: 30,
  name: 'CreateAcls',
  versions: '1-3',
  flexible: '2+',
  request: {
    creations: array(
      struct({
        resourceType: int8,
        resourceName: string,
        resourcePatternType: int8.default(3),
        principal: string,
        host: string,
        operation: int8,
        permissionType: int8,
      }),
    ),
  },
  response: {
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    ),
  },
});
