// All that listens for Kafka clients: the listeners of the configuration and the connections they accepted. It starts
// whole or not at all. Closing stops accepting first, lets requests under way be answered for a bounded time, and then
// closes what is left.

import type { Socket } from 'node:net';
import type { EventSink } from '../../events.ts';
import type { QuotaWindows } from '../quotas/windowed-rate.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import { Connection } from './connection.ts';
import { ConnectionLimits, type ConnectionLimitValues } from './connection-limits.ts';
import type { Dispatcher } from './dispatch.ts';
import { IdleConnections } from './idle-connections.ts';
import { INTERNAL_LISTENER } from './internal-listener.ts';
import { ListenError, Listener } from './listener.ts';
import type { ListenerGuard } from './listener-guard.ts';
import type { ListenerAddress } from './listener-settings.ts';
import { RefusedSockets } from './refused-sockets.ts';
import type { SocketReaderOptions } from './socket-reader.ts';
import { WaitingSockets } from './waiting-sockets.ts';

/** Kafka's `socket.request.max.bytes`. */
export const FRAME_BYTES_MAX_DEFAULT = 104_857_600;
/** Kafka's `connections.max.idle.ms`. */
export const CONNECTIONS_MAX_IDLE_MS_DEFAULT = 600_000;
const UNLIMITED = Number.POSITIVE_INFINITY;
const NO_LIMITS: ConnectionLimitValues = {
  all: { connections: UNLIMITED, creationRate: UNLIMITED },
  perListener: () => ({ connections: UNLIMITED, creationRate: UNLIMITED }),
  perAddress: () => UNLIMITED,
};
/** `quota.window.num`, `quota.window.size.seconds` */
const QUOTA_WINDOWS_DEFAULT: QuotaWindows = { count: 11, sizeMs: 1000 };
/** How long a stop waits for requests under way. */
const CLOSE_GRACE_MS = 2_000;
/** Tries to find one free port for both addresses of a listener with port 0. */
const FREE_PORT_TRIES = 10;

export interface KafkaNetworkOptions {
  readonly listeners: readonly ListenerAddress[];
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly events: EventSink;
  readonly report: (message: string) => void;
  readonly frameBytesMax?: number;
  readonly connectionsMaxIdleMs?: number;
  readonly reading?: SocketReaderOptions;
  /** By listener name; none for a PLAINTEXT listener. */
  readonly guards?: ReadonlyMap<string, ListenerGuard>;
  readonly connectionLimits?: ConnectionLimitValues;
  readonly quotaWindows?: QuotaWindows;
  /** Its connections are taken before all others'. */
  readonly interBrokerListener?: string;
  /** Asked at every new connection: 0 to serve it, else how long it is kept, unserved, before it is closed. */
  readonly refusedForMs?: (address: string) => number;
}

interface Admitted {
  readonly listenerName: string;
  readonly address: string;
  readonly guard: ListenerGuard | undefined;
  readonly principal?: string;
}

export interface BoundListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export class KafkaNetwork {
  readonly #options: KafkaNetworkOptions;
  readonly #listeners: Listener[] = [];
  readonly #connections = new Set<Connection>();
  readonly #idle: IdleConnections;
  readonly #limits: ConnectionLimits;
  readonly #refused: RefusedSockets;
  readonly #waiting: WaitingSockets;
  #bound: BoundListener[] = [];
  #nextConnectionId = 1;
  #isClosing = false;
  #whenEmpty: (() => void) | null = null;

  private constructor(options: KafkaNetworkOptions) {
    this.#options = options;
    const { clock, timers, report } = options;
    const names = options.listeners.map(({ name }) => name).filter(name => name !== INTERNAL_LISTENER);
    this.#limits = new ConnectionLimits({
      listenerNames: new Set(names),
      interBrokerListener: options.interBrokerListener ?? null,
      values: options.connectionLimits ?? NO_LIMITS,
      windows: options.quotaWindows ?? QUOTA_WINDOWS_DEFAULT,
      report,
    });
    this.#refused = new RefusedSockets(timers);
    this.#waiting = new WaitingSockets({
      limits: this.#limits,
      clock,
      timers,
      refused: this.#refused,
      refusedForMs: options.refusedForMs ?? (() => 0),
      admit: (socket, listenerName, address) => {
        this.#secure(socket, listenerName, address);
        this.#closeExcess();
      },
    });
    this.#idle = new IdleConnections({
      connections: this.#connections,
      idleMs: options.connectionsMaxIdleMs ?? CONNECTIONS_MAX_IDLE_MS_DEFAULT,
      clock: options.clock,
      timers: options.timers,
    });
  }

  /** Listens on all addresses; throws ListenError, and then listens on none. */
  static async open(options: KafkaNetworkOptions): Promise<KafkaNetwork> {
    for (let tries = 1; ; tries += 1) {
      const network = new KafkaNetwork(options);
      try {
        await network.#listen();
        return network;
      } catch (error) {
        network.#stopAccepting();
        const wasFreePort = error instanceof ListenError && isFreePortOf(options.listeners, error);
        if (!wasFreePort || tries === FREE_PORT_TRIES) throw error;
      }
    }
  }

  get bound(): readonly BoundListener[] {
    return this.#bound;
  }

  /** Room for those that wait, or too many of those that are there. */
  limitsChanged(): void {
    if (this.#isClosing) return;
    this.#closeExcess();
    this.#waiting.advance();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#stopAccepting();
    this.#refused.close();
    this.#waiting.close();
    this.#idle.stop();
    if (this.#connections.size === 0) return;
    const emptied = new Promise<void>(resolve => {
      this.#whenEmpty = resolve;
    });
    for (const connection of [...this.#connections]) connection.end('Millrace is stopping');
    const timer = this.#options.timers.schedule(CLOSE_GRACE_MS, () => {
      for (const connection of [...this.#connections]) connection.destroy('Millrace is stopping');
    });
    await emptied;
    timer.cancel();
  }

  async #listen(): Promise<void> {
    const ports = new Map<string, number>();
    for (const address of this.#options.listeners) {
      const { name, host } = address;
      // The second address of a listener takes the port that the first one found free.
      const port = address.port === 0 ? (ports.get(name) ?? 0) : address.port;
      const listener = await this.#open(address, port);
      if (listener === null) continue;
      this.#listeners.push(listener);
      ports.set(name, listener.port);
      this.#bound.push({ name, host: host === '' ? listener.host : host, port: listener.port });
    }
  }

  async #open(address: ListenerAddress, port: number): Promise<Listener | null> {
    const { report } = this.#options;
    try {
      const accept = (socket: Socket) => this.#accept(socket, address.name);
      return await Listener.open({ host: address.host, port, accept, report });
    } catch (error) {
      if (error instanceof ListenError && this.#canDoWithout(address, error)) return null;
      throw error;
    }
  }

  /** A machine without IPv6 still serves the IPv4 half of a listener that has both. */
  #canDoWithout(address: ListenerAddress, error: ListenError): boolean {
    const isMissing = error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
    const isListening = this.#bound.some(bound => bound.name === address.name);
    return isMissing && address.host.includes(':') && isListening;
  }

  #accept(socket: Socket, listenerName: string): void {
    if (this.#isClosing) socket.destroy();
    else if (this.#limits.counts(listenerName)) this.#waiting.add(socket, listenerName);
    else this.#secure(socket, listenerName, socket.remoteAddress ?? '');
  }

  #secure(socket: Socket, listenerName: string, address: string): void {
    const guard = this.#options.guards?.get(listenerName);
    if (guard === undefined || guard.secure === null) {
      this.#connect(socket, { listenerName, address, guard });
      return;
    }
    guard.secure(socket, secured => {
      if (secured !== null && !this.#isClosing) {
        this.#connect(secured.socket, { listenerName, address, guard, principal: secured.principal });
        return;
      }
      secured?.socket.destroy();
      this.#release(listenerName, address);
    });
  }

  #connect(socket: Socket, { listenerName, address, guard, principal }: Admitted): void {
    const { clock, timers, events, report, reading } = this.#options;
    const login = guard?.openLogin?.(this.#options.dispatcher) ?? null;
    const dispatcher = login?.dispatcher ?? this.#options.dispatcher;
    const frameBytesMax = login?.frameBytesMax ?? this.#options.frameBytesMax;
    const connection = new Connection(socket, {
      id: this.#nextConnectionId++,
      listenerName,
      dispatcher,
      frameBytesMax: frameBytesMax ?? FRAME_BYTES_MAX_DEFAULT,
      clock,
      timers,
      events,
      report,
      // A TLS socket reads by itself; what it hands over is taken by events.
      reading: guard?.secure ? { ...reading, shared: false } : (reading ?? {}),
      authentication: login?.authentication ?? null,
      ...(principal === undefined ? {} : { principal }),
      closed: closed => {
        login?.closed();
        this.#forget(closed, address);
      },
    });
    login?.attach(connection);
    this.#connections.add(connection);
    this.#idle.watch();
    if (!events.active) return;
    const { id, remoteAddress, remotePort } = connection.info;
    events.emit({
      type: 'connection-opened',
      atMs: clock.nowMs(),
      connectionId: id,
      listenerName,
      remoteAddress,
      remotePort,
    });
  }

  #forget(connection: Connection, address: string): void {
    this.#connections.delete(connection);
    this.#release(connection.info.listenerName, address);
    if (this.#connections.size > 0) return;
    this.#idle.stop();
    this.#whenEmpty?.();
  }

  #release(listenerName: string, address: string): void {
    if (!this.#limits.counts(listenerName)) return;
    this.#limits.release(listenerName, address);
    if (!this.#isClosing) this.#waiting.advance();
  }

  /** The least recently used go first, and none of the listener between brokers. */
  #closeExcess(): void {
    while (this.#limits.isExceeded) {
      let oldest: Connection | null = null;
      for (const connection of this.#connections) {
        const { listenerName } = connection.info;
        if (!this.#limits.counts(listenerName) || this.#limits.isProtected(listenerName)) continue;
        if (oldest === null || connection.lastActiveMs < oldest.lastActiveMs) oldest = connection;
      }
      if (oldest === null) return;
      oldest.destroy('there are more connections than max.connections allows');
    }
  }

  #stopAccepting(): void {
    for (const listener of this.#listeners) listener.stopAccepting();
  }
}

/** The port was one we were given, not one that was asked for: another try may find a better one. */
function isFreePortOf(listeners: readonly ListenerAddress[], error: ListenError): boolean {
  return error.code === 'EADDRINUSE' && listeners.every(listener => listener.port !== error.port);
}
