// Memory that nobody used for a while goes back to the operating system: slabs and read buffers are kept because making
// them costs more than using them, which is no reason to keep them for a day. The timer runs only while there is
// something to give back. Bytes are given back by detaching them, at once; left to the garbage collector they would stay
// until an idle process collects, which is never.

import type { StorageTimers } from '../clock.ts';

const QUIET_MS = 10_000;

export interface IdlePool {
  /** Gives back what is not in use. False when something is, so that it is asked again. */
  giveBackIdle(): boolean;
}

export class IdleMemory {
  readonly #timers: StorageTimers;
  readonly #pools = new Set<IdlePool>();
  #timer: { cancel(): void } | null = null;
  #wasUsed = false;
  #isStopped = false;

  constructor(timers: StorageTimers) {
    this.#timers = timers;
  }

  /** The pool has memory, and used it just now. */
  used(pool: IdlePool): void {
    this.#wasUsed = true;
    this.#pools.add(pool);
    if (this.#timer === null && !this.#isStopped) this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #schedule(): void {
    this.#timer = this.#timers.schedule(QUIET_MS, () => this.#look());
  }

  #look(): void {
    this.#timer = null;
    const wasUsed = this.#wasUsed;
    this.#wasUsed = false;
    if (!wasUsed) for (const pool of this.#pools) if (pool.giveBackIdle()) this.#pools.delete(pool);
    if (this.#pools.size > 0) this.#schedule();
  }
}

/** The buffer is alone in its memory and nobody reads it any more: whoever does all the same sees nothing, not other bytes. */
export function detach(buffer: Buffer): void {
  (buffer.buffer as ArrayBuffer).transfer(0);
}
