// When logs get shorter. Every log.retention.check.interval.ms segments that have had their time are deleted; the cleaner
// takes the dirtiest compacted log, again and again, and rests for log.cleaner.backoff.ms when none is due, after it has
// looked for old segments in the compacted logs, as Apache Kafka's does. One log at a time, in small steps between which
// requests are served. A log that cannot be compacted is left alone until the next start; the others go on.

import type { StorageClock, StorageTimers } from '../clock.ts';
import { FileSystemError } from '../fs/file-system.ts';
import type { Reporter } from '../report.ts';
import type { Defer } from './append-turn.ts';
import { type CleanableRange, cleanableRange } from './cleanable-range.ts';
import type { CleanedOffsets } from './cleaned-offsets.ts';
import { isDiskFull } from './disk-space.ts';
import { CleaningAborted } from './living-log.ts';
import type { PartitionLog } from './partition-log.ts';
import { type RunningWork, runWork, type Step, type Work } from './work.ts';

/** Apache Kafka's log.initial.task.delay.ms: a start is not the time to delete. */
export const INITIAL_DELAY_MS = 30_000;
/** Looked at in one step. */
const LOGS_PER_STEP = 50;

export interface UpkeepSettings {
  /** log.retention.check.interval.ms */
  readonly retentionCheckIntervalMs: number;
  /** log.cleaner.enable */
  readonly cleanerIsEnabled: boolean;
  /** log.cleaner.backoff.ms */
  readonly cleanerBackoffMs: number;
  /** log.cleaner.dedupe.buffer.size */
  readonly offsetMapBytesMax: number;
  /** log.cleaner.io.buffer.load.factor */
  readonly offsetMapLoadMax: number;
  /** log.cleaner.io.max.bytes.per.second */
  readonly bytesPerSecondMax: number;
}

export interface UpkeepOptions {
  /** Those whose settings are known. */
  readonly logs: () => Iterable<PartitionLog>;
  readonly cleanedOffsets: CleanedOffsets;
  /** Asked again each time. */
  readonly settings: () => UpkeepSettings;
  /** By which records age. */
  readonly clock: StorageClock;
  readonly timers: StorageTimers;
  readonly defer: Defer;
  readonly report: Reporter;
}

interface Candidate {
  readonly log: PartitionLog;
  readonly range: CleanableRange;
}

export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #uncleanable = new WeakSet<PartitionLog>();
  readonly #timers = new Map<string, { cancel(): void }>();
  readonly #running = new Set<RunningWork>();
  #cleaning: PartitionLog | null = null;
  #isClosed = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#schedule('retention', INITIAL_DELAY_MS, () => this.#checkRetention());
    this.#schedule('cleaner', options.settings().cleanerBackoffMs, () => this.#cleanNext());
  }

  /** What is under way stops where it is; the next start finishes or forgets it. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    for (const work of this.#running) work.abandon();
  }

  #schedule(name: string, delayMs: number, callback: () => void): void {
    if (this.#isClosed) return;
    this.#timers.set(name, this.#options.timers.schedule(delayMs, callback));
  }

  #run<Result>(work: Work<Result>, callback: (outcome: Result | Error) => void): void {
    let running: RunningWork | null = null;
    let isDone = false;
    running = runWork(work, outcome => {
      isDone = true;
      if (running !== null) this.#running.delete(running);
      if (!this.#isClosed) callback('error' in outcome ? outcome.error : outcome.result);
    });
    if (!isDone) this.#running.add(running);
  }

  #pause(): Step {
    return done => this.#options.defer(() => done(null));
  }

  #checkRetention(): void {
    const { settings } = this.#options;
    this.#run(
      this.#deleteOld(log => !isCompacted(log)),
      outcome => {
        this.#reportFailure(outcome);
        this.#schedule('retention', settings().retentionCheckIntervalMs, () => this.#checkRetention());
      },
    );
  }

  *#deleteOld(concerns: (log: PartitionLog) => boolean): Work<void> {
    const { logs, clock } = this.#options;
    let looked = 0;
    for (const log of [...logs()]) {
      if (!concerns(log) || log === this.#cleaning) continue;
      const deleted = this.#deleteOldOf(log, clock.nowMs());
      looked += 1;
      if (deleted > 0 || looked % LOGS_PER_STEP === 0) yield this.#pause();
    }
  }

  #deleteOldOf(log: PartitionLog, nowMs: number): number {
    try {
      return log.life.deleteOldSegments(nowMs);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      this.#warn(log, `Old segments could not be deleted (${error.message}). It is tried again later.`);
      return 0;
    }
  }

  #cleanNext(): void {
    const { cleanedOffsets, settings } = this.#options;
    const { cleanerIsEnabled, cleanerBackoffMs } = settings();
    const candidate = cleanerIsEnabled ? this.#dirtiest() : null;
    if (candidate === null) {
      const concerned = (log: PartitionLog): boolean => cleanerIsEnabled && isCompacted(log);
      this.#run(this.#deleteOld(concerned), outcome => {
        this.#reportFailure(outcome);
        this.#schedule('cleaner', cleanerBackoffMs, () => this.#cleanNext());
      });
      return;
    }
    const { log } = candidate;
    this.#cleaning = log;
    this.#run(this.#clean(candidate), outcome => {
      this.#cleaning = null;
      const error = outcome instanceof Error ? outcome : this.#tryTo(() => cleanedOffsets.set(log, outcome));
      if (error !== null) this.#onFailure(log, error);
      this.#schedule('cleaner', error === null ? 0 : cleanerBackoffMs, () => this.#cleanNext());
    });
  }

  #clean({ log, range }: Candidate): Work<number> {
    const { settings, clock } = this.#options;
    const { offsetMapBytesMax, offsetMapLoadMax } = settings();
    return log.life.clean({
      range,
      nowMs: clock.nowMs(),
      offsetMapBytesMax,
      offsetMapLoadMax: Math.min(1, Math.max(0.01, offsetMapLoadMax)),
      pause: bytes => this.#pauseAfter(bytes),
    });
  }

  /** As long as log.cleaner.io.max.bytes.per.second asks for, mostly just until the others had their turn. */
  #pauseAfter(bytes: number): Step {
    const delayMs = (bytes * 1000) / this.#options.settings().bytesPerSecondMax;
    if (!(delayMs >= 1)) return this.#pause();
    return done => this.#schedule('throttle', delayMs, () => done(null));
  }

  #dirtiest(): Candidate | null {
    const { logs, cleanedOffsets, clock } = this.#options;
    const nowMs = clock.nowMs();
    let dirtiest: Candidate | null = null;
    for (const log of logs()) {
      if (!isCompacted(log) || this.#uncleanable.has(log)) continue;
      const facts = log.life.cleanableFacts(cleanedOffsets.of(log), nowMs);
      if (facts === null) continue;
      const range = cleanableRange(facts);
      if (range.isDue && range.dirtyRatio > (dirtiest?.range.dirtyRatio ?? -1)) dirtiest = { log, range };
    }
    return dirtiest;
  }

  #onFailure(log: PartitionLog, error: Error): void {
    if (error instanceof CleaningAborted) return;
    if (isDiskFull(error)) {
      this.#warn(log, 'It could not be compacted, because the disk is full. It is tried again later.');
      return;
    }
    this.#uncleanable.add(log);
    this.#warn(
      log,
      `It could not be compacted (${error.message}). No data is affected, but it keeps growing; it is tried again after the next start. Check the disk.`,
    );
  }

  #reportFailure(outcome: unknown): void {
    if (outcome instanceof Error)
      this.#options.report({
        level: 'warn',
        message: `The check for old segments ended early (${outcome.message}). It is tried again later.`,
      });
  }

  #tryTo(action: () => void): Error | null {
    try {
      action();
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  #warn({ topic, partition }: PartitionLog, message: string): void {
    this.#options.report({ level: 'warn', message: `${topic}-${partition}: ${message}`, topic, partition });
  }
}

function isCompacted({ settings }: PartitionLog): boolean {
  return settings.cleanupPolicy.includes('compact');
}
