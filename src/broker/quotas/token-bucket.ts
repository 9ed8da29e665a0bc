// Tokens that fill at the quota's rate up to a burst of all windows, as Apache Kafka counts controller mutations
// (KIP-599, TokenBucket). It may be overdrawn once: what is taken while a token is left is taken whole, however much it
// is, and then nothing more until the debt is paid. So a large topic can be made under a small quota.

import type { QuotaWindows } from './windowed-rate.ts';

export class TokenBucket {
  readonly #burstMs: number;
  #tokens = 0;
  #updatedMs = 0;

  constructor(windows: QuotaWindows) {
    this.#burstMs = windows.count * windows.sizeMs;
  }

  take(count: number, limit: number, nowMs: number): void {
    this.#refill(limit, nowMs);
    this.#tokens -= count;
  }

  /** How long until nothing is owed; 0 when nothing is. */
  debtMs(limit: number, nowMs: number): number {
    this.#refill(limit, nowMs);
    return this.#tokens >= 0 ? 0 : Math.round((-this.#tokens / limit) * 1000);
  }

  #refill(limit: number, nowMs: number): void {
    const burst = (limit * this.#burstMs) / 1000;
    this.#tokens = Math.min(burst, this.#tokens + (limit * (nowMs - this.#updatedMs)) / 1000);
    this.#updatedMs = nowMs;
  }
}
