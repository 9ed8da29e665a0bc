// Client quotas that match a filter.
// KIPs: 546.

import { api, array, bool, float64, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const DescribeClientQuotas = api({
  key: 48,
  name: 'DescribeClientQuotas',
  versions: '0-1',
  flexible: '1+',
  request: {
    components: array(
      struct({
        entityType: string,
        /** 0: exact; 1: default; 2: any specified. */
        matchType: int8,
        match: string.nullable(),
      }),
    ),
    strict: bool,
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string,
            entityName: string.nullable(),
          }),
        ),
        values: array(
          struct({
            key: string,
            value: float64,
          }),
        ),
      }),
    ).nullable(),
  },
});
