// UpdateFeatures: feature levels, metadata.version among them, go up, or down where that loses nothing. Rules:
// ControllerApis.handleUpdateFeatures and metadata/update-features.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { UpdateFeatures } from '../../protocol/messages/apis/update-features.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof UpdateFeatures>;

/** Results per feature are gone since then. */
const NO_RESULTS_SINCE = 2;

export const updateFeatures = handler(
  UpdateFeatures,
  {
    versions: '0-2',
    acl: { operation: 'ALTER', on: 'CLUSTER' },
    failed: (_request, errorCode, message) => failed(errorCode, message),
  },
  (request, { node, apiVersion }) =>
    node.metadata.updateFeatures<Response>(
      request,
      features => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        errorMessage: null,
        results:
          apiVersion < NO_RESULTS_SINCE
            ? features.map(feature => ({ feature, errorCode: ErrorCode.NONE, errorMessage: 'NONE' }))
            : [],
      }),
      ({ code, message }) => failed(code, message),
    ),
);

function failed(errorCode: number, errorMessage: string | null): Response {
  return { throttleTimeMs: 0, errorCode, errorMessage, results: [] };
}
