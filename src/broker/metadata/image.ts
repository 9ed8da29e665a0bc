// What the metadata log says: brokers, topics, configs, features, producer ids, and the nouns this program only keeps.
// The values in here are immutable and replaced as a whole; the maps are changed by replay alone (everybody else sees
// ReadonlyMap). There is no other state: an image is the log, replayed.

import type { MetadataData } from './metadata-record.ts';

/** LeaderConstants.NO_LEADER */
export const NO_LEADER = -1;
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

export interface PartitionImage {
  readonly partition: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly directories: readonly string[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly leaderRecoveryState: number;
  /** Eligible leader replicas (KIP-966); empty below metadata.version 26. */
  readonly eligibleLeaderReplicas: readonly number[];
  readonly lastKnownElr: readonly number[];
}

export interface TopicImage {
  readonly name: string;
  readonly id: string;
  /** By partition index; Kafka numbers them from 0 without gaps. */
  readonly partitions: readonly PartitionImage[];
}

export interface BrokerEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: number;
}

export interface BrokerImage {
  readonly id: number;
  readonly epoch: bigint;
  readonly incarnationId: string;
  readonly endpoints: readonly BrokerEndpoint[];
  readonly rack: string | null;
  readonly isFenced: boolean;
  readonly isInControlledShutdown: boolean;
  readonly directories: readonly string[];
  /** Null below metadata.version 30. */
  readonly cordonedDirectories: readonly string[] | null;
  readonly features: MetadataData<'RegisterBrokerRecord'>['features'];
  readonly isMigratingZkBroker: boolean;
}

/** ConfigResource.Type, by its number on the wire and in ConfigRecord. */
export const ResourceType = {
  UNKNOWN: 0,
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
  GROUP: 32,
} as const;

export interface ConfigResource {
  readonly type: number;
  /** "" for BROKER means every broker. */
  readonly name: string;
}

/** Values set by ConfigRecords, by key. */
export type ConfigMap = ReadonlyMap<string, string>;

export interface MetadataImage {
  readonly brokers: ReadonlyMap<number, BrokerImage>;
  readonly controllers: ReadonlyMap<number, MetadataData<'RegisterControllerRecord'>>;
  readonly topicsByName: ReadonlyMap<string, TopicImage>;
  readonly topicsById: ReadonlyMap<string, TopicImage>;
  /** By `configResourceKey`; a resource without values is absent. */
  readonly configs: ReadonlyMap<string, ConfigMap>;
  /** Finalized levels as the log records them, `kraft.version` among them. */
  readonly features: ReadonlyMap<string, number>;
  /** The next block of producer ids begins here. */
  readonly nextProducerId: bigint;
  /** By the ACL's id. */
  readonly acls: ReadonlyMap<string, MetadataData<'AccessControlEntryRecord'>>;
  /** By `<mechanism>:<user>`. */
  readonly scramCredentials: ReadonlyMap<string, MetadataData<'UserScramCredentialRecord'>>;
  /** By the entity's canonical text; then by quota key. */
  readonly quotas: ReadonlyMap<string, QuotaImage>;
  /** By token id. */
  readonly delegationTokens: ReadonlyMap<string, MetadataData<'DelegationTokenRecord'>>;
  /** Offset of the last record replayed, -1 for none. */
  readonly lastOffset: number;
}

/** The image as it is now, whatever replay does later: the maps are copied, the values never change. */
export function frozenImage(image: MetadataImage): MetadataImage {
  return {
    ...image,
    brokers: new Map(image.brokers),
    controllers: new Map(image.controllers),
    topicsByName: new Map(image.topicsByName),
    topicsById: new Map(image.topicsById),
    configs: new Map(image.configs),
    features: new Map(image.features),
    acls: new Map(image.acls),
    scramCredentials: new Map(image.scramCredentials),
    quotas: new Map(image.quotas),
    delegationTokens: new Map(image.delegationTokens),
  };
}

export interface QuotaImage {
  readonly entity: MetadataData<'ClientQuotaRecord'>['entity'];
  readonly values: ReadonlyMap<string, number>;
}

export function configResourceKey({ type, name }: ConfigResource): string {
  return `${type}:${name}`;
}

/** The way back. */
export function configResourceOf(resourceKey: string): ConfigResource {
  const colon = resourceKey.indexOf(':');
  return { type: Number(resourceKey.slice(0, colon)), name: resourceKey.slice(colon + 1) };
}

/** The image as replay sees it. */
export type MutableMetadataImage = {
  -readonly [K in keyof MetadataImage]: MetadataImage[K] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : MetadataImage[K];
};

export function emptyImage(): MutableMetadataImage {
  return {
    brokers: new Map(),
    controllers: new Map(),
    topicsByName: new Map(),
    topicsById: new Map(),
    configs: new Map(),
    features: new Map(),
    nextProducerId: 0n,
    acls: new Map(),
    scramCredentials: new Map(),
    quotas: new Map(),
    delegationTokens: new Map(),
    lastOffset: -1,
  };
}
