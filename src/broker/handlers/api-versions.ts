// ApiVersions: what this broker serves, derived from the handlers themselves, and which features a client may rely on.
// It is the one request that is answered in any version: an unknown one in version 0 with error 35 and the versions of
// ApiVersions alone, so that a newer client can ask again (KIP-511). From version 3 on the client names its software.
// Rules: ApiVersionsRequest, ApiVersionsResponse, DefaultApiVersionManager.

import { ErrorCode } from '../../protocol/errors.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { advertisedFeatures, SERVED_FEATURES } from '../metadata/features.ts';
import { type Handler, handler, type RequestContext } from './handler.ts';

type Response = ResponseDraft<typeof ApiVersions>;

const SOFTWARE_SINCE = 3;
/** Below it a feature with minimum 0 cannot be decoded by old clients (KAFKA-17011). */
const FEATURE_MIN_ZERO_SINCE = 4;
const SOFTWARE_PATTERN = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** ApiVersions over these handlers and itself. */
export function apiVersionsOf(others: readonly Handler[]): Handler {
  const apiVersions: Handler = handler(
    ApiVersions,
    {
      versions: '0-4',
      acl: { none: 'a client asks before it says who it is' },
      versionUnknown: () => failed(ErrorCode.UNSUPPORTED_VERSION, entriesOf(apiVersions)),
      failed: (_request, errorCode) => failed(errorCode, []),
    },
    (request, context) => answer(request, context),
  );
  const apiKeys = [...others, apiVersions].flatMap(entriesOf).sort((a, b) => a.apiKey - b.apiKey);

  function answer(request: RequestOf<typeof ApiVersions>, context: RequestContext): Response {
    if (context.apiVersion >= SOFTWARE_SINCE) {
      const { clientSoftwareName, clientSoftwareVersion } = request;
      if (!SOFTWARE_PATTERN.test(clientSoftwareName) || !SOFTWARE_PATTERN.test(clientSoftwareVersion)) {
        return failed(ErrorCode.INVALID_REQUEST, []);
      }
      context.connection.clientSoftwareName = clientSoftwareName;
      context.connection.clientSoftwareVersion = clientSoftwareVersion;
    }
    context.connection.authentication?.versionsTold();
    return { errorCode: ErrorCode.NONE, apiKeys, throttleTimeMs: 0, ...featuresFor(context) };
  }

  return apiVersions;
}

function featuresFor({ node, apiVersion }: RequestContext) {
  const { image } = node.metadata;
  const supported = Array.from(SERVED_FEATURES, ([name, { min, max }]) => ({
    name,
    minVersion: min,
    maxVersion: max,
  }));
  return {
    supportedFeatures:
      apiVersion >= FEATURE_MIN_ZERO_SINCE ? supported : supported.filter(feature => feature.minVersion > 0),
    finalizedFeaturesEpoch: BigInt(image.lastOffset),
    finalizedFeatures: advertisedFeatures(image).map(({ name, level }) => ({
      name,
      minVersionLevel: level,
      maxVersionLevel: level,
    })),
  };
}

function entriesOf({ api, advertised }: Handler) {
  if (advertised === null) return [];
  return [{ apiKey: api.key, minVersion: advertised.min, maxVersion: advertised.max }];
}

function failed(errorCode: number, apiKeys: ReturnType<typeof entriesOf>): Response {
  return { errorCode, apiKeys, throttleTimeMs: 0 };
}
