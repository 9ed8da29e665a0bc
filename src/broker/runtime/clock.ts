// Time as the broker sees it. Everything that asks what time it is, or wants to be called later, takes these two
// ports instead of the globals, so that tests drive time by hand and nobody sleeps.

export interface Clock {
  /** Milliseconds since the epoch, as Kafka writes them into batches. */
  nowMs(): number;
}

export interface Timer {
  cancel(): void;
}

export interface Timers {
  /** Calls back once, after `delayMs`. A timer never keeps the process alive by itself. */
  schedule(delayMs: number, callback: () => void): Timer;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** Node's own limit: a longer delay would fire at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export const systemTimers: Timers = {
  schedule(delayMs, callback) {
    const handle = setTimeout(callback, Math.min(Math.max(delayMs, 0), DELAY_MS_MAX));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** A clock and timers that stand still until a test moves them. */
export class ManualTime implements Clock, Timers {
  #nowMs: number;
  #sequence = 0;
  readonly #pending: { atMs: number; sequence: number; callback: () => void }[] = [];

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const entry = { atMs: this.#nowMs + Math.max(delayMs, 0), sequence: this.#sequence++, callback };
    this.#pending.push(entry);
    return {
      cancel: () => {
        const index = this.#pending.indexOf(entry);
        if (index >= 0) this.#pending.splice(index, 1);
      },
    };
  }

  /** Moves time forward and runs what falls due, in order of its time. */
  advance(byMs: number): void {
    const targetMs = this.#nowMs + byMs;
    for (;;) {
      this.#pending.sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
      const next = this.#pending[0];
      if (next === undefined || next.atMs > targetMs) break;
      this.#pending.shift();
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = targetMs;
  }
}
