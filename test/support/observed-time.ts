// Time that a test moves by hand, and that tells when somebody began to wait: so that a test can know that a request over
// a socket has reached its wait, without sleeping.

import { ManualTime, type Timer } from '../../src/broker/runtime/clock.ts';

export class ObservedTime extends ManualTime {
  readonly #scheduled: number[] = [];
  #wake: (() => void) | null = null;

  override schedule(delayMs: number, callback: () => void): Timer {
    this.#scheduled.push(delayMs);
    this.#wake?.();
    return super.schedule(delayMs, callback);
  }

  /** Resolves once a timer of exactly this delay was set; each counts once. */
  async whenScheduled(delayMs: number): Promise<void> {
    for (;;) {
      const index = this.#scheduled.indexOf(delayMs);
      if (index >= 0) {
        this.#scheduled.splice(index, 1);
        return;
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }
}
