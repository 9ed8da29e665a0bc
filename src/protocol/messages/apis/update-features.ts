// Raises or lowers finalized feature levels.
// KIPs: 584.
// Errors: CLUSTER_AUTHORIZATION_FAILED, INVALID_REQUEST, INVALID_UPDATE_VERSION, FEATURE_UPDATE_FAILED.

import { api, array, bool, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const UpdateFeatures = api({
  key: 57,
  name: 'UpdateFeatures',
  versions: '0-2',
  flexible: '0+',
  request: {
    timeoutMs: int32.default(60000),
    featureUpdates: array(
      struct({
        feature: string,
        maxVersionLevel: int16,
        allowDowngrade: bool.until(0),
        /** 1: upgrade; 2: safe downgrade; 3: unsafe downgrade. */
        upgradeType: int8.since(1).default(1),
      }),
    ),
    validateOnly: bool.since(1).default(false),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    results: array(
      struct({
        feature: string,
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    )
      .until(1)
      .ignorable(),
  },
});
