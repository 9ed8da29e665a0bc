// Decides UpdateFeatures (KIP-584): levels go up to what this program serves, and down where that loses nothing. All
// updates of a request count, or none. Rules: FeatureControlManager.

import { KafkaError } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import {
  ELIGIBLE_LEADER_REPLICAS_VERSION,
  FEATURE_RANGES,
  KRAFT_VERSION,
  METADATA_VERSION,
  metadataVersionOf,
  missingDependency,
  SERVED_FEATURES,
} from './features.ts';
import type { MetadataImage } from './image.ts';
import { type MetadataRecord, record } from './metadata-record.ts';
import { elrSafetyRecords } from './min-insync-replicas.ts';

/** FeatureUpdate.UpgradeType */
const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;
/** Levels of metadata.version that brought new records (MetadataVersion.didMetadataChange): no way down leads past them. */
const RECORDS_CHANGED_AT: readonly number[] = [7, 8, 11, 13, 14, 15, 17, 23, 30];

export interface FeatureUpdate {
  readonly feature: string;
  readonly maxVersionLevel: number;
  readonly upgradeType: number;
}

export interface UpdateFeaturesCommand {
  readonly featureUpdates: readonly FeatureUpdate[];
  readonly validateOnly: boolean;
}

export interface UpdateFeaturesEnvironment {
  readonly nodeId: number;
  readonly minInsyncReplicas: number;
}

/** Throws INVALID_UPDATE_VERSION. The response: the features that were updated. */
export function decideUpdateFeatures(
  image: MetadataImage,
  { featureUpdates, validateOnly }: UpdateFeaturesCommand,
  { nodeId, minInsyncReplicas }: UpdateFeaturesEnvironment,
): Decision<MetadataRecord, readonly string[]> {
  const updates = new Map(featureUpdates.map(update => [update.feature, update]));
  const records: MetadataRecord[] = [];
  const proposed = new Map(image.features).set(METADATA_VERSION, metadataVersionOf(image));
  for (const { feature, maxVersionLevel } of updates.values()) proposed.set(feature, maxVersionLevel);
  for (const update of updates.values()) {
    const refusal = refused(image, update, nodeId) ?? refusedAlone(update, proposed);
    if (refusal !== null) {
      throw new KafkaError(
        'INVALID_UPDATE_VERSION',
        `The update failed for all features since the following feature had an error: ${refusal}`,
      );
    }
    const { feature: name, maxVersionLevel: featureLevel } = update;
    if (name === ELIGIBLE_LEADER_REPLICAS_VERSION && featureLevel > 0) {
      records.unshift(...elrSafetyRecords(image, minInsyncReplicas));
    }
    if (name !== KRAFT_VERSION) records.push(record('FeatureLevelRecord', { name, featureLevel }));
  }
  return { records: validateOnly ? [] : records, response: [...updates.keys()] };
}

function refused(image: MetadataImage, update: FeatureUpdate, nodeId: number): string | null {
  const { feature, maxVersionLevel: level, upgradeType } = update;
  const because = (reason: string) => `Invalid update version ${level} for feature ${feature}. ${reason}`;
  if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE) {
    return because('The controller does not support the given upgrade type.');
  }
  if (level < 0) return because('A feature version cannot be less than 0.');
  const unsupported = unsupportedReason(feature, level, nodeId);
  if (unsupported !== null) return because(unsupported);
  const current =
    feature === METADATA_VERSION ? metadataVersionOf(image) : (image.features.get(feature) ?? 0);
  if (level < current && upgradeType === UPGRADE) {
    return because(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  }
  if (level > current && upgradeType !== UPGRADE) return because("Can't downgrade to a newer version.");
  if (feature === METADATA_VERSION) {
    return level < current
      ? refusedDowngrade({ current, level, isSafe: upgradeType === SAFE_DOWNGRADE })
      : null;
  }
  return feature === KRAFT_VERSION && level < current
    ? because("Can't downgrade the version of this feature.")
    : null;
}

/**
 * Whether the voters are to stand in the log from now on (kraft.version 1), which control records say: they are written
 * beside those of the decision (metadata.ts). Throws what the decision throws.
 */
export function endsStaticQuorum(
  image: MetadataImage,
  command: UpdateFeaturesCommand,
  environment: UpdateFeaturesEnvironment,
): boolean {
  const wanted = command.featureUpdates.findLast(({ feature }) => feature === KRAFT_VERSION)?.maxVersionLevel;
  if (command.validateOnly || wanted === undefined || wanted <= (image.features.get(KRAFT_VERSION) ?? 0))
    return false;
  decideUpdateFeatures(image, command, environment);
  return true;
}

function refusedAlone(
  { feature, maxVersionLevel: level }: FeatureUpdate,
  proposed: ReadonlyMap<string, number>,
): string | null {
  const missing = missingDependency({ name: feature, level }, proposed);
  return missing === null ? null : `Invalid update version ${level} for feature ${feature}. ${missing}`;
}

function unsupportedReason(feature: string, level: number, nodeId: number): string | null {
  const range = SERVED_FEATURES.get(feature);
  if (range === undefined) {
    if (level > 0) return `Local controller ${nodeId} does not support this feature.`;
    return FEATURE_RANGES.has(feature) ? null : `Feature ${feature} not found.`;
  }
  if (level >= range.min && level <= range.max) return null;
  return `Local controller ${nodeId} only supports versions ${range.min}-${range.max}`;
}

function refusedDowngrade(options: {
  readonly current: number;
  readonly level: number;
  readonly isSafe: boolean;
}): string | null {
  const { current, level, isSafe } = options;
  if (!RECORDS_CHANGED_AT.some(changedAt => changedAt > level && changedAt <= current)) return null;
  return (
    `Unsupported metadata.version downgrade from ${current} to ${level}. ` +
    (isSafe
      ? 'Refusing to perform the requested downgrade because it might delete metadata information.'
      : 'Unsafe metadata downgrade is not supported in this version.')
  );
}
