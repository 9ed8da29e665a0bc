// Registrations of brokers and controllers (Apache Kafka's ClusterControlManager): which incarnation of the node is
// alive, where it listens, which log directories it has. The epoch of a registration is the offset of its record, so it
// only grows; a change that names another epoch belongs to another life of the node and is an error.

import { assert } from '../../protocol/assert.ts';
import { metadataVersionOf, supportedFeatures } from './features.ts';
import type { BrokerEndpoint, BrokerImage, MetadataImage, MutableMetadataImage } from './image.ts';
import { type MetadataData, type MetadataRecord, record, recordOf, versionsAt } from './metadata-record.ts';

/** BrokerRegistrationFencingChange and …InControlledShutdownChange. */
const NO_CHANGE = 0;
const FENCE = 1;
const UNFENCE = -1;
const IN_CONTROLLED_SHUTDOWN = 1;

export function replayRegisterBroker(
  image: MutableMetadataImage,
  data: MetadataData<'RegisterBrokerRecord'>,
): void {
  image.brokers.set(data.brokerId, {
    id: data.brokerId,
    epoch: data.brokerEpoch,
    incarnationId: data.incarnationId,
    endpoints: data.endPoints,
    rack: data.rack,
    isFenced: data.fenced,
    isInControlledShutdown: data.inControlledShutdown,
    directories: data.logDirs,
    cordonedDirectories: data.cordonedLogDirs,
    // A set: Apache Kafka writes it in the order of a hash map.
    features: data.features.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    isMigratingZkBroker: data.isMigratingZkBroker,
  });
}

export function replayUnregisterBroker(
  image: MutableMetadataImage,
  data: MetadataData<'UnregisterBrokerRecord'>,
): void {
  registeredBroker(image, data.brokerId, data.brokerEpoch);
  image.brokers.delete(data.brokerId);
}

export function replayBrokerRegistrationChange(
  image: MutableMetadataImage,
  data: MetadataData<'BrokerRegistrationChangeRecord'>,
): void {
  const broker = registeredBroker(image, data.brokerId, data.brokerEpoch);
  image.brokers.set(data.brokerId, {
    ...broker,
    isFenced: data.fenced === NO_CHANGE ? broker.isFenced : data.fenced === FENCE,
    isInControlledShutdown:
      broker.isInControlledShutdown || data.inControlledShutdown === IN_CONTROLLED_SHUTDOWN,
    directories: data.logDirs.length > 0 ? data.logDirs : broker.directories,
    cordonedDirectories: data.cordonedLogDirs ?? broker.cordonedDirectories,
  });
}

/** FenceBrokerRecord and UnfenceBrokerRecord of old logs. */
export function replayFencing(
  image: MutableMetadataImage,
  options: { readonly id: number; readonly epoch: bigint; readonly isFenced: boolean },
): void {
  const broker = registeredBroker(image, options.id, options.epoch);
  image.brokers.set(options.id, { ...broker, isFenced: options.isFenced });
}

function registeredBroker(image: MetadataImage, id: number, epoch: bigint): BrokerImage {
  const broker = image.brokers.get(id);
  assert(
    broker !== undefined && broker.epoch === epoch,
    `the metadata log changes broker ${id} of epoch ${epoch}, which is not registered`,
  );
  return broker;
}

export interface Registration {
  readonly nodeId: number;
  readonly incarnationId: string;
  readonly endpoints: readonly BrokerEndpoint[];
  readonly rack: string | null;
  readonly directoryId: string;
}

/** A new life of this node: registered, fenced. `epoch` is the offset its record will have. */
export function registerBroker(
  image: MetadataImage,
  registration: Registration,
  epoch: bigint,
): MetadataRecord {
  const level = metadataVersionOf(image);
  return recordOf({
    type: 'RegisterBrokerRecord',
    version: versionsAt.registerBroker(level),
    data: {
      brokerId: registration.nodeId,
      isMigratingZkBroker: false,
      incarnationId: registration.incarnationId,
      brokerEpoch: epoch,
      endPoints: [...registration.endpoints],
      features: supportedFeatures(),
      rack: registration.rack,
      fenced: true,
      inControlledShutdown: false,
      logDirs: versionsAt.hasDirectories(level) ? [registration.directoryId] : [],
      cordonedLogDirs: null,
    },
  });
}

export function registerController(options: {
  readonly nodeId: number;
  readonly incarnationId: string;
  readonly endpoints: readonly BrokerEndpoint[];
}): MetadataRecord {
  return record('RegisterControllerRecord', {
    controllerId: options.nodeId,
    incarnationId: options.incarnationId,
    zkMigrationReady: false,
    endPoints: [...options.endpoints],
    features: supportedFeatures(),
  });
}

export function unfenceBroker(broker: Pick<BrokerImage, 'id' | 'epoch'>): MetadataRecord {
  return registrationChange(broker, { version: 0, fenced: UNFENCE, inControlledShutdown: NO_CHANGE });
}

/** From metadata.version 30 on a node says in its first heartbeat which of its directories are cordoned: none. */
export function nothingCordoned(broker: Pick<BrokerImage, 'id' | 'epoch'>): MetadataRecord {
  const unchanged = { version: 3, fenced: NO_CHANGE, inControlledShutdown: NO_CHANGE };
  return registrationChange(broker, { ...unchanged, cordonedLogDirs: [] });
}

/** How a clean stop begins: this node is to lead nothing any more. */
export function enterControlledShutdown(broker: Pick<BrokerImage, 'id' | 'epoch'>): MetadataRecord {
  return registrationChange(broker, {
    version: 1,
    fenced: NO_CHANGE,
    inControlledShutdown: IN_CONTROLLED_SHUTDOWN,
  });
}

/** What a clean stop leaves: a node that Apache Kafka lets register again at once (KAFKA-19454). */
export function fenceBroker(broker: Pick<BrokerImage, 'id' | 'epoch'>): MetadataRecord {
  return registrationChange(broker, { version: 0, fenced: FENCE, inControlledShutdown: NO_CHANGE });
}

export function unregisterBroker({ id, epoch }: Pick<BrokerImage, 'id' | 'epoch'>): MetadataRecord {
  return record('UnregisterBrokerRecord', { brokerId: id, brokerEpoch: epoch });
}

function registrationChange(
  { id, epoch }: Pick<BrokerImage, 'id' | 'epoch'>,
  options: {
    readonly version: number;
    readonly fenced: number;
    readonly inControlledShutdown: number;
    readonly cordonedLogDirs?: string[];
  },
): MetadataRecord {
  const { version, fenced, inControlledShutdown, cordonedLogDirs = null } = options;
  return recordOf({
    type: 'BrokerRegistrationChangeRecord',
    version,
    data: {
      brokerId: id,
      brokerEpoch: epoch,
      fenced,
      inControlledShutdown,
      logDirs: [],
      cordonedLogDirs,
    },
  });
}

/** What a snapshot says of the registrations: brokers as they are now, then controllers. */
export function* registrationRecords(image: MetadataImage): Iterable<MetadataRecord> {
  const level = metadataVersionOf(image);
  for (const broker of image.brokers.values()) {
    yield recordOf({
      type: 'RegisterBrokerRecord',
      version: versionsAt.registerBroker(level),
      data: {
        brokerId: broker.id,
        isMigratingZkBroker: broker.isMigratingZkBroker,
        incarnationId: broker.incarnationId,
        brokerEpoch: broker.epoch,
        endPoints: [...broker.endpoints],
        features: broker.features,
        rack: broker.rack,
        fenced: broker.isFenced,
        inControlledShutdown: broker.isInControlledShutdown,
        logDirs: [...broker.directories],
        cordonedLogDirs: broker.cordonedDirectories === null ? null : [...broker.cordonedDirectories],
      },
    });
  }
  for (const controller of image.controllers.values()) yield record('RegisterControllerRecord', controller);
}
