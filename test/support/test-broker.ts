// A whole broker in this process, over a disk in memory and real sockets.

import type { TestContext } from 'node:test';
import { Broker, type BrokerOptions } from '../../src/broker/broker.ts';
import type { Profile } from '../../src/broker/config/profiles.ts';
import type { SocketReaderOptions } from '../../src/broker/network/socket-reader.ts';
import { type ManualTime, systemClock, systemTimers } from '../../src/broker/runtime/clock.ts';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';
import type { PartitionLog } from '../../src/storage/log/partition-log.ts';
import { RawConnection } from './raw-connection.ts';

export interface TestBrokerOptions {
  readonly fileSystem?: MemoryFileSystem;
  readonly time?: ManualTime;
  readonly reading?: SocketReaderOptions;
  readonly properties?: Readonly<Record<string, string>>;
  readonly metadataVersion?: number;
  /** Default: dev. */
  readonly profile?: Profile;
  readonly internalLogin?: BrokerOptions['internalLogin'];
}

export interface RunningTestBroker extends TestBroker {
  /** Closes its connections and ends. */
  stop(): Promise<void>;
}

export interface TestBroker {
  readonly broker: Broker;
  readonly port: number;
  readonly reports: string[];
  readonly fileSystem: MemoryFileSystem;
  portOf(listenerName: string): number;
  /** Default: the first listener. */
  connect(listenerName?: string): Promise<RawConnection>;
  /** The log itself, for what no client can do. */
  log(topic: string, partition: number): PartitionLog;
}

/** Stopped when the test ends. */
export async function openTestBroker(
  context: TestContext,
  options: TestBrokerOptions = {},
): Promise<TestBroker> {
  const { stop, ...running } = await startTestBroker(options);
  context.after(stop);
  return running;
}

/** For whom stops it himself. */
export async function startTestBroker(options: TestBrokerOptions = {}): Promise<RunningTestBroker> {
  const fileSystem = options.fileSystem ?? new MemoryFileSystem();
  const reports: string[] = [];
  const broker = await Broker.start({
    fileSystem,
    dataPath: '/data',
    properties: new Map(
      Object.entries({ 'node.id': '1', listeners: 'PLAINTEXT://127.0.0.1:0', ...options.properties }),
    ),
    profile: options.profile ?? 'dev',
    clusterId: null,
    metadataVersion: options.metadataVersion,
    durability: 'always',
    report: message => reports.push(message),
    clock: options.time ?? systemClock,
    timers: options.time ?? systemTimers,
    reading: options.reading ?? {},
    ...(options.internalLogin === undefined ? {} : { internalLogin: options.internalLogin }),
  });
  const port = broker.listeners[0]?.port ?? 0;
  const portOf = (listenerName: string) => broker.listeners.find(({ name }) => name === listenerName)!.port;
  const connections: RawConnection[] = [];
  return {
    broker,
    port,
    reports,
    fileSystem,
    portOf,
    stop: async () => {
      for (const connection of connections) connection.close();
      await broker.stop();
    },
    connect: async listenerName => {
      const connection = await RawConnection.open(listenerName === undefined ? port : portOf(listenerName));
      connections.push(connection);
      return connection;
    },
    log: (topic, partition) => {
      const log = broker.node.partitions.log(topic, partition);
      if (log === undefined) throw new Error(`${topic}-${partition} is not here`);
      return log;
    },
  };
}
