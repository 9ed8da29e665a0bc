// Group commit: syncs run in the pool, a bounded number at a time so that other users of the pool are never starved, and
// at most one for a log. What is appended while a log's sync runs waits for the log's next one; logs take turns.

export interface FlushTarget {
  /** Makes durable what is written now, then calls back once. Errors are the target's own to keep. */
  startSync(done: () => void): void;
}

/** Two thirds of a pool of six; libuv's default pool has four threads. */
const SYNCS_IN_FLIGHT_MAX = 4;

export class FlushScheduler {
  /** Changed when nobody else needs the pool any more. */
  syncsInFlightMax: number;
  readonly #waiting = new Set<FlushTarget>();
  readonly #running = new Set<FlushTarget>();

  constructor(options: { readonly syncsInFlightMax?: number } = {}) {
    this.syncsInFlightMax = options.syncsInFlightMax ?? SYNCS_IN_FLIGHT_MAX;
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.size === 0;
  }

  request(target: FlushTarget): void {
    this.#waiting.add(target);
    this.#startNext();
  }

  #startNext(): void {
    if (this.#running.size >= this.syncsInFlightMax) return;
    for (const target of this.#waiting) {
      if (this.#running.has(target)) continue;
      this.#waiting.delete(target);
      this.#running.add(target);
      target.startSync(() => {
        this.#running.delete(target);
        this.#startNext();
      });
      if (this.#running.size >= this.syncsInFlightMax) return;
    }
  }
}
