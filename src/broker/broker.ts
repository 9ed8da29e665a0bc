// One Kafka node over one data directory: the order in which its parts start and stop. Nothing is decided here; what the
// parts need of one another is handed down as small objects.
//
// Start: lock and open the directory, recover the logs, load the metadata and take its lead, open the partitions, load the
// groups and the transactions, and only then listen and register. Stop: the same backwards, so that a clean stop is one Apache Kafka trusts.

import { DataDirectory } from '../storage/data-dir/data-directory.ts';
import type { FileSystem } from '../storage/fs/file-system.ts';
import type { Durability } from '../storage/log/log-settings.ts';
import { LogStore } from '../storage/log/log-store.ts';
import type { StorageReport } from '../storage/report.ts';
import { LogLevels } from './config/log-levels.ts';
import { type Profile, withProfile } from './config/profiles.ts';
import { BrokerSettings } from './config/settings.ts';
import { FetchSessions } from './fetch/fetch-sessions.ts';
import type { GroupCoordinator } from './groups/group-coordinator.ts';
import { openGroupCoordinator } from './groups/open-group-coordinator.ts';
import { handlers } from './handlers/index.ts';
import { MetadataBoot } from './metadata/boot.ts';
import { configsOf } from './metadata/configs.ts';
import type { BrokerEndpoint } from './metadata/image.ts';
import { ResourceType } from './metadata/image.ts';
import { ProducerIds } from './metadata/producer-ids.ts';
import { AdvertisedEndpoints } from './network/advertised-endpoints.ts';
import { Dispatcher } from './network/dispatch.ts';
import { type BoundListener, KafkaNetwork } from './network/kafka-network.ts';
import { type ListenerSettings, parseListenerSettings } from './network/listener-settings.ts';
import type { SocketReaderOptions } from './network/socket-reader.ts';
import type { BrokerNode } from './node.ts';
import { Replicas } from './replicas.ts';
import { type Clock, systemClock, systemTimers, type Timers } from './runtime/clock.ts';
import { EventHub } from './runtime/event-hub.ts';
import { newUuid } from './runtime/uuids.ts';
import { openTransactionCoordinator } from './transactions/open-transaction-coordinator.ts';
import { TransactionalAppends } from './transactions/transactional-appends.ts';

export interface BrokerOptions {
  readonly fileSystem: FileSystem;
  /** With forward slashes. */
  readonly dataPath: string;
  /** By Kafka's names. */
  readonly properties: ReadonlyMap<string, string>;
  readonly profile: Profile;
  /** Wanted: a directory of another cluster is refused. Null: whatever the directory says. */
  readonly clusterId: string | null;
  /** For a new directory; a random one when absent. */
  readonly newClusterId?: string;
  readonly durability: Durability;
  /** One line for a person. */
  readonly report: (message: string) => void;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly newUuid?: () => string;
  readonly events?: EventHub;
  /** How sockets are read; see network/socket-reader.ts. */
  readonly reading?: SocketReaderOptions;
}

export class Broker {
  readonly identity: BrokerNode['identity'];
  readonly listeners: readonly BoundListener[];
  readonly events: EventHub;
  /** Parts in the order in which they started. */
  readonly #parts: BrokerParts;
  #stopped: Promise<void> | null = null;

  private constructor(parts: BrokerParts, network: KafkaNetwork) {
    this.#parts = { ...parts, network };
    this.identity = parts.node.identity;
    this.listeners = network.bound;
    this.events = parts.events;
  }

  /** Throws DataDirectoryError, ConfigError, ListenerSettingsError or ListenError, each with a sentence for a person. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const parts = openParts(options);
    try {
      const network = await KafkaNetwork.open({
        listeners: parts.listenerSettings.listeners,
        dispatcher: new Dispatcher({ handlers, node: parts.node, report: parts.report }),
        clock: parts.node.clock,
        timers: parts.node.timers,
        events: parts.events,
        report: parts.report,
        frameBytesMax: parts.node.settings.get('socket.request.max.bytes'),
        connectionsMaxIdleMs: parts.node.settings.get('connections.max.idle.ms'),
        reading: options.reading ?? {},
        connectionLimits: () => ({
          total: parts.node.settings.get('max.connections'),
          perAddress: parts.node.settings.get('max.connections.per.ip'),
        }),
      });
      register(parts, network.bound);
      return new Broker(parts, network);
    } catch (error) {
      await closeParts(parts, { clean: true });
      throw error;
    }
  }

  /** Who wrote the data directory last, as it was found at the start. */
  get directoryKind(): DataDirectory['kind'] {
    return this.#parts.directory.kind;
  }

  /** What handlers work on; for tests that must reach past the protocol. */
  get node(): BrokerNode {
    return this.#parts.node;
  }

  /** Ends connections, lets answers leave, and closes the directory so that the next start need not recover. */
  stop(): Promise<void> {
    this.#stopped ??= closeParts(this.#parts, { clean: true });
    return this.#stopped;
  }
}

interface BrokerParts {
  readonly directory: DataDirectory;
  readonly store: LogStore;
  readonly boot: MetadataBoot;
  readonly groups: GroupCoordinator;
  readonly node: BrokerNode;
  readonly events: EventHub;
  readonly listenerSettings: ListenerSettings;
  readonly advertised: AdvertisedEndpoints;
  readonly report: (message: string) => void;
  readonly network?: KafkaNetwork;
}

function openParts(options: BrokerOptions): BrokerParts {
  const { fileSystem, clock = systemClock, timers = systemTimers, events = new EventHub() } = options;
  const properties = withProfile(options.profile, options.properties);
  const logLevels = new LogLevels();
  const report = (message: string) => options.report(message);
  const storageReport = ({ level, message }: StorageReport) => {
    if (logLevels.isPrinted(level === 'info' ? 'INFO' : level === 'warn' ? 'WARN' : 'ERROR')) report(message);
  };
  // Settings are read before there is metadata (listeners, ports); until it is loaded nothing is dynamic.
  let boot: MetadataBoot | null = null;
  const settings = new BrokerSettings({
    nodeId: Number(properties.get('node.id')),
    properties,
    configOf: resource =>
      boot === null || !boot.isLoaded ? undefined : configsOf(boot.metadata.image, resource),
  });
  settings.checkProperties();
  const listenerSettings = parseListenerSettings({
    listeners: settings.get('listeners').join(','),
    advertisedListeners: settings.get('advertised.listeners')?.join(',') ?? null,
    securityProtocolMap: settings.get('listener.security.protocol.map'),
  });
  const directory = DataDirectory.open({
    fileSystem,
    path: options.dataPath,
    ...(options.clusterId === null ? {} : { clusterId: options.clusterId }),
    ...(options.newClusterId === undefined ? {} : { defaultClusterId: options.newClusterId }),
    nodeId: settings.nodeId,
    nowMs: () => clock.nowMs(),
    newUuid: options.newUuid ?? newUuid,
  });
  const store = openStore(options, { directory, clock, timers, report: storageReport });
  const { nodeId } = settings;
  const environment = {
    nodeId,
    directoryId: directory.directoryId,
    settings,
    newUuid: options.newUuid ?? newUuid,
  };
  try {
    boot = new MetadataBoot({ directory, log: store.metadataLog(), environment, clock, report });
    const { metadata } = boot;
    boot.load();
    settings.forget(null);
    const replicas = new Replicas({ store, settings, nodeId });
    metadata.onChange((changes, whenDurable) => {
      forgetChanged(settings, changes);
      replicas.changed(metadata.image, changes, whenDurable);
    });
    replicas.start(metadata.image);
    const groups = openGroupCoordinator({
      settings,
      metadata,
      partitions: replicas,
      clock,
      timers,
      newUuid: options.newUuid ?? newUuid,
      events,
      report,
    });
    const producerIds = new ProducerIds(metadata, nodeId);
    const transactions = openTransactionCoordinator({
      settings,
      metadata,
      partitions: replicas,
      groups,
      producerIds,
      clock,
      timers,
      report,
    });
    groups.start();
    transactions.start();
    const advertised = new AdvertisedEndpoints(listenerSettings.advertised);
    const node: BrokerNode = {
      identity: { clusterId: directory.clusterId, nodeId, directoryId: directory.directoryId },
      settings,
      metadata,
      partitions: replicas,
      groups,
      transactions,
      transactionalAppends: new TransactionalAppends(transactions, () =>
        settings.get('transaction.partition.verification.enable'),
      ),
      producerIds,
      fetchSessions: new FetchSessions({
        clock,
        slots: settings.get('max.incremental.fetch.session.cache.slots'),
      }),
      logLevels,
      clock,
      timers,
      advertisedEndpoint: connection => advertised.endpointFor(connection),
    };
    return { directory, store, boot, groups, node, events, listenerSettings, advertised, report };
  } catch (error) {
    // Nothing was appended that others may have seen; without the marker the next start looks at everything again.
    void store.close({ clean: false, brokerEpoch: -1 });
    throw error;
  }
}

function openStore(
  options: BrokerOptions,
  parts: {
    readonly directory: DataDirectory;
    readonly clock: Clock;
    readonly timers: Timers;
    readonly report: (report: StorageReport) => void;
  },
): LogStore {
  try {
    return LogStore.open({ fileSystem: options.fileSystem, durability: options.durability, ...parts });
  } catch (error) {
    parts.directory.close();
    throw error;
  }
}

function forgetChanged(settings: BrokerSettings, changes: Parameters<Replicas['changed']>[1]): void {
  if (changes.isReset || changes.configs.some(({ type }) => type === ResourceType.BROKER))
    settings.forget(null);
  for (const { type, name } of changes.configs) if (type === ResourceType.TOPIC) settings.forget(name);
  for (const { name } of [...changes.topics, ...changes.removedTopics]) settings.forget(name);
}

/** The addresses are known only now, because a port may have been "any free one". */
function register(parts: BrokerParts, bound: readonly BoundListener[]): void {
  const { boot, directory, node } = parts;
  const endpoints = new Map<string, BrokerEndpoint>();
  for (const { name, host, port } of bound) {
    if (endpoints.has(name)) continue;
    const endpoint = parts.advertised.endpointFor({
      listenerName: name,
      localAddress: dialable(host),
      localPort: port,
    });
    endpoints.set(name, { name, ...endpoint, securityProtocol: 0 });
  }
  boot.register(
    {
      nodeId: node.identity.nodeId,
      incarnationId: newUuid(),
      endpoints: [...endpoints.values()],
      rack: node.settings.get('broker.rack'),
      directoryId: directory.directoryId,
    },
    { electEveryPartition: directory.kind !== 'new' && !directory.wasCleanShutdown },
  );
}

/** Every address is none that one could dial. */
function dialable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}

async function closeParts(parts: BrokerParts, options: { readonly clean: boolean }): Promise<void> {
  await parts.network?.close();
  parts.node.transactions.close();
  parts.groups.close();
  let { clean } = options;
  let brokerEpoch = -1;
  try {
    brokerEpoch = parts.boot.fence();
  } catch (error) {
    clean = false;
    parts.report(
      `The stop could not be recorded in the metadata log (${(error as Error).message}). What was acknowledged is safe; the next start checks every log again.`,
    );
  }
  await parts.store.close({ clean, brokerEpoch });
}
