// Which users have SCRAM credentials: mechanisms and iterations, never the keys.
// KIPs: 554.
// Errors: CLUSTER_AUTHORIZATION_FAILED, RESOURCE_NOT_FOUND, DUPLICATE_RESOURCE.

import { api, array, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const DescribeUserScramCredentials = api({
  key: 50,
  name: 'DescribeUserScramCredentials',
  versions: '0',
  flexible: '0+',
  request: {
    users: array(
      struct({
        name: string,
      }),
    ).nullable(),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    results: array(
      struct({
        user: string,
        errorCode: int16,
        errorMessage: string.nullable(),
        credentialInfos: array(
          struct({
            /** 1: SCRAM-SHA-256; 2: SCRAM-SHA-512. */
            mechanism: int8,
            iterations: int32,
          }),
        ),
      }),
    ),
  },
});
