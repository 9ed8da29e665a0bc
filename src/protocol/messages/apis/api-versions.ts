// Which APIs and versions this broker serves, and its features. Always answered with response header 0; a
// version the broker does not know is answered in version 0 with UNSUPPORTED_VERSION.
// KIPs: 35, 511, 584, 1242.
// Errors: UNSUPPORTED_VERSION, INVALID_REQUEST.

import { api, array, bool, int16, int32, int64, string, struct } from '../../schema/field.ts';

export const ApiVersions = api({
  key: 18,
  name: 'ApiVersions',
  versions: '0-4',
  flexible: '3+',
  request: {
    clientSoftwareName: string.since(3).ignorable(),
    clientSoftwareVersion: string.since(3).ignorable(),
  },
  response: {
    errorCode: int16,
    apiKeys: array(
      struct({
        apiKey: int16,
        minVersion: int16,
        maxVersion: int16,
      }),
    ),
    throttleTimeMs: int32.since(1).ignorable(),
    supportedFeatures: array(
      struct({
        name: string,
        minVersion: int16,
        maxVersion: int16,
      }),
    )
      .since(3)
      .tag(0)
      .ignorable(),
    /** -1: unknown. */
    finalizedFeaturesEpoch: int64.since(3).default(-1n).tag(1).ignorable(),
    finalizedFeatures: array(
      struct({
        name: string,
        maxVersionLevel: int16,
        minVersionLevel: int16,
      }),
    )
      .since(3)
      .tag(2)
      .ignorable(),
    zkMigrationReady: bool.since(3).default(false).tag(3).ignorable(),
  },
});
