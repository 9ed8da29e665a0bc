// One Kafka node over one data directory: the order in which its parts start and stop. Nothing is decided here; what the
// parts need of one another is handed down as small objects (foundation.ts, assembly.ts).
//
// Start: see that the ports are free, lock and open the directory, recover the logs, load the metadata and take its lead, open the partitions, load
// groups and transactions, and only then listen and register. Stop: the same backwards, so that a clean stop is one that
// Apache Kafka trusts.

import type { DataDirectory } from '../storage/data-dir/data-directory.ts';
import type { FileSystem } from '../storage/fs/file-system.ts';
import type { Durability } from '../storage/log/log-settings.ts';
import { type Assembly, assemble } from './assembly.ts';
import type { Profile } from './config/profiles.ts';
import { type Configuration, configure, type Foundation, openFoundation } from './foundation.ts';
import { handlers } from './handlers/index.ts';
import { KRAFT_VERSION, metadataVersionOf } from './metadata/features.ts';
import type { BrokerEndpoint } from './metadata/image.ts';
import type { SnapshotGenerator } from './metadata/snapshot-generator.ts';
import { checkListenerLimits, connectionLimitValues } from './network/connection-limit-settings.ts';
import { Dispatcher } from './network/dispatch.ts';
import { addressesOf } from './network/host-names.ts';
import { INTERNAL_LISTENER, type InternalLogin } from './network/internal-listener.ts';
import { type BoundListener, KafkaNetwork } from './network/kafka-network.ts';
import type { ListenerGuard } from './network/listener-guard.ts';
import { probeListeners } from './network/listener-probe.ts';
import { SECURITY_PROTOCOLS } from './network/listener-settings.ts';
import type { SocketReaderOptions } from './network/socket-reader.ts';
import type { BrokerNode } from './node.ts';
import type { Clock, Timers } from './runtime/clock.ts';
import type { EventHub } from './runtime/event-hub.ts';
import { snapshotSettings } from './snapshot-settings.ts';
import { upkeepSettings } from './upkeep-settings.ts';

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
  /** metadata.version of a new directory; a directory that exists keeps its own. */
  readonly metadataVersion?: number | undefined;
  readonly durability: Durability;
  /** One line for a person. */
  readonly report: (message: string) => void;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly newUuid?: () => string;
  readonly events?: EventHub;
  /** A login for the workbench itself, by a listener on loopback that is told to nobody; see decision 0010. */
  readonly internalLogin?: InternalLogin;
  /** How sockets are read; see network/socket-reader.ts. */
  readonly reading?: SocketReaderOptions;
}

export interface FoundDirectory {
  /** `new`: nothing was there. */
  readonly lastWriter: DataDirectory['kind'];
  readonly wasCleanShutdown: boolean;
  readonly metadataVersion: number;
  /** kraft.version 0: an Apache Kafka needs controller.quorum.voters for it. */
  readonly hasStaticVoters: boolean;
}

export class Broker {
  readonly identity: BrokerNode['identity'];
  readonly listeners: readonly BoundListener[];
  /** Where the internal login is taken; null when an open listener does. */
  readonly internalListener: BoundListener | null;
  readonly events: EventHub;
  readonly #parts: BrokerParts;
  readonly #network: KafkaNetwork;
  #stopped: Promise<void> | null = null;

  private constructor(parts: BrokerParts, network: KafkaNetwork) {
    this.#parts = parts;
    this.#network = network;
    this.identity = parts.node.identity;
    this.listeners = network.bound.filter(({ name }) => name !== INTERNAL_LISTENER);
    this.internalListener = network.bound.find(({ name }) => name === INTERNAL_LISTENER) ?? null;
    this.events = parts.events;
  }

  /** Throws DataDirectoryError, ConfigError, ListenerSettingsError or ListenError, each with a sentence for a person. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const configuration = configure(options);
    await probeListeners(configuration.listenerSettings.listeners);
    const parts = openParts(options, configuration);
    try {
      await parts.store.recovered();
      const network = await openNetwork(parts, options);
      register(parts, network.bound);
      return new Broker(parts, network);
    } catch (error) {
      await closeParts(parts);
      throw error;
    }
  }

  /** What the data directory was found to be at the start. */
  get foundDirectory(): FoundDirectory {
    const { directory, node } = this.#parts;
    const { image } = node.metadata;
    return {
      lastWriter: directory.kind,
      wasCleanShutdown: directory.wasCleanShutdown,
      metadataVersion: metadataVersionOf(image),
      hasStaticVoters: !image.features.has(KRAFT_VERSION),
    };
  }

  /** What clients of a listener are told to dial. */
  advertisedOf({ name, host, port }: BoundListener): { readonly host: string; readonly port: number } {
    const address = { listenerName: name, localAddress: dialable(host), localPort: port };
    return this.#parts.advertised.endpointFor(address);
  }

  /** What handlers work on; for tests that must reach past the protocol. */
  get node(): BrokerNode {
    return this.#parts.node;
  }

  /** Ends connections, lets answers leave, and closes the directory so that the next start need not recover. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const closed = this.#network.close();
    // Whoever waits for a rebalance would hold the stop up until the network's patience ends.
    this.#parts.node.groups.release();
    await closed;
    await closeParts(this.#parts);
  }
}

type BrokerParts = Foundation & Assembly & { readonly snapshots: SnapshotGenerator };

function openParts(options: BrokerOptions, configuration: Configuration): BrokerParts {
  const foundation = openFoundation(options, configuration, { syncsLater: true });
  try {
    const assembly = assemble(foundation);
    const snapshots = assembly.boot.startSnapshots({
      settings: snapshotSettings(foundation.settings),
      timers: foundation.timers,
      defer: setImmediate,
    });
    const parts = { ...foundation, ...assembly, snapshots };
    foundation.store.startUpkeep(() => upkeepSettings(foundation.settings));
    return parts;
  } catch (error) {
    // Nothing was appended that others may have seen; without the marker the next start looks at everything again.
    void foundation.store.close({ clean: false, brokerEpoch: -1 });
    throw error;
  }
}

async function openNetwork(parts: BrokerParts, options: BrokerOptions): Promise<KafkaNetwork> {
  const { node, events, report, listenerSettings } = parts;
  const guards = await guardsOf(parts, options.internalLogin ?? null);
  const { settings, clock, timers } = node;
  const network = await KafkaNetwork.open({
    guards,
    listeners: listenerSettings.listeners,
    dispatcher: new Dispatcher({ handlers, node, report }),
    clock,
    timers,
    events,
    report,
    frameBytesMax: settings.get('socket.request.max.bytes'),
    connectionsMaxIdleMs: settings.get('connections.max.idle.ms'),
    reading: options.reading ?? {},
    refusedForMs: address => node.quotas.addresses.refusedForMs(address),
    connectionLimits: connectionLimitValues(settings, addressesOf),
    quotaWindows: {
      count: settings.get('quota.window.num'),
      sizeMs: settings.get('quota.window.size.seconds') * 1000,
    },
    interBrokerListener: (
      settings.get('inter.broker.listener.name') ?? settings.get('security.inter.broker.protocol')
    ).toUpperCase(),
  });
  const names = listenerSettings.listeners.map(({ name }) => name);
  settings.addCheck(proposed => checkListenerLimits(names, settings, proposed));
  // Not at once: connections may end for it, and a replay is no moment for that.
  settings.onBrokerChange(() => setImmediate(() => network.limitsChanged()));
  return network;
}

/** Code for TLS and logins is loaded only where a listener wants it. */
async function guardsOf(
  { node, report, listenerSettings }: BrokerParts,
  internalLogin: InternalLogin | null,
): Promise<ReadonlyMap<string, ListenerGuard>> {
  const { listeners } = listenerSettings;
  if (listeners.every(({ protocol }) => protocol === 'PLAINTEXT')) return new Map();
  const { secureListeners } = await import('./security/secure-listeners.ts');
  return secureListeners({ node, report, listeners, internalLogin });
}

function protocolNumber({ listenerSettings }: BrokerParts, name: string): number {
  const listener = listenerSettings.listeners.find(one => one.name === name);
  return SECURITY_PROTOCOLS.indexOf(listener?.protocol ?? 'PLAINTEXT');
}

/** The addresses are known only now, because a port may have been "any free one". */
function register(parts: BrokerParts, bound: readonly BoundListener[]): void {
  const { boot, directory, node } = parts;
  const endpoints = new Map<string, BrokerEndpoint>();
  for (const { name, host, port } of bound) {
    if (endpoints.has(name) || name === INTERNAL_LISTENER) continue;
    const endpoint = parts.advertised.endpointFor({
      listenerName: name,
      localAddress: dialable(host),
      localPort: port,
    });
    endpoints.set(name, { name, ...endpoint, securityProtocol: protocolNumber(parts, name) });
  }
  boot.register(
    {
      nodeId: node.identity.nodeId,
      incarnationId: parts.newUuid(),
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

async function closeParts({ node, boot, store, snapshots, report }: BrokerParts): Promise<void> {
  snapshots.close();
  node.delegationTokens.close();
  node.transactions.close();
  node.groups.close();
  node.sharePartitions.clear();
  node.shareCoordinator.close();
  let isClean = true;
  let brokerEpoch = -1;
  try {
    brokerEpoch = boot.fence();
  } catch (error) {
    isClean = false;
    report(
      `The stop could not be recorded in the metadata log (${(error as Error).message}). What was acknowledged is safe; the next start checks every log again.`,
    );
  }
  await store.close({ clean: isClean, brokerEpoch });
}
