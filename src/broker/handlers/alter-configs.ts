// AlterConfigs: replaces the whole configuration of a resource; answered in the order of the request. Rules:
// ConfigAdminManager and metadata/replace-configs.ts.

import { AlterConfigs } from '../../protocol/messages/apis/alter-configs.ts';
import type { AlteredResource } from '../metadata/alter-configs.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import { splitByAlterRight } from './authorize-configs.ts';
import { handler } from './handler.ts';

export const alterConfigs = handler(
  AlterConfigs,
  {
    versions: '0-2',
    acl: { perResource: 'ALTER_CONFIGS on TOPIC, GROUP or, for the rest, CLUSTER' },
    failed: ({ resources }, code, message) =>
      answer(
        resources.map(({ resourceType, resourceName }) => ({
          resource: { type: resourceType, name: resourceName },
          error: { code, message },
        })),
      ),
  },
  ({ resources, validateOnly }, context) => {
    const replaced = resources.map(({ resourceType, resourceName, configs }) => ({
      resource: { type: resourceType, name: resourceName },
      configs,
    }));
    const { permitted, refused } = splitByAlterRight(context, replaced);
    return context.node.metadata
      .replaceConfigs({ resources: permitted, validateOnly }, error =>
        permitted.map(({ resource }) => ({ resource, error: apiErrorOf(error) })),
      )
      .map(results => answer([...results, ...refused]));
  },
);

function answer(results: readonly AlteredResource[]) {
  return {
    throttleTimeMs: 0,
    responses: results.map(({ resource, error }) => ({
      errorCode: error.code,
      errorMessage: error.message,
      resourceType: resource.type,
      resourceName: resource.name,
    })),
  };
}
