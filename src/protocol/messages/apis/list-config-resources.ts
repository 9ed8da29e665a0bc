// Names of resources that have configuration. Version 0 (ListClientMetricsResources) knows only client
// metrics.
// KIPs: 714, 1142.

import { api, array, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const ListConfigResources = api({
  key: 74,
  name: 'ListConfigResources',
  versions: '0-1',
  flexible: '0+',
  request: {
    resourceTypes: array(int8).since(1),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    configResources: array(
      struct({
        resourceName: string,
        resourceType: int8.since(1).default(16).ignorable(),
      }),
    ),
  },
});
