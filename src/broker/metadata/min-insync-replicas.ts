// What eligible leader replicas (KIP-966, eligible.leader.replicas.version 1) ask of `min.insync.replicas`: one value for
// the cluster, in the log, so that every node counts alike. A changed value forgets the replicas that were eligible by the
// old one. Rules: ConfigurationControlManager.

import { ConfigError } from '../config/config-value.ts';
import { configRecord, configsOf } from './configs.ts';
import { hasEligibleLeaderReplicas } from './features.ts';
import { type ConfigResource, configResourceOf, type MetadataImage, ResourceType } from './image.ts';
import { type MetadataRecord, record } from './metadata-record.ts';

const MIN_INSYNC_REPLICAS = 'min.insync.replicas';
const EVERY_BROKER: ConfigResource = { type: ResourceType.BROKER, name: '' };

/** Throws ConfigError. A null value removes the key. */
export function refuseElrConflict(
  image: MetadataImage,
  resource: ConfigResource,
  { name, value }: { readonly name: string; readonly value: string | null },
): void {
  if (name !== MIN_INSYNC_REPLICAS || resource.type !== ResourceType.BROKER) return;
  if (!hasEligibleLeaderReplicas(image)) return;
  if (resource.name !== '') {
    throw new ConfigError(`Broker-level ${MIN_INSYNC_REPLICAS} cannot be altered while ELR is enabled.`);
  }
  if (value === null) {
    throw new ConfigError(`Cluster-level ${MIN_INSYNC_REPLICAS} cannot be removed while ELR is enabled.`);
  }
}

/** What follows the records of a change of configuration. */
export function clearedElrRecords(
  image: MetadataImage,
  records: readonly MetadataRecord[],
): readonly MetadataRecord[] {
  if (!hasEligibleLeaderReplicas(image)) return [];
  return records.flatMap(each => {
    if (each.type !== 'ConfigRecord' || each.data.name !== MIN_INSYNC_REPLICAS) return [];
    const isTopic = each.data.resourceType === ResourceType.TOPIC;
    return [record('ClearElrRecord', { topicName: isTopic ? each.data.resourceName : '' })];
  });
}

/** What precedes the feature's level when it is switched on. */
export function elrSafetyRecords(image: MetadataImage, minInsyncReplicas: number): readonly MetadataRecord[] {
  const records: MetadataRecord[] = [];
  if (!configsOf(image, EVERY_BROKER).has(MIN_INSYNC_REPLICAS)) {
    records.push(configRecord(EVERY_BROKER, MIN_INSYNC_REPLICAS, String(minInsyncReplicas)));
  }
  for (const [key, values] of image.configs) {
    const resource = configResourceOf(key);
    if (resource.type !== ResourceType.BROKER || resource.name === '') continue;
    if (values.has(MIN_INSYNC_REPLICAS)) records.push(configRecord(resource, MIN_INSYNC_REPLICAS, null));
  }
  return records;
}
