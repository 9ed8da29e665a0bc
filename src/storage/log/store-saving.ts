// When a store makes its next start shorter: once a minute, and earlier when much was appended, active segments are saved
// (active-saving.ts) and the checkpoints written. A start after kill -9 then reads, of all logs together, what was appended
// since, and of each no more than what is not worth a save.

import type { StorageTimers } from '../clock.ts';
import type { Defer } from './append-turn.ts';
import type { PartitionLog } from './partition-log.ts';
import { type RunningWork, runWork, type Work } from './work.ts';

/** log.flush.offset.checkpoint.interval.ms */
const CHECKPOINT_INTERVAL_MS = 60_000;
const CHECKPOINT_SOON_MS = 1_000;
const LOOK_INTERVAL_MS = 5_000;
/** A start reads about a gigabyte a second. */
const UNSAVED_BYTES_MAX = 2 ** 30;
/** Of one log: less is read faster than it is saved. */
const UNSAVED_BYTES_MIN = 256 * 1024;
/** Saved side by side; the pool has other users. */
const SAVES_AT_A_TIME = 2;
/** A save counts once a recovery point lies behind it, and many saves take their time. */
const SAVES_A_CHECKPOINT = 500;

export interface StoreSavingOptions {
  readonly logs: () => Iterable<PartitionLog>;
  readonly writeCheckpoints: () => void;
  readonly timers: StorageTimers;
  readonly defer: Defer;
  readonly unsavedBytesMin: number | undefined;
}

export class StoreSaving {
  readonly #options: StoreSavingOptions;
  readonly #unsavedBytesMin: number;
  readonly #running = new Set<RunningWork>();
  readonly #timers = new Map<number, { cancel(): void }>();
  #isClosed = false;

  constructor(options: StoreSavingOptions) {
    this.#options = options;
    this.#unsavedBytesMin = options.unsavedBytesMin ?? UNSAVED_BYTES_MIN;
  }

  start(): void {
    this.#schedule(CHECKPOINT_INTERVAL_MS, () => this.#begin());
    this.#schedule(LOOK_INTERVAL_MS, () => this.#look());
  }

  /** Not at once: a start has better things to do before its first answer. */
  checkpointSoon(): void {
    this.#schedule(CHECKPOINT_SOON_MS, () => this.#options.writeCheckpoints());
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    for (const work of this.#running) work.abandon();
  }

  #schedule(delayMs: number, callback: () => void): void {
    this.#timers.get(delayMs)?.cancel();
    const timer = this.#options.timers.schedule(delayMs, () => {
      this.#timers.delete(delayMs);
      callback();
    });
    this.#timers.set(delayMs, timer);
  }

  #look(): void {
    if (this.#isMuchUnsaved()) this.#begin();
    this.#schedule(LOOK_INTERVAL_MS, () => this.#look());
  }

  #isMuchUnsaved(): boolean {
    let bytes = 0;
    for (const log of this.#options.logs()) bytes += log.saving.unsavedBytes;
    return bytes >= UNSAVED_BYTES_MAX;
  }

  /** Not while it runs already, begun by the other timer: its end schedules the next. */
  #begin(): void {
    if (this.#running.size > 0) return;
    const logs: PartitionLog[] = [];
    for (const log of this.#options.logs()) {
      log.removeExpiredProducers();
      if (log.saving.unsavedBytes >= this.#unsavedBytesMin) logs.push(log);
    }
    let left = SAVES_AT_A_TIME;
    const ended = (): void => {
      left -= 1;
      if (left > 0 || this.#isClosed) return;
      this.#options.writeCheckpoints();
      this.#schedule(CHECKPOINT_INTERVAL_MS, () => this.#begin());
    };
    for (let worker = 0; worker < SAVES_AT_A_TIME; worker++) this.#run(this.#saveAll(logs), ended);
  }

  #run(work: Work<void>, ended: () => void): void {
    let running: RunningWork | null = null;
    let isDone = false;
    running = runWork(work, () => {
      isDone = true;
      if (running !== null) this.#running.delete(running);
      ended();
    });
    if (!isDone) this.#running.add(running);
  }

  /** Takes from the list what the others have not taken. */
  *#saveAll(logs: PartitionLog[]): Work<void> {
    for (let log = logs.pop(); log !== undefined; log = logs.pop()) {
      yield* log.saving.save();
      if (logs.length % SAVES_A_CHECKPOINT === SAVES_A_CHECKPOINT - 1) this.#options.writeCheckpoints();
      yield done => this.#options.defer(() => done(null));
    }
  }
}
