// How fast one address may open connections (`connection_creation_rate` of an `ip` entity, KIP-612). One too many is not
// served: it is kept open and unread for as long as it takes until the rate is right again, and then closed, so that the
// client does not come back at once (SocketServer's ConnectionQuotas). Names of hosts are looked up once, when set.

import { isIP } from 'node:net';
import type { QuotaImage } from '../metadata/image.ts';
import type { Clock } from '../runtime/clock.ts';
import { type QuotaWindows, WindowedRate } from './windowed-rate.ts';

/** Addresses measured at a time; an address without a limit is not measured. */
const ADDRESSES_MAX = 10_000;
const KEY = 'connection_creation_rate';

export class AddressRates {
  readonly #clock: Clock;
  readonly #windows: QuotaWindows;
  readonly #rates = new Map<string, WindowedRate>();
  #limits = new Map<string, number>();
  #defaultLimit = Number.POSITIVE_INFINITY;
  /** Names among the limits that are no addresses. */
  #hostNames: ReadonlyMap<string, number> = new Map();

  constructor(clock: Clock, windows: QuotaWindows) {
    this.#clock = clock;
    this.#windows = windows;
  }

  get hostNames(): readonly string[] {
    return [...this.#hostNames.keys()];
  }

  change(quotas: Iterable<QuotaImage>): void {
    const limits = new Map<string, number>();
    const hostNames = new Map<string, number>();
    this.#defaultLimit = Number.POSITIVE_INFINITY;
    for (const { entity, values } of quotas) {
      const limit = values.get(KEY);
      const ip = entity.find(({ entityType }) => entityType === 'ip');
      if (limit === undefined || ip === undefined) continue;
      if (ip.entityName === null) this.#defaultLimit = limit;
      else if (isIP(ip.entityName) === 0) hostNames.set(ip.entityName, limit);
      else limits.set(plainAddress(ip.entityName), limit);
    }
    this.#limits = limits;
    this.#hostNames = hostNames;
  }

  /** What a host's name stands for; forgotten at the next change. */
  resolved(hostName: string, addresses: readonly string[]): void {
    const limit = this.#hostNames.get(hostName);
    if (limit === undefined) return;
    for (const address of addresses) this.#limits.set(plainAddress(address), limit);
  }

  /** 0: it may be served. Else how long it is to be kept before it is closed. */
  refusedForMs(address: string): number {
    if (this.#defaultLimit === Number.POSITIVE_INFINITY && this.#limits.size === 0) return 0;
    const plain = plainAddress(address);
    const limit = this.#limits.get(plain) ?? this.#defaultLimit;
    if (limit === Number.POSITIVE_INFINITY) return 0;
    const nowMs = this.#clock.nowMs();
    const rate = this.#rateOf(plain);
    rate.record(1, nowMs);
    const excessMs = Math.min(rate.excessMs(limit, nowMs), this.#windows.sizeMs);
    if (excessMs > 0) rate.record(-1, nowMs);
    return excessMs;
  }

  #rateOf(address: string): WindowedRate {
    let rate = this.#rates.get(address);
    if (rate !== undefined) return rate;
    if (this.#rates.size >= ADDRESSES_MAX) this.#rates.delete(this.#rates.keys().next().value!);
    rate = new WindowedRate(this.#windows);
    this.#rates.set(address, rate);
    return rate;
  }
}

/** An IPv4 client of a dual-stack socket is the same client. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
