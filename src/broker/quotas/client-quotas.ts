// All quotas of clients, as the metadata says them, enforced (KIP-13, KIP-124, KIP-599, KIP-612). `active` is undefined
// while none is set for users or client ids: that is all a request then pays for. A quota that changes acts from the
// next request on.

import type { QuotaImage } from '../metadata/image.ts';
import type { Clock } from '../runtime/clock.ts';
import { AddressRates } from './address-rates.ts';
import { ClientQuota } from './client-quota.ts';
import { QuotaLimits } from './quota-limits.ts';
import { TokenBucket } from './token-bucket.ts';
import { type QuotaWindows, WindowedRate } from './windowed-rate.ts';

export interface ClientQuotasOptions {
  readonly clock: Clock;
  /** `quota.window.num`, `quota.window.size.seconds` */
  readonly windows: QuotaWindows;
  /** `controller.quota.window.num`, `controller.quota.window.size.seconds` */
  readonly controllerWindows: QuotaWindows;
}

/** The quotas of users and client ids. */
export interface ActiveQuotas {
  readonly clock: Clock;
  readonly windows: QuotaWindows;
  readonly produce: ClientQuota<WindowedRate>;
  readonly fetch: ClientQuota<WindowedRate>;
  /** In percent of one thread: milliseconds of work per 10 ms. */
  readonly request: ClientQuota<WindowedRate>;
  readonly mutation: ClientQuota<TokenBucket>;
}

export class ClientQuotas {
  readonly addresses: AddressRates;
  readonly #all: ActiveQuotas;
  #active: ActiveQuotas | undefined;

  constructor({ clock, windows, controllerWindows }: ClientQuotasOptions) {
    this.addresses = new AddressRates(clock, windows);
    this.#all = {
      clock,
      windows,
      produce: new ClientQuota(() => new WindowedRate(windows)),
      fetch: new ClientQuota(() => new WindowedRate(windows)),
      request: new ClientQuota(() => new WindowedRate(windows)),
      mutation: new ClientQuota(() => new TokenBucket(controllerWindows)),
    };
  }

  /** undefined: no user and no client id has a quota. */
  get active(): ActiveQuotas | undefined {
    return this.#active;
  }

  changed(quotas: ReadonlyMap<string, QuotaImage>): void {
    const { produce, fetch, request, mutation } = this.#all;
    const limitsOf = (key: string) => QuotaLimits.of(quotas.values(), key);
    produce.change(limitsOf('producer_byte_rate'));
    fetch.change(limitsOf('consumer_byte_rate'));
    request.change(limitsOf('request_percentage'));
    mutation.change(limitsOf('controller_mutation_rate'));
    this.addresses.change(quotas.values());
    this.#active = [produce, fetch, request, mutation].some(quota => quota.isSet) ? this.#all : undefined;
  }
}
