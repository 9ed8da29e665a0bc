// The time by which records age: what retention and compaction compare timestamps with. It is the wall clock, but it goes
// forward at most four times as fast as time passes, measured by timers, which do not jump. A clock that is set days ahead
// by mistake would otherwise end the retention of every record at once; so it takes a quarter of the jump until they are
// that much older, and a line in the log says so at once. A clock that is set back is followed at once: deleting late is
// no harm. A machine that sleeps most of the day still keeps up.
// After a start the same holds for the time since the directory was last written to, but for one day.

import type { StorageClock, StorageTimers } from '../clock.ts';
import type { Reporter } from '../report.ts';

const TICK_MS = 60_000;
const SPEED_MAX = 4;
/** What a start may find passed at once. */
const OFFLINE_MS_MAX = 24 * 60 * 60 * 1000;
/** A jump that is worth a line. */
const JUMP_MS = 10 * 60 * 1000;
/** After a start that much more is: machines are off over holidays. */
const OFFLINE_LAG_MS = 7 * 24 * 60 * 60 * 1000;

export interface SteadyClockOptions {
  readonly clock: StorageClock;
  readonly timers: StorageTimers;
  readonly report: Reporter;
  /** The latest time found in the data directory; null for a new one. */
  readonly lastWrittenMs: number | null;
}

export class SteadyClock implements StorageClock {
  readonly #options: SteadyClockOptions;
  #steadyMs: number;
  #isReported = false;
  #timer: { cancel(): void } | null = null;

  constructor(options: SteadyClockOptions) {
    this.#options = options;
    const { clock, lastWrittenMs } = options;
    const nowMs = clock.nowMs();
    this.#steadyMs = lastWrittenMs === null ? nowMs : Math.min(nowMs, lastWrittenMs + OFFLINE_MS_MAX);
    this.#isReported = this.#lagMs < OFFLINE_LAG_MS;
    this.#reportLag();
    this.#schedule();
  }

  nowMs(): number {
    return Math.min(this.#options.clock.nowMs(), this.#steadyMs + SPEED_MAX * TICK_MS);
  }

  close(): void {
    this.#timer?.cancel();
  }

  #schedule(): void {
    this.#timer = this.#options.timers.schedule(TICK_MS, () => {
      this.#steadyMs = this.nowMs();
      this.#reportLag();
      this.#schedule();
    });
  }

  get #lagMs(): number {
    return this.#options.clock.nowMs() - this.#steadyMs;
  }

  #reportLag(): void {
    const lagMs = this.#lagMs;
    if (lagMs < JUMP_MS) this.#isReported = false;
    if (lagMs < JUMP_MS || this.#isReported) return;
    this.#isReported = true;
    const hours = (lagMs / 3_600_000).toFixed(1);
    this.#options.report({
      level: 'warn',
      message:
        `The clock is ${hours} hours ahead of the time that has passed here. Should it be wrong, records would be deleted too early, so for retention and compaction ` +
        `it is followed slowly and reached in about ${(lagMs / 3_600_000 / (SPEED_MAX - 1)).toFixed(1)} hours. No data is affected. If the clock is wrong, set it right; if it is right, nothing needs to be done.`,
    });
  }
}
