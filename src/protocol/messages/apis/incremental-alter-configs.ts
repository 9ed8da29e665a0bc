// Changes single configuration keys: set, delete, append to or subtract from a list.
// KIPs: 339.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED,
// INVALID_CONFIG, INVALID_REQUEST.

import { api, array, bool, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const IncrementalAlterConfigs = api({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: '0-1',
  flexible: '1+',
  request: {
    resources: array(
      struct({
        /** 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group. */
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            /** 0: set; 1: delete; 2: append; 3: subtract. */
            configOperation: int8,
            value: string.nullable(),
          }),
        ),
      }),
    ),
    validateOnly: bool,
  },
  response: {
    throttleTimeMs: int32,
    responses: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
        resourceType: int8,
        resourceName: string,
      }),
    ),
  },
});
