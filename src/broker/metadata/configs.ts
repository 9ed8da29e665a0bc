// Values set by ConfigRecords, per resource (Apache Kafka's ConfigurationsImage). Names are not judged here: a value whose
// key this program does not know stays, because the next program that opens the directory may.

import type { ChangeCollector } from './changes.ts';
import {
  type ConfigMap,
  type ConfigResource,
  configResourceKey,
  configResourceOf,
  type MetadataImage,
  type MutableMetadataImage,
} from './image.ts';
import { type MetadataData, type MetadataRecord, record } from './metadata-record.ts';

const NOTHING: ConfigMap = new Map();

export function replayConfig(
  image: MutableMetadataImage,
  data: MetadataData<'ConfigRecord'>,
  changes: ChangeCollector,
): void {
  const resource = { type: data.resourceType, name: data.resourceName };
  const resourceKey = configResourceKey(resource);
  const values = new Map(image.configs.get(resourceKey));
  if (data.value === null) values.delete(data.name);
  else values.set(data.name, data.value);
  if (values.size === 0) image.configs.delete(resourceKey);
  else image.configs.set(resourceKey, values);
  changes.configChanged(resource);
}

export function configsOf(image: MetadataImage, resource: ConfigResource): ConfigMap {
  return image.configs.get(configResourceKey(resource)) ?? NOTHING;
}

/** `value` null removes the key. */
export function configRecord(resource: ConfigResource, name: string, value: string | null): MetadataRecord {
  return record('ConfigRecord', { resourceType: resource.type, resourceName: resource.name, name, value });
}

/** What a snapshot says of the configuration. */
export function* configRecords(image: MetadataImage): Iterable<MetadataRecord> {
  for (const [resourceKey, values] of image.configs) {
    const resource = configResourceOf(resourceKey);
    for (const [name, value] of values) yield configRecord(resource, name, value);
  }
}
