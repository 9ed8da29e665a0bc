// When a store makes its next start shorter. Whenever some hundred megabytes were appended, the recovery points are written: one
// file for all logs, and what lies below them a start passes over where batches are large (synced-batches.ts). Once a
// minute, and earlier when much is not saved, active segments are saved as well (active-saving.ts): a start then reads, of
// all logs together, what was appended since, and of each no more than what is not worth a save.

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
/** Of all logs: read and checked in a fraction of a second. */
const UNPOINTED_BYTES_MAX = 256 * 1024 * 1024;
/** Of one log: less is read faster than it is saved. */
const UNSAVED_BYTES_MIN = 256 * 1024;
/** Saved side by side; the pool has other users. */
const SAVES_AT_A_TIME = 2;
/** A save counts once a recovery point lies behind it, and many saves take their time. */
const SAVES_A_CHECKPOINT = 500;

/** At a clean stop, when nobody else needs the pool. */
export const COMPLETED_AT_A_TIME = 16;

export interface StoreSavingOptions {
  readonly logs: () => Iterable<PartitionLog>;
  readonly writeCheckpoints: () => void;
  readonly writeRecoveryPoints: () => Work<void>;
  readonly onError: (error: Error) => void;
  readonly timers: StorageTimers;
  readonly defer: Defer;
  readonly unsavedBytesMin: number | undefined;
  readonly unpointedBytesMax: number | undefined;
}

export class StoreSaving {
  readonly #options: StoreSavingOptions;
  readonly #unsavedBytesMin: number;
  readonly #unpointedBytesMax: number;
  readonly #running = new Set<RunningWork>();
  readonly #timers = new Map<number, { cancel(): void }>();
  #isClosed = false;
  #isSaving = false;
  #isPointing = false;
  /** Appended since recovery points were last about to be written. */
  #unpointedBytes = 0;

  constructor(options: StoreSavingOptions) {
    this.#options = options;
    this.#unsavedBytesMin = options.unsavedBytesMin ?? UNSAVED_BYTES_MIN;
    this.#unpointedBytesMax = options.unpointedBytesMax ?? UNPOINTED_BYTES_MAX;
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

  /** Of all logs, with each append. */
  noteAppended(bytes: number): void {
    this.#unpointedBytes += bytes;
    if (this.#unpointedBytes < this.#unpointedBytesMax || this.#isPointing || this.#isClosed) return;
    this.#isPointing = true;
    this.#unpointedBytes = 0;
    this.#options.defer(() => {
      if (!this.#isClosed) this.#run(this.#options.writeRecoveryPoints(), () => (this.#isPointing = false));
    });
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
    if (this.#isSaving) return;
    this.#isSaving = true;
    const logs: PartitionLog[] = [];
    for (const log of this.#options.logs()) {
      log.removeExpiredProducers();
      if (log.saving.unsavedBytes >= this.#unsavedBytesMin) logs.push(log);
    }
    let left = SAVES_AT_A_TIME;
    const ended = (): void => {
      left -= 1;
      if (left > 0 || this.#isClosed) return;
      this.#isSaving = false;
      this.#options.writeCheckpoints();
      this.#schedule(CHECKPOINT_INTERVAL_MS, () => this.#begin());
    };
    for (let worker = 0; worker < SAVES_AT_A_TIME; worker++) this.#run(this.#saveAll(logs), ended);
  }

  #run(work: Work<void>, ended: () => void): void {
    let running: RunningWork | null = null;
    let isDone = false;
    running = runWork(work, outcome => {
      isDone = true;
      if (running !== null) this.#running.delete(running);
      if ('error' in outcome) this.#options.onError(outcome.error);
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

/** Some at a time: their files are written and synced while they are open, and a second signal is heard in between. */
export function completeLogs(logs: readonly PartitionLog[]): Promise<void> {
  const left = [...logs];
  let running = 0;
  let isStarting = false;
  return new Promise(resolve => {
    const startMore = (): void => {
      if (isStarting) return;
      isStarting = true;
      while (running < COMPLETED_AT_A_TIME && left.length > 0) {
        running += 1;
        left.pop()!.complete(() => {
          running -= 1;
          startMore();
        });
      }
      isStarting = false;
      if (running === 0 && left.length === 0) resolve();
    };
    startMore();
  });
}
