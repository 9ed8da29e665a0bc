// IncrementalAlterConfigs: sets, deletes, appends to and subtracts from configuration; answered in the order of the
// request. Log levels change in memory only; everything else is metadata. Rules: ConfigAdminManager.preprocess and
// metadata/alter-configs.ts.

import { IncrementalAlterConfigs } from '../../protocol/messages/apis/incremental-alter-configs.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import {
  type AlteredResource,
  type AlteredResourceRequest,
  operationsOf,
} from '../metadata/alter-configs.ts';
import { type ApiError, apiError, apiErrorOf, NO_ERROR } from '../metadata/api-error.ts';
import { configResourceKey, ResourceType } from '../metadata/image.ts';
import type { BrokerNode } from '../node.ts';
import { splitByAlterRight } from './authorize-configs.ts';
import { handler } from './handler.ts';

type Request = RequestOf<typeof IncrementalAlterConfigs>;
type Response = ResponseDraft<typeof IncrementalAlterConfigs>;

export const incrementalAlterConfigs = handler(
  IncrementalAlterConfigs,
  {
    versions: '0-1',
    acl: { perResource: 'ALTER_CONFIGS on TOPIC, GROUP or, for the rest, CLUSTER' },
    failed: (request, code, message) => answer(request, () => ({ code, message })),
  },
  (request, context) => {
    const { node } = context;
    const { validateOnly } = request;
    const resources = request.resources.map(({ resourceType, resourceName, configs }) => ({
      resource: { type: resourceType, name: resourceName },
      configs,
    }));
    const isLogger = ({ resource }: AlteredResourceRequest) => resource.type === ResourceType.BROKER_LOGGER;
    const { permitted, refused } = splitByAlterRight(context, resources);
    const stored = permitted.filter(resource => !isLogger(resource));
    const errors = new Map<string, ApiError>();
    const note = ({ resource, error }: AlteredResource) => errors.set(configResourceKey(resource), error);
    for (const altered of refused) note(altered);
    for (const altered of alterLogLevels(node, permitted.filter(isLogger), validateOnly)) note(altered);
    return node.metadata
      .alterConfigs({ resources: stored, validateOnly }, error =>
        stored.map(({ resource }) => ({ resource, error: apiErrorOf(error) })),
      )
      .map(results => {
        for (const altered of results) note(altered);
        return answer(request, key => errors.get(key)!);
      });
  },
);

function alterLogLevels(
  node: BrokerNode,
  requests: readonly AlteredResourceRequest[],
  validateOnly: boolean,
): AlteredResource[] {
  return requests.map(request => {
    const { resource } = request;
    if (requests.some(other => other !== request && other.resource.name === resource.name)) {
      return { resource, error: apiError('INVALID_REQUEST', 'Each resource must appear at most once.') };
    }
    const operations = operationsOf(request);
    if ('code' in operations) return { resource, error: operations };
    const error =
      refuseOtherNode(resource.name, node.identity.nodeId) ??
      node.logLevels.alter(operations, { validateOnly });
    return { resource, error: error ?? NO_ERROR };
  });
}

function refuseOtherNode(name: string, nodeId: number): ApiError | null {
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    return apiError('INVALID_REQUEST', `Node id must be an integer, but it is: ${name}`);
  }
  if (Number(name) === nodeId) return null;
  return apiError('INVALID_REQUEST', `Unexpected node id. Expected ${nodeId}, but received ${Number(name)}`);
}

function answer(request: Request, errorOf: (resourceKey: string) => ApiError): Response {
  return {
    throttleTimeMs: 0,
    responses: request.resources.map(({ resourceType, resourceName }) => {
      const error = errorOf(configResourceKey({ type: resourceType, name: resourceName }));
      return { resourceType, resourceName, errorCode: error.code, errorMessage: error.message };
    }),
  };
}
