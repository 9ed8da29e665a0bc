// Lists access control entries that match a filter.
// KIPs: 140, 290.
// Errors: CLUSTER_AUTHORIZATION_FAILED, SECURITY_DISABLED.

import { api, array, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const DescribeAcls = api({
  key: 29,
  name: 'DescribeAcls',
  versions: '1-3',
  flexible: '2+',
  request: {
    /** 1: any; 2: topic; 3: group; 4: cluster; 5: transactional id; 6: delegation token; 7: user. */
    resourceTypeFilter: int8,
    resourceNameFilter: string.nullable(),
    /** 1: any; 2: match; 3: literal; 4: prefixed. */
    patternTypeFilter: int8.default(3),
    principalFilter: string.nullable(),
    hostFilter: string.nullable(),
    operation: int8,
    /** 1: any; 2: deny; 3: allow. */
    permissionType: int8,
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        patternType: int8.default(3),
        acls: array(
          struct({
            principal: string,
            host: string,
            operation: int8,
            permissionType: int8,
          }),
        ),
      }),
    ),
  },
});
