// How many connections there may be, and how fast they may come: over all (`max.connections`,
// `max.connection.creation.rate`), per listener (`listener.name.<listener>.…`, else the same values) and from one address
// (`max.connections.per.ip` and its overrides). Counts and rates only; who waits, and who is closed, is decided by what
// asks. The listener between brokers has its own limit but not the one over all (SocketServer's ConnectionQuotas, KIP-402,
// KIP-612). The workbench's own listener is not counted and never refused.

import { type QuotaWindows, WindowedRate } from '../quotas/windowed-rate.ts';
import { withoutIPv4Mapping } from './advertised-endpoints.ts';

export interface ListenerLimitValues {
  readonly connections: number;
  /** Per second. */
  readonly creationRate: number;
}

export interface ConnectionLimitValues {
  /** Over all listeners but the protected one. */
  readonly all: ListenerLimitValues;
  readonly perListener: (listenerName: string) => ListenerLimitValues;
  readonly perAddress: (address: string) => number;
}

export interface ConnectionLimitsOptions {
  /** The listeners whose connections count. */
  readonly listenerNames: ReadonlySet<string>;
  /** Its connections are taken before all others' when it is not the only one. */
  readonly interBrokerListener: string | null;
  /** Read anew every time: they may change while running. */
  readonly values: ConnectionLimitValues;
  readonly windows: QuotaWindows;
  readonly report: (message: string) => void;
}

const EVERY_LISTENER = '';

export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #byAddress = new Map<string, number>();
  readonly #byListener = new Map<string, number>();
  readonly #rates = new Map<string, WindowedRate>();
  /** Addresses and listeners of which a person was told; forgotten when there is room again. */
  readonly #reported = new Set<string>();
  #total = 0;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
  }

  counts(listenerName: string): boolean {
    return this.#options.listenerNames.has(listenerName);
  }

  isProtected(listenerName: string): boolean {
    const { listenerNames, interBrokerListener } = this.#options;
    return listenerName === interBrokerListener && listenerNames.size > 1;
  }

  /** Records a connection that came; returns how long it has to wait until the rates are right. */
  throttleMs(listenerName: string, nowMs: number): number {
    const { values, windows } = this.#options;
    let waitMs = this.#recorded(listenerName, values.perListener(listenerName).creationRate, nowMs);
    if (!this.isProtected(listenerName)) {
      waitMs = Math.max(waitMs, this.#recorded(EVERY_LISTENER, values.all.creationRate, nowMs));
    }
    return Math.min(waitMs, windows.sizeMs);
  }

  /** It is refused for another reason and does not count as having come. */
  unrecord(listenerName: string, nowMs: number): void {
    this.#rateOf(listenerName).record(-1, nowMs);
    if (!this.isProtected(listenerName)) this.#rateOf(EVERY_LISTENER).record(-1, nowMs);
  }

  hasRoom(listenerName: string): boolean {
    const { values } = this.#options;
    const { connections } = values.perListener(listenerName);
    if ((this.#byListener.get(listenerName) ?? 0) >= connections) {
      return this.#waits(listenerName, connections);
    }
    if (this.isProtected(listenerName) || this.#total < values.all.connections) return true;
    return this.#waits(listenerName, values.all.connections);
  }

  /** True takes a place, to be given back by `release`; false when its address has too many. */
  take(listenerName: string, address: string): boolean {
    const plain = withoutIPv4Mapping(address);
    const ofAddress = this.#byAddress.get(plain) ?? 0;
    const perAddress = this.#options.values.perAddress(plain);
    if (ofAddress >= perAddress) return this.#refuses(plain, perAddress);
    this.#byAddress.set(plain, ofAddress + 1);
    this.#byListener.set(listenerName, (this.#byListener.get(listenerName) ?? 0) + 1);
    this.#total += 1;
    return true;
  }

  release(listenerName: string, address: string): void {
    const plain = withoutIPv4Mapping(address);
    const left = (this.#byAddress.get(plain) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(plain, left);
    else this.#byAddress.delete(plain);
    this.#byListener.set(listenerName, (this.#byListener.get(listenerName) ?? 0) - 1);
    this.#total -= 1;
    this.#reported.clear();
  }

  /** There are more than the limit over all allows: the protected listener took them, or the limit was lowered. */
  get isExceeded(): boolean {
    return this.#total > this.#options.values.all.connections;
  }

  #recorded(name: string, limit: number, nowMs: number): number {
    const rate = this.#rateOf(name);
    rate.record(1, nowMs);
    return rate.excessMs(limit, nowMs);
  }

  #rateOf(name: string): WindowedRate {
    let rate = this.#rates.get(name);
    if (rate === undefined) {
      rate = new WindowedRate(this.#options.windows);
      this.#rates.set(name, rate);
    }
    return rate;
  }

  #waits(listenerName: string, limit: number): false {
    return this.#tell(
      listenerName,
      `New connections to the listener ${listenerName} wait: max.connections=${limit} is reached. They are served when others ` +
        'close. Raise the limit, or close connections that are not needed.',
    );
  }

  #refuses(address: string, limit: number): false {
    return this.#tell(
      address,
      `Closed a new connection from ${address}: max.connections.per.ip=${limit} is reached. Raise it, or close connections that ` +
        'are not needed.',
    );
  }

  #tell(whom: string, message: string): false {
    if (!this.#reported.has(whom)) {
      this.#reported.add(whom);
      this.#options.report(message);
    }
    return false;
  }
}
