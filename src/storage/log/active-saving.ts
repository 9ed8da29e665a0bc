// What spares a restart the reading of an active segment: now and then its indexes are brought to their files and synced, and
// then, not before, a producer snapshot of the same offset is written. So a snapshot inside a segment, at or below the
// recovery point, says that the indexes are whole up to there: recovery takes them and goes on from that offset. The
// snapshot has a checksum and needs no sync; without it the segment is read from its base, but for the large batches that
// synced-batches.ts passes over. Apache Kafka takes such files as what its own clean stop leaves. Whoever rewrites the indexes
// of an active segment from its base removes the snapshot first.

import { FileSystemError } from '../fs/file-system.ts';
import { isDiskFull } from './disk-space.ts';
import type { LivingLog } from './living-log.ts';
import type { LogBody } from './log-body.ts';
import { addMissingOffsetIndexes } from './offset-index-presence.ts';
import type { Segment } from './segment.ts';
import type { Work } from './work.ts';

export interface ActiveSavingOptions {
  readonly log: LivingLog;
  readonly body: LogBody;
  readonly goOffline: (reason: string) => void;
}

export class ActiveSaving {
  readonly #options: ActiveSavingOptions;
  /** Whose index files have names on disk. */
  #named: Segment | null = null;

  constructor(options: ActiveSavingOptions) {
    this.#options = options;
  }

  /** How much of the active segment a restart would have to read. */
  get unsavedBytes(): number {
    const { active, savedPosition, isOnDisk } = this.#options.body;
    return isOnDisk && !this.#isOver() ? active.sizeInBytes - savedPosition : 0;
  }

  /** Each segment gets an .index, if only an empty one. */
  addMissingIndexes(): void {
    const { body } = this.#options;
    if (body.hasOffsetIndexes) return;
    addMissingOffsetIndexes(body.context.fileSystem, body.directory);
    body.hasOffsetIndexes = true;
  }

  /** Makes that nothing, but for what is appended meanwhile. */
  *save(): Work<void> {
    try {
      yield* this.#save();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** For a clean stop, synced together with the indexes: no recovery point on disk reaches its offset before they are. */
  complete(): void {
    const { body } = this.#options;
    if (this.#isOver() || !body.isOnDisk) return;
    try {
      body.takeSnapshot();
    } catch (error) {
      this.#onError(error);
    }
  }

  #isOver(): boolean {
    const { log } = this.#options;
    return log.isClosed || log.offlineReason !== null;
  }

  *#save(): Work<void> {
    const { body } = this.#options;
    const { active: segment, tail, logEndOffset: offset, context } = body;
    // Between two turns everything appended is written.
    if (this.#isOver() || tail.hasPending) return;
    const position = segment.sizeInBytes;
    const snapshot = body.encodeSnapshot();
    segment.saveIndexes();
    body.hasOffsetIndexes = true;
    for (const file of segment.indexFiles()) {
      yield done => file.sync(done);
      if (this.#isOver() || body.active !== segment) return;
    }
    if (this.#named !== segment) yield done => context.fileSystem.syncDirectoryLater(body.directory, done);
    this.#named = segment;
    // A segment that was rolled meanwhile is complete, and has a snapshot at its end.
    if (this.#isOver() || body.active !== segment || body.logEndOffset < offset) return;
    body.writeSnapshot(offset, snapshot);
    body.savedPosition = position;
  }

  #onError(error: unknown): void {
    const { body, goOffline } = this.#options;
    if (!(error instanceof FileSystemError)) throw error;
    if (isDiskFull(error)) body.context.disk.noteFull();
    else goOffline(`Its indexes could not be saved (${error.message}).`);
  }
}
