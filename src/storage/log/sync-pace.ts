// Where a sync runs: in libuv's pool, so that the event loop goes on, or in the loop itself, which saves two thread
// switches (a part of what a lone record waits for on a fast disk) and holds everybody for as long as the disk takes.
// Only a lone batch on a disk that has just answered quickly many times in a row is worth that; one slow answer sends
// syncs back to the pool until the disk has shown itself quick again. A slow disk never holds the loop.

/** Longer, and the thread switches it saves no longer count, while everybody else would notice the wait. */
const QUICK_MS = 1;
const QUICK_IN_A_ROW = 8;

export class SyncPace {
  readonly #elapsedMs: (() => number) | null;
  #quickInARow = 0;

  /** `elapsedMs`: a clock that never goes back, finer than a millisecond. Null: every sync runs in the pool. */
  constructor(elapsedMs: (() => number) | null) {
    this.#elapsedMs = elapsedMs;
  }

  get isQuick(): boolean {
    return this.#quickInARow >= QUICK_IN_A_ROW;
  }

  /** Call at the start of a sync, and what it returns at its end. */
  start(): () => void {
    const elapsedMs = this.#elapsedMs;
    if (elapsedMs === null) return () => {};
    const startMs = elapsedMs();
    return () => {
      this.#quickInARow = elapsedMs() - startMs < QUICK_MS ? this.#quickInARow + 1 : 0;
    };
  }
}
