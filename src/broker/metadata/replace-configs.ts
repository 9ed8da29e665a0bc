// Decides AlterConfigs, the old way to change configuration: what is not named is removed. It comes down to the same
// operations as the incremental way, judged by the same rules. Rules: ConfigAdminManager.preprocess (legacy) and
// ConfigurationControlManager.legacyAlterConfigs.

import type { Decision } from '../runtime/shard.ts';
import { type AlteredResource, alterResource, type ConfigOperation, operationsOf } from './alter-configs.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { configsOf } from './configs.ts';
import type { MetadataEnvironment } from './environment.ts';
import { type ConfigResource, configResourceKey, type MetadataImage, ResourceType } from './image.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { clearedElrRecords } from './min-insync-replicas.ts';

const SET = 0;

export interface ReplacedResource {
  readonly resource: ConfigResource;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface ReplaceConfigsCommand {
  readonly resources: readonly ReplacedResource[];
  readonly validateOnly: boolean;
}

export function decideReplaceConfigs(
  image: MetadataImage,
  { resources, validateOnly }: ReplaceConfigsCommand,
  environment: MetadataEnvironment,
): Decision<MetadataRecord, readonly AlteredResource[]> {
  const counts = new Map<string, number>();
  for (const { resource } of resources) {
    const key = configResourceKey(resource);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const records: MetadataRecord[] = [];
  const response = resources.map(replaced => {
    const { resource } = replaced;
    const isRepeated = counts.get(configResourceKey(resource))! > 1;
    const outcome = isRepeated
      ? apiError('INVALID_REQUEST', 'Each resource must appear at most once.')
      : replaceResource(image, replaced, environment);
    if ('code' in outcome) return { resource, error: outcome };
    records.push(...outcome);
    return { resource, error: NO_ERROR };
  });
  return { records: validateOnly ? [] : [...records, ...clearedElrRecords(image, records)], response };
}

function replaceResource(
  image: MetadataImage,
  { resource, configs }: ReplacedResource,
  environment: MetadataEnvironment,
): readonly MetadataRecord[] | ApiError {
  const set = operationsOf({
    resource,
    configs: configs.map(config => ({ ...config, configOperation: SET })),
  });
  if ('code' in set) return set;
  if (resource.type === ResourceType.BROKER_LOGGER) {
    return apiError('INVALID_REQUEST', `Unknown resource type ${resource.type}`);
  }
  const named = new Set(configs.map(({ name }) => name));
  const removed = [...configsOf(image, resource).keys()]
    .filter(name => !named.has(name))
    .map((name): ConfigOperation => ({ name, operation: 'DELETE', value: null }));
  return alterResource(image, { resource, operations: [...set, ...removed] }, environment);
}
