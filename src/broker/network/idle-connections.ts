// Closes connections on which nothing moved for `connections.max.idle.ms`. One timer for all of them, set to the
// earliest moment one could expire: an idle broker wakes up once per idle time, not once per connection, and a busy
// connection pays nothing but the note of the time. A connection that waits for an answer of ours is not idle.

import type { Clock, Timer, Timers } from '../runtime/clock.ts';

export interface IdleCandidate {
  readonly lastActiveMs: number;
  /** A request of it is being worked on. */
  readonly isWorking: boolean;
  expire(reason: string): void;
}

/** Expiries closer together than this are handled by one wake-up. */
const WAKE_UP_MS_MIN = 100;

export class IdleConnections {
  readonly #connections: ReadonlySet<IdleCandidate>;
  readonly #idleMs: number;
  readonly #clock: Clock;
  readonly #timers: Timers;
  #timer: Timer | null = null;

  constructor(options: {
    readonly connections: ReadonlySet<IdleCandidate>;
    /** Zero or less: never. */
    readonly idleMs: number;
    readonly clock: Clock;
    readonly timers: Timers;
  }) {
    this.#connections = options.connections;
    this.#idleMs = options.idleMs;
    this.#clock = options.clock;
    this.#timers = options.timers;
  }

  /** Call when a connection was added: with none, no timer runs. */
  watch(): void {
    if (this.#timer === null && this.#idleMs > 0 && this.#connections.size > 0) this.#schedule(this.#idleMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#timers.schedule(Math.max(delayMs, WAKE_UP_MS_MIN), () => this.#sweep());
  }

  #sweep(): void {
    this.#timer = null;
    const nowMs = this.#clock.nowMs();
    let nextMs = this.#idleMs;
    for (const connection of [...this.#connections]) {
      const leftMs = connection.lastActiveMs + this.#idleMs - nowMs;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      else if (!connection.isWorking) connection.expire(`nothing was heard for ${this.#idleMs} ms`);
    }
    if (this.#connections.size > 0) this.#schedule(nextMs);
  }
}
