// A Fetch that waits: woken when a log it reads advanced, when its time is over, or when nobody waits for it any more.
// Never by polling. Several logs may advance in one turn; it looks once. Its owner decides whether what is there is
// enough; this file only decides when to look.

import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Timer, Timers } from '../runtime/clock.ts';

export interface FetchWaitOptions {
  readonly logs: Iterable<Pick<PartitionLog, 'onAdvance'>>;
  readonly maxWaitMs: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** Looks again; true ends the wait, and then the owner has answered. */
  readonly look: () => boolean;
  /** The time is over or the peer has gone: answer with what is there. */
  readonly expired: () => void;
  /** One of the two threw; the wait is over. */
  readonly failed: (error: unknown) => void;
}

export class FetchWait {
  readonly #options: FetchWaitOptions;
  readonly #timer: Timer;
  readonly #unsubscribe: (() => void)[] = [];
  #isLookScheduled = false;
  #isOver = false;

  constructor(options: FetchWaitOptions) {
    this.#options = options;
    for (const log of options.logs) this.#unsubscribe.push(log.onAdvance(this.#advanced));
    this.#timer = options.timers.schedule(options.maxWaitMs, this.#expire);
    options.signal.addEventListener('abort', this.#expire, { once: true });
    if (options.signal.aborted) this.#expire();
  }

  readonly #advanced = (): void => {
    if (this.#isLookScheduled || this.#isOver) return;
    this.#isLookScheduled = true;
    process.nextTick(this.#look);
  };

  readonly #look = (): void => {
    this.#isLookScheduled = false;
    if (this.#isOver) return;
    try {
      if (this.#options.look()) this.#end();
    } catch (error) {
      this.#end();
      this.#options.failed(error);
    }
  };

  readonly #expire = (): void => {
    if (this.#isOver) return;
    this.#end();
    try {
      this.#options.expired();
    } catch (error) {
      this.#options.failed(error);
    }
  };

  #end(): void {
    this.#isOver = true;
    this.#timer.cancel();
    this.#options.signal.removeEventListener('abort', this.#expire);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
