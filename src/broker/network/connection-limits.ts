// How many connections are taken: in all (`max.connections`) and from one address (`max.connections.per.ip`). One too many
// is closed at once; Apache Kafka does the same for an address, and for the whole lets it wait in the backlog. Limits may
// change while running. A refused client comes back at once and for ever, so one line is printed per address until it
// has room again.

export interface ConnectionLimitValues {
  readonly total: number;
  readonly perAddress: number;
}

export class ConnectionLimits {
  readonly #values: () => ConnectionLimitValues;
  readonly #report: (message: string) => void;
  readonly #byAddress = new Map<string, number>();
  readonly #reported = new Set<string>();
  #total = 0;

  constructor(options: {
    readonly values: () => ConnectionLimitValues;
    readonly report: (message: string) => void;
  }) {
    this.#values = options.values;
    this.#report = options.report;
  }

  /** True takes a place, to be given back by `release`. */
  admit(address: string): boolean {
    const { total, perAddress } = this.#values();
    const ofAddress = this.#byAddress.get(address) ?? 0;
    if (this.#total >= total) return this.#refuse(address, `max.connections=${total}`);
    if (ofAddress >= perAddress) return this.#refuse(address, `max.connections.per.ip=${perAddress}`);
    this.#byAddress.set(address, ofAddress + 1);
    this.#total += 1;
    return true;
  }

  release(address: string): void {
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
    this.#total -= 1;
    this.#reported.clear();
  }

  #refuse(address: string, limit: string): false {
    if (!this.#reported.has(address)) {
      this.#reported.add(address);
      this.#report(
        `Closed a new connection from ${address}: ${limit} is reached. Raise it, or close connections that are not needed.`,
      );
    }
    return false;
  }
}
