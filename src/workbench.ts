// The composition root: starts the broker (or points at a cluster elsewhere), then the gateway's thread with
// serialisable options and the bound addresses, and stops both in the right order. It decides nothing about Kafka.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Broker, type FoundDirectory } from './broker/broker.ts';
import type { InternalLogin } from './broker/network/internal-listener.ts';
import type { BoundListener } from './broker/network/kafka-network.ts';
import type { ConnectionSettings, SaslMechanism } from './client/options.ts';
import type { GatewayOptions } from './gateway/options.ts';
import { type GatewayAddresses, GatewayThread } from './gateway/thread.ts';
import { randomBytes } from './host-files.ts';
import { MemoryFileSystem } from './storage/fs/memory.ts';
import { NodeFileSystem } from './storage/fs/node.ts';

export interface EmbeddedBrokerOptions {
  readonly storage: { readonly kind: 'memory' } | { readonly kind: 'directory'; readonly path: string };
  /** Wanted: a directory of another cluster is refused. Null: whatever the directory says. */
  readonly clusterId: string | null;
  readonly newClusterId: string;
  /** metadata.version of a new directory; absent: the default. */
  readonly metadataVersion?: number | undefined;
  readonly durability: 'always' | 'interval' | 'os';
  readonly profile: 'dev' | 'kafka';
  /** Broker properties by Kafka's names, `listeners` among them. */
  readonly properties: ReadonlyMap<string, string>;
}

export interface ExternalCluster {
  readonly bootstrapServers: string;
  readonly name: string | null;
  readonly securityProtocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  readonly sasl: { readonly mechanism: string; readonly username: string; readonly password: string } | null;
}

export interface WorkbenchOptions {
  readonly version: string;
  /** The workbench's own directory: the HTTP side keeps its state in `workbench/` below it. */
  readonly home: string;
  /** Address the HTTP servers listen on; `localhost` is both loopback addresses. */
  readonly host: string;
  /** Names, besides those of this machine, under which console and API may be called. */
  readonly allowedHosts: readonly string[];
  /** 0: any free port. Null: not served. */
  readonly consolePort: number | null;
  readonly apiPort: number | null;
  /** Exactly one of the two is given. */
  readonly broker: EmbeddedBrokerOptions | null;
  readonly external: ExternalCluster | null;
  /** One line for a person: something happened that is worth knowing. */
  readonly report: (line: string) => void;
}

/** The keys of the ready file, but for `pid` and `clusterId`. Null for what is off. */
export interface WorkbenchAddresses {
  readonly broker: string | null;
  readonly console: string | null;
  readonly api: string | null;
  readonly registry: string | null;
  readonly rest: string | null;
}

export interface EmbeddedFacts {
  readonly clusterId: string;
  /** Null when all is in memory. */
  readonly dataDirectory: string | null;
  /** Who wrote the directory last. */
  readonly found: FoundDirectory;
  readonly durability: EmbeddedBrokerOptions['durability'];
  readonly profile: EmbeddedBrokerOptions['profile'];
}

export interface WorkbenchFacts {
  readonly version: string;
  readonly addresses: WorkbenchAddresses;
  readonly external: ExternalCluster | null;
  readonly embedded: EmbeddedFacts | null;
}

export interface Workbench extends WorkbenchFacts {
  /** Ends both sides: the gateway first, then the broker, with everything acknowledged on disk. */
  stop(): Promise<void>;
}

/** Where the in-memory file system keeps Kafka's directory. */
const MEMORY_DIRECTORY = '/kafka';
/** Hosts of a listener that 127.0.0.1 reaches. Kafka's name for "all addresses" is an empty one. */
const ANY_ADDRESS = ['0.0.0.0', '::', '', 'localhost'];

/** A port could not be had. `server` says whose it is, so that the way out can be named. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code: string;
  readonly port: number;
  readonly server: 'broker' | 'console' | 'api';

  constructor(options: { message: string; code: string; port: number; server: PortError['server'] }) {
    super(options.message);
    this.code = options.code;
    this.port = options.port;
    this.server = options.server;
  }
}

/** Throws what the broker throws (DataDirectoryError, ConfigError …) and PortError; nothing then stays behind. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const login = newInternalLogin();
  const { report } = options;
  const broker = options.broker === null ? null : await startBroker(options.broker, { login, report });
  if (broker !== null) await untilFirstAnswers();
  try {
    return await startGateway(options, broker, login);
  } catch (error) {
    await broker?.stop();
    throw error;
  }
}

async function startBroker(
  options: EmbeddedBrokerOptions,
  { login, report }: { readonly login: InternalLogin; readonly report: (line: string) => void },
): Promise<Broker> {
  const { storage, ...settings } = options;
  const onDisk = storage.kind === 'directory';
  try {
    return await Broker.start({
      ...settings,
      internalLogin: login,
      fileSystem: onDisk ? new NodeFileSystem() : new MemoryFileSystem({ tracksDurability: false }),
      dataPath: onDisk ? storage.path.replaceAll('\\', '/') : MEMORY_DIRECTORY,
      report,
    });
  } catch (error) {
    throw portErrorOf(error, () => 'broker') ?? error;
  }
}

/** Turns of the event loop in which whoever waits for the port is accepted, read and answered. */
const FIRST_TURNS = 3;

/** Before the HTTP side's thread, the ready file and the banner take the processor. */
async function untilFirstAnswers(): Promise<void> {
  for (let turn = 0; turn < FIRST_TURNS; turn += 1) await new Promise(setImmediate);
}

async function startGateway(
  options: WorkbenchOptions,
  broker: Broker | null,
  login: InternalLogin,
): Promise<Workbench> {
  const embedded = broker === null ? null : embeddedFacts(options.broker!, broker);
  const bootstrap = broker === null ? options.external!.bootstrapServers : dialableAddress(broker.listeners);
  let thread: GatewayThread | null = null;
  let gateway: GatewayAddresses = { console: null, api: null };
  if (options.consolePort !== null || options.apiPort !== null) {
    thread = new GatewayThread({
      entry: gatewayEntry(),
      gateway: gatewayOptions(options, embedded, {
        bootstrapServers: broker?.internalListener ? dialableAddress([broker.internalListener]) : bootstrap,
        connection: connectionOf(options, broker, login),
        publicAddress: broker?.internalListener
          ? { bootstrapServers: bootstrap, ...broker.advertisedOf(dialableListener(broker.listeners)) }
          : null,
      }),
      report: options.report,
    });
    try {
      gateway = await thread.start();
    } catch (error) {
      throw portErrorOf(error, port => (port === options.consolePort ? 'console' : 'api')) ?? error;
    }
  }
  return {
    version: options.version,
    addresses: { broker: broker === null ? null : bootstrap, ...gateway, registry: null, rest: null },
    external: options.external,
    embedded,
    stop: async () => {
      await thread?.stop();
      await broker?.stop();
    },
  };
}

function portErrorOf(error: unknown, serverOf: (port: number) => PortError['server']): PortError | null {
  const { code, port, message } = error as Partial<PortError>;
  if (typeof code !== 'string' || typeof port !== 'number') return null;
  return new PortError({ message: message ?? code, code, port, server: serverOf(port) });
}

function dialableListener(listeners: readonly BoundListener[]): BoundListener {
  return listeners.find(listener => listener.host === '127.0.0.1') ?? listeners[0]!;
}

/** host:port that this machine can dial: the first listener, by loopback when it listens everywhere. */
function dialableAddress(listeners: readonly BoundListener[]): string {
  const { host, port } = dialableListener(listeners);
  const dialable = ANY_ADDRESS.includes(host) ? '127.0.0.1' : host;
  return `${dialable.includes(':') ? `[${dialable}]` : dialable}:${port}`;
}

function embeddedFacts(
  { storage, durability, profile }: EmbeddedBrokerOptions,
  broker: Broker,
): EmbeddedFacts {
  return {
    clusterId: broker.identity.clusterId,
    dataDirectory: storage.kind === 'directory' ? storage.path : null,
    found: broker.foundDirectory,
    durability,
    profile,
  };
}

/** Beside the sources when these run directly, beside the bundle when that runs. */
function gatewayEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './gateway/worker.ts' : './gateway.cjs', import.meta.url);
}

function gatewayOptions(
  options: WorkbenchOptions,
  embedded: EmbeddedFacts | null,
  reach: Pick<GatewayOptions, 'bootstrapServers' | 'connection' | 'publicAddress'>,
): GatewayOptions {
  const { consolePort, apiPort, host, allowedHosts, version, home } = options;
  return {
    ...reach,
    consolePort,
    apiPort,
    host,
    consoleDirectory: fileURLToPath(
      new URL(import.meta.url.endsWith('.ts') ? '../dist/console' : './console', import.meta.url),
    ),
    version,
    mode: embedded === null ? 'external' : 'embedded',
    dataDirectory: embedded?.dataDirectory ?? null,
    durability: embedded?.durability ?? null,
    allowedHosts,
    stateDirectory: embedded !== null && embedded.dataDirectory === null ? null : join(home, 'workbench'),
  };
}

/** Nobody can guess it; see docs/decisions/0010. */
function newInternalLogin(): InternalLogin {
  const word = () => randomBytes(24).toString('base64url');
  return { username: `millrace-${word()}`, password: word() };
}

function connectionOf(
  { external }: WorkbenchOptions,
  broker: Broker | null,
  login: InternalLogin,
): ConnectionSettings {
  if (external !== null) return connectionSettings(external);
  return broker?.internalListener ? { sasl: { mechanism: 'PLAIN', ...login } } : {};
}

function connectionSettings({ securityProtocol, sasl }: ExternalCluster): ConnectionSettings {
  return {
    ...(securityProtocol.endsWith('SSL') ? { tls: {} } : {}),
    ...(sasl === null ? {} : { sasl: { ...sasl, mechanism: sasl.mechanism as SaslMechanism } }),
  };
}
