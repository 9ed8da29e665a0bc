// What makes one log shorter: deletion of segments that have had their time, and the exchange of segments for compacted
// ones. It never touches the active segment but to roll it, never lets the log start go back, and never renames a file
// away before what replaces it, or the log start that forgets it, is durable. When that happens is for upkeep.ts.

import { FileSystemError } from '../fs/file-system.ts';
import type { CleanableFacts } from './cleanable-range.ts';
import { CleaningAborted, type CleaningTarget, type LivingLog } from './living-log.ts';
import type { LogBody } from './log-body.ts';
import { type CleaningOptions, cleanSegments } from './log-cleaning.ts';
import { deletableCount } from './retention.ts';
import type { Segment } from './segment.ts';
import { DELETED_SUFFIX, offsetName, PRODUCER_SNAPSHOT_SUFFIX } from './segment-names.ts';
import type { Work } from './work.ts';

export interface LogLifeOptions {
  readonly log: LivingLog;
  readonly body: LogBody;
  /** Durably; false when that failed. */
  readonly raiseLogStart: (offset: number) => boolean;
}

export class LogLife {
  readonly #options: LogLifeOptions;
  /** Segments were taken out, and a crash could still bring their files back. */
  #firstUnsyncedOffset: number | null = null;

  constructor(options: LogLifeOptions) {
    this.#options = options;
  }

  /** The first offset that a restart may find in a file. */
  get firstOffsetInFiles(): number {
    return this.#firstUnsyncedOffset ?? this.#options.body.segments[0]!.baseOffset;
  }

  get #isUntouchable(): boolean {
    const { log, body } = this.#options;
    return log.isClosed || log.offlineReason !== null || !body.isOnDisk;
  }

  /** Segments below the log start and, by the topic's settings, those too many or too old. Answers how many went. */
  deleteOldSegments(nowMs: number): number {
    const { log, body, raiseLogStart } = this.#options;
    if (this.#isUntouchable) return 0;
    const { settings, logStartOffset, highWatermark } = log;
    const { segments, logEndOffset } = body;
    const facts = { segments, settings, logStartOffset, logEndOffset, highWatermark, nowMs };
    const count = deletableCount(facts);
    if (count === 0) return 0;
    if (count === segments.length) {
      body.roll();
      log.requestSync();
    }
    const newStart = segments[count]!.baseOffset;
    if (newStart > logStartOffset && !raiseLogStart(newStart)) return 0;
    const gone = segments.slice(0, count);
    this.#firstUnsyncedOffset ??= gone[0]!.baseOffset;
    body.takeOut(new Set(gone));
    this.#setAside(gone);
    return count;
  }

  /** No crash can bring the files back as anything but garbage: the log start is durable. */
  #setAside(gone: readonly Segment[]): void {
    const { body } = this.#options;
    this.#forgetSyncs(gone);
    try {
      const paths = gone.flatMap(segment => {
        segment.renameLog(DELETED_SUFFIX);
        return segment.renameIndexes();
      });
      paths.push(...body.setSnapshotsAside(new Set(gone.map(segment => segment.baseOffset)), DELETED_SUFFIX));
      this.#removeLater(gone, paths);
    } catch (error) {
      this.#reportKept(error);
      return;
    }
    const first = this.#firstUnsyncedOffset;
    body.context.fileSystem.syncDirectoryLater(body.directory, error => {
      if (error === null && this.#firstUnsyncedOffset === first) this.#firstUnsyncedOffset = null;
    });
  }

  /** Before their files are renamed. */
  #forgetSyncs(segments: readonly Segment[]): void {
    const { body } = this.#options;
    const paths = segments.flatMap(({ baseOffset, file, offsetIndex, timeIndex, transactionIndex }) => [
      ...[file, offsetIndex.file, timeIndex.file, transactionIndex.file].map(({ path }) => path),
      `${body.directory}/${offsetName(baseOffset, PRODUCER_SNAPSHOT_SUFFIX)}`,
    ]);
    body.sync.forget(new Set(paths));
  }

  /** file.delete.delay.ms from now on. What is not removed then is removed at the next start. */
  #removeLater(segments: readonly Segment[], paths: readonly string[]): void {
    const { log, body } = this.#options;
    const { fileSystem, timers } = body.context;
    for (const segment of segments) segment.close();
    timers.schedule(log.settings.fileDeleteDelayMs, () => {
      if (log.isClosed) return;
      try {
        for (const path of paths) fileSystem.remove(path);
      } catch (error) {
        this.#reportKept(error);
      }
    });
  }

  #reportKept(error: unknown): void {
    if (!(error instanceof FileSystemError)) throw error;
    const { topic, partition } = this.#options.log;
    this.#options.body.context.report({
      level: 'warn',
      message: `${topic}-${partition}: files that are not needed any more could not be removed (${error.message}). They take up space until the next start.`,
      topic,
      partition,
    });
  }

  /** What compaction has to do here; null when the log cannot be touched or has nothing that could be compacted. */
  cleanableFacts(cleanedOffset: number | null, nowMs: number): CleanableFacts | null {
    const { log, body } = this.#options;
    if (this.#isUntouchable || body.segments.length < 2 || !log.settings.cleanupPolicy.includes('compact'))
      return null;
    const { settings, logStartOffset, lastStableOffset, recoveryPoint } = log;
    const { segments, logEndOffset } = body;
    return {
      segments,
      settings,
      logStartOffset,
      logEndOffset,
      lastStableOffset,
      recoveryPoint,
      cleanedOffset,
      nowMs,
    };
  }

  #checkCleaning(): void {
    const { log } = this.#options;
    if (this.#isUntouchable || !log.settings.cleanupPolicy.includes('compact'))
      throw new CleaningAborted(`${log.topic}-${log.partition}`);
  }

  /** Answers up to which offset the log is clean now. Throws when it cannot be cleaned; the log is then as it was. */
  clean(options: CleaningOptions): Work<number> {
    const { log, body } = this.#options;
    const target: CleaningTarget = {
      log,
      body,
      check: () => this.#checkCleaning(),
      forgetSyncs: segments => this.#forgetSyncs(segments),
      removeLater: (segments, paths) => this.#removeLater(segments, paths),
    };
    return cleanSegments(target, options);
  }
}
