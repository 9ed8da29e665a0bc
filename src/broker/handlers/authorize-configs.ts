// Who may alter or read configuration: of a topic or a group whoever may do so with that resource, of brokers, loggers and
// client metrics whoever may do so with the cluster. Rules: ControllerApis.authorizeAlterResource, ConfigHelper.

import { type ApiError, apiError } from '../metadata/api-error.ts';
import { type ConfigResource, ResourceType } from '../metadata/image.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { type Asking, isAuthorized } from './authorize.ts';

export interface RefusedResource {
  readonly resource: ConfigResource;
  readonly error: ApiError;
}

export function splitByAlterRight<T extends { readonly resource: ConfigResource }>(
  asking: Asking,
  requests: readonly T[],
): { readonly permitted: readonly T[]; readonly refused: readonly RefusedResource[] } {
  const permitted: T[] = [];
  const refused: RefusedResource[] = [];
  for (const request of requests) {
    const error = configRefusal(asking, 'ALTER_CONFIGS', request.resource);
    if (error === null) permitted.push(request);
    else refused.push({ resource: request.resource, error });
  }
  return { permitted, refused };
}

/** null: nothing against it. A type that nobody knows is refused elsewhere. */
export function configRefusal(
  asking: Asking,
  operation: 'ALTER_CONFIGS' | 'DESCRIBE_CONFIGS',
  { type, name }: ConfigResource,
): ApiError | null {
  if (asking.node.authorizer === undefined) return null;
  switch (type) {
    case ResourceType.TOPIC:
      return isAuthorized(asking, operation, 'TOPIC', name) ? null : apiError('TOPIC_AUTHORIZATION_FAILED');
    case ResourceType.GROUP:
      return isAuthorized(asking, operation, 'GROUP', name) ? null : apiError('GROUP_AUTHORIZATION_FAILED');
    case ResourceType.BROKER:
    case ResourceType.BROKER_LOGGER:
    case ResourceType.CLIENT_METRICS:
      return isAuthorized(asking, operation, 'CLUSTER', CLUSTER_NAME)
        ? null
        : apiError('CLUSTER_AUTHORIZATION_FAILED');
    default:
      return null;
  }
}
