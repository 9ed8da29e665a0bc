// Sets or removes users' SCRAM credentials.
// KIPs: 554.
// Errors: CLUSTER_AUTHORIZATION_FAILED, UNSUPPORTED_SASL_MECHANISM, RESOURCE_NOT_FOUND, DUPLICATE_RESOURCE,
// UNACCEPTABLE_CREDENTIAL.

import { api, array, bytes, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const AlterUserScramCredentials = api({
  key: 51,
  name: 'AlterUserScramCredentials',
  versions: '0',
  flexible: '0+',
  request: {
    deletions: array(
      struct({
        name: string,
        mechanism: int8,
      }),
    ),
    upsertions: array(
      struct({
        name: string,
        /** 1: SCRAM-SHA-256; 2: SCRAM-SHA-512. */
        mechanism: int8,
        iterations: int32,
        salt: bytes,
        saltedPassword: bytes,
      }),
    ),
  },
  response: {
    throttleTimeMs: int32,
    results: array(
      struct({
        user: string,
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    ),
  },
});
