// Open connections by address, one each, kept and reused. Two callers that want the same broker at once share the dial.
// A connection that broke is forgotten at once, so that the next request opens another.

import { type BrokerAddress, formatAddress } from './bootstrap-servers.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { BrokerUnreachableError } from './errors.ts';

export type PoolOptions = Omit<ConnectionOptions, 'host' | 'port'>;

export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #connections = new Map<string, Promise<Connection>>();
  #open: Connection | null = null;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Some connection that is open now, if there is one. */
  get current(): Connection | null {
    return this.#open !== null && isUsable(this.#open) ? this.#open : null;
  }

  async to(broker: BrokerAddress): Promise<Connection> {
    const address = formatAddress(broker);
    const known = this.#connections.get(address);
    if (known !== undefined) {
      const connection = await known;
      if (isUsable(connection)) return connection;
      if (this.#connections.get(address) === known) this.#connections.delete(address);
      return this.to(broker);
    }
    if (this.#closed) {
      throw new BrokerUnreachableError({
        address,
        reason: 'is not dialled: Millrace is stopping',
        outcome: 'not-sent',
      });
    }
    const dialled = Connection.open({ ...this.#options, ...broker });
    this.#connections.set(address, dialled);
    try {
      this.#open = await dialled;
    } catch (error) {
      this.#connections.delete(address);
      throw error;
    }
    if (this.#closed) this.#open.close();
    return this.#open;
  }

  /** The first of several brokers that answers. All are tried at once: dead ones must not be waited for in turn. */
  async toAny(brokers: readonly BrokerAddress[]): Promise<Connection> {
    try {
      return await Promise.any(brokers.map(broker => this.to(broker)));
    } catch (error) {
      const failures = (error as AggregateError).errors as Error[];
      throw failures.find(failure => !(failure instanceof BrokerUnreachableError)) ?? failures[0] ?? error;
    }
  }

  close(): void {
    this.#closed = true;
    for (const dialled of this.#connections.values()) {
      dialled.then(connection => connection.close()).catch(() => {});
    }
    this.#connections.clear();
  }
}

function isUsable(connection: Connection): boolean {
  return connection.isOpen && Date.now() < connection.expiresAtMs;
}
