// Feature levels (KIP-584): what the log says is finalized, which levels this program can read, and which features it
// really serves. The log records the levels Apache Kafka 4.0 would, so that any 4.x opens the directory; a client is told
// only of what Millrace does: a level it does not serve is not advertised, however the log reads.

import type { MetadataImage, MutableMetadataImage } from './image.ts';
import { type MetadataData, type MetadataRecord, record } from './metadata-record.ts';

export const METADATA_VERSION = 'metadata.version';
export const KRAFT_VERSION = 'kraft.version';
export const ELIGIBLE_LEADER_REPLICAS_VERSION = 'eligible.leader.replicas.version';
export const GROUP_VERSION = 'group.version';
export const SHARE_VERSION = 'share.version';
export const STREAMS_VERSION = 'streams.version';
/** 4.0-IV3: what every Apache Kafka 4.x can open (research: 30 locks out 4.0 to 4.2). */
export const BOOTSTRAP_METADATA_VERSION = 25;
/** 3.3-IV3: the oldest level a KRaft log may have. Logs without a level are of that age. */
const METADATA_VERSION_MIN = 7;

export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** Levels whose records this program understands (Apache Kafka 4.3.1's). */
export const FEATURE_RANGES: ReadonlyMap<string, FeatureRange> = new Map([
  [ELIGIBLE_LEADER_REPLICAS_VERSION, { min: 0, max: 1 }],
  [GROUP_VERSION, { min: 0, max: 1 }],
  [KRAFT_VERSION, { min: 0, max: 1 }],
  [METADATA_VERSION, { min: METADATA_VERSION_MIN, max: 30 }],
  [SHARE_VERSION, { min: 0, max: 1 }],
  [STREAMS_VERSION, { min: 0, max: 1 }],
  ['transaction.version', { min: 0, max: 2 }],
]);

/** From which metadata.version on a new directory begins with a level (FeatureVersion.bootstrapMetadataVersion). */
const BOOTSTRAP_LEVELS: readonly (readonly [
  string,
  readonly { readonly since: number; readonly level: number }[],
])[] = [
  [ELIGIBLE_LEADER_REPLICAS_VERSION, [{ since: 26, level: 1 }]],
  [GROUP_VERSION, [{ since: 22, level: 1 }]],
  [SHARE_VERSION, [{ since: 28, level: 1 }]],
  [STREAMS_VERSION, [{ since: 29, level: 1 }]],
  ['transaction.version', [{ since: 24, level: 2 }]],
];
/** What a level needs besides (FeatureVersion.dependencies). */
const DEPENDENCIES: ReadonlyMap<string, { readonly feature: string; readonly level: number }> = new Map([
  [ELIGIBLE_LEADER_REPLICAS_VERSION, { feature: METADATA_VERSION, level: 23 }],
]);

/** The levels of a new directory, in the order Apache Kafka writes them (Formatter: metadata.version, then by name). */
export function bootstrapFeatures(metadataVersion: number): readonly (readonly [string, number])[] {
  const levels = BOOTSTRAP_LEVELS.map(
    ([name, steps]) => [name, steps.findLast(({ since }) => since <= metadataVersion)?.level ?? 0] as const,
  );
  return [[METADATA_VERSION, metadataVersion], ...levels.filter(([, level]) => level > 0)];
}

/**
 * What is served, up to which level. `group.version` 1 is KIP-848: groups whose assignments the broker makes.
 * `share.version` 1 is KIP-932: groups that share partitions.
 * `streams.version` 1 is KIP-1071: the same for Kafka Streams. `transaction.version` 2 is KIP-890: clients raise their
 * epoch with every transaction.
 */
export const SERVED_FEATURES: ReadonlyMap<string, FeatureRange> = new Map([
  [ELIGIBLE_LEADER_REPLICAS_VERSION, { min: 0, max: 1 }],
  [KRAFT_VERSION, { min: 0, max: 1 }],
  [METADATA_VERSION, { min: METADATA_VERSION_MIN, max: 30 }],
  [SHARE_VERSION, { min: 0, max: 1 }],
  [GROUP_VERSION, { min: 0, max: 1 }],
  [STREAMS_VERSION, { min: 0, max: 1 }],
  ['transaction.version', { min: 0, max: 2 }],
]);

export function replayFeatureLevel(
  image: MutableMetadataImage,
  data: MetadataData<'FeatureLevelRecord'>,
): void {
  // Written by mistake by some versions (KAFKA-18979): a control record says it, with the voters it needs.
  if (data.name === KRAFT_VERSION) return;
  refuseUnknownLevel(data);
  if (data.featureLevel === 0) image.features.delete(data.name);
  else image.features.set(data.name, data.featureLevel);
}

/** A level that a newer Kafka set: what else it wrote cannot be read as this program reads it. */
export class UnknownLevelError extends Error {}

/** Throws UnknownLevelError. */
export function refuseUnknownLevel({ name, featureLevel }: MetadataData<'FeatureLevelRecord'>): void {
  const range = FEATURE_RANGES.get(name);
  if (featureLevel === 0 || (range !== undefined && featureLevel >= range.min && featureLevel <= range.max))
    return;
  throw new UnknownLevelError(
    `it sets the feature ${name} to level ${featureLevel}, ` +
      (range === undefined
        ? 'which this program does not know'
        : `and this program knows ${range.min} to ${range.max}`),
  );
}

export function featureLevelRecords(metadataVersion: number): MetadataRecord[] {
  return bootstrapFeatures(metadataVersion).map(([name, featureLevel]) =>
    record('FeatureLevelRecord', { name, featureLevel }),
  );
}

/** What a snapshot says of the levels: metadata.version first, because those that follow are read by it. */
export function* finalizedFeatureRecords(image: MetadataImage): Iterable<MetadataRecord> {
  yield record('FeatureLevelRecord', { name: METADATA_VERSION, featureLevel: metadataVersionOf(image) });
  for (const [name, featureLevel] of image.features) {
    // kraft.version is a control record.
    if (name !== METADATA_VERSION && name !== KRAFT_VERSION)
      yield record('FeatureLevelRecord', { name, featureLevel });
  }
}

export function metadataVersionOf(image: MetadataImage): number {
  return image.features.get(METADATA_VERSION) ?? METADATA_VERSION_MIN;
}

/** KIP-966: replicas that left the set of those in sync and may still lead. */
export function hasEligibleLeaderReplicas(image: MetadataImage): boolean {
  return (image.features.get(ELIGIBLE_LEADER_REPLICAS_VERSION) ?? 0) > 0;
}

/** Why a level cannot be had beside these (Feature.validateVersion), or null. */
export function missingDependency(
  { name, level }: FinalizedFeature,
  levels: ReadonlyMap<string, number>,
): string | null {
  const needed = DEPENDENCIES.get(name);
  if (needed === undefined || level === 0 || (levels.get(needed.feature) ?? 0) >= needed.level) return null;
  return `${name} could not be set to ${level} because it depends on ${needed.feature} level ${needed.level}`;
}

/** As a registration names them. */
export function supportedFeatures(): {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}[] {
  return [...FEATURE_RANGES].map(([name, { min, max }]) => ({
    name,
    minSupportedVersion: min,
    maxSupportedVersion: max,
  }));
}

export interface FinalizedFeature {
  readonly name: string;
  readonly level: number;
}

/** The finalized features a client may rely on: those of the log that are served, at no more than the served level. */
export function advertisedFeatures(image: MetadataImage): FinalizedFeature[] {
  const advertised: FinalizedFeature[] = [];
  for (const [name, { max }] of SERVED_FEATURES) {
    const level = image.features.get(name);
    if (level !== undefined && level > 0) advertised.push({ name, level: Math.min(level, max) });
  }
  return advertised;
}
