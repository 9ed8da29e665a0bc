// What one request may still change in the metadata, counted in partitions (KIP-599). Strict: once the quota is used up
// nothing more is allowed, and the client is told. Permissive, for versions whose clients do not know that error:
// everything is allowed, and the client is held back afterwards.

import type { Clock } from '../runtime/clock.ts';
import type { Metered } from './client-quota.ts';
import type { TokenBucket } from './token-bucket.ts';

export class MutationQuota {
  readonly #metered: Metered<TokenBucket>;
  readonly #clock: Clock;
  readonly #isStrict: boolean;
  /** Until when the client is to wait. */
  #untilMs = 0;

  constructor(options: {
    readonly metered: Metered<TokenBucket>;
    readonly clock: Clock;
    readonly isStrict: boolean;
  }) {
    this.#metered = options.metered;
    this.#clock = options.clock;
    this.#isStrict = options.isStrict;
  }

  /** False: not allowed, and nothing was taken. */
  readonly take = (partitionCount: number): boolean => {
    const { meter, limit } = this.#metered;
    if (limit === Number.POSITIVE_INFINITY) return true;
    const nowMs = this.#clock.nowMs();
    if (this.#isStrict) {
      const debtMs = meter.debtMs(limit, nowMs);
      if (debtMs > 0) {
        this.#untilMs = nowMs + debtMs;
        return false;
      }
    }
    meter.take(partitionCount, limit, nowMs);
    if (!this.#isStrict) this.#untilMs = nowMs + meter.debtMs(limit, nowMs);
    return true;
  };

  get throttleTimeMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.nowMs());
  }
}
