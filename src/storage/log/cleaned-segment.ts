// The segment that takes the place of a group: written beside them as `.cleaned`, renamed to `.swap` when it is whole and
// on disk, put in place once the old ones are `.deleted` (LocalLog.replaceSegments). After a crash interrupted-files.ts
// goes on from there: with a `.cleaned` the old segments count, with a `.swap` the new one. What a step relies on is
// durable before the step: a directory keeps its changes of names in no order.

import {
  hasProducerId,
  isControl,
  lastOffset,
  maxTimestamp,
  producerEpoch,
  producerId,
} from '../../protocol/records/batch-header.ts';
import { type CleaningRules, filterBatch } from './batch-filter.ts';
import { CleaningAborted, type CleaningTarget } from './living-log.ts';
import { SEGMENT_BYTES_MAX, Segment } from './segment.ts';
import { CLEANED_SUFFIX, DELETED_SUFFIX, SWAP_SUFFIX } from './segment-names.ts';
import type { Step, Work } from './work.ts';

/** Written with one call. */
const WRITE_BYTES = 64 * 1024;

interface LastRecord {
  /** -1 when only a marker is known. */
  readonly offset: number;
  readonly producerEpoch: number;
}

export class CleanedSegment {
  readonly segment: Segment;
  readonly #target: CleaningTarget;
  readonly #replaced: readonly Segment[];
  readonly #lastRecords = new Map<bigint, LastRecord>();
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #state: 'cleaned' | 'swap' | 'in-place' = 'cleaned';

  constructor(target: CleaningTarget, replaced: readonly Segment[]) {
    const { context, directory, producers } = target.body;
    this.#target = target;
    this.#replaced = replaced;
    this.segment = new Segment(context.files, {
      directory,
      baseOffset: replaced[0]!.baseOffset,
      sizeInBytes: 0,
      nowMs: context.clock.nowMs(),
      isNew: true,
      suffix: CLEANED_SUFFIX,
    });
    this.segment.create();
    for (const entry of producers.entries()) {
      const offset = entry.batches.at(-1)?.lastOffset ?? -1;
      this.#lastRecords.set(entry.producerId, { offset, producerEpoch: entry.producerEpoch });
    }
  }

  /** What is left of the batch goes to the end. */
  *take(batch: Buffer, mayGo: boolean, rules: CleaningRules): Work<void> {
    const left = yield* filterBatch(batch, { mayGo, keepsPlace: this.#keepsPlace(batch) }, rules);
    if (left !== null) this.#append(left === batch ? Buffer.from(batch) : left);
  }

  /** The producer's last batch tells its sequence; the one at the high watermark, where the log ends. */
  #keepsPlace(batch: Buffer): boolean {
    const end = lastOffset(batch, 0);
    if (end + 1 === this.#target.log.highWatermark) return true;
    const last = hasProducerId(batch, 0) ? this.#lastRecords.get(producerId(batch, 0)) : undefined;
    if (last === undefined) return false;
    return last.offset >= 0
      ? last.offset === end
      : isControl(batch, 0) && last.producerEpoch === producerEpoch(batch, 0);
  }

  #append(batch: Buffer): void {
    const { segment } = this;
    if (segment.sizeInBytes + batch.length > SEGMENT_BYTES_MAX)
      throw new RangeError(`${segment.file.path} would exceed ${SEGMENT_BYTES_MAX} bytes`);
    const booked = {
      sizeInBytes: batch.length,
      lastOffset: lastOffset(batch, 0),
      maxTimestamp: maxTimestamp(batch, 0),
    };
    segment.book(booked, this.#target.log.settings.indexIntervalBytes);
    this.#pending.push(batch);
    this.#pendingBytes += batch.length;
    if (this.#pendingBytes >= WRITE_BYTES) this.#write();
  }

  #write(): void {
    this.segment.file.write(this.#pending, this.segment.sizeInBytes - this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** All is taken: makes it durable and puts it in the place of the others. */
  *finish(): Work<void> {
    const { segment } = this;
    if (this.#pendingBytes > 0) this.#write();
    segment.forceTimeIndexEntry();
    segment.saveIndexes();
    for (const file of [segment.file, ...segment.indexFiles()]) {
      yield done => file.sync(done);
      this.#target.check();
    }
    yield* this.#directorySynced();
    this.#state = 'swap';
    segment.renameLog(SWAP_SUFFIX);
    segment.renameIndexes();
    yield* this.#directorySynced();
    this.#state = 'in-place';
    yield* this.#putInPlace();
  }

  *#putInPlace(): Work<void> {
    const { body } = this.#target;
    const { segment } = this;
    body.putInPlace(segment, new Set(this.#replaced));
    segment.unloadIndexes();
    this.#target.forgetSyncs(this.#replaced);
    for (const old of this.#replaced) old.renameLog(DELETED_SUFFIX);
    yield* this.#directorySynced();
    const paths = this.#replaced.flatMap(old => old.renameIndexes());
    const gone = this.#replaced.slice(1).map(({ baseOffset }) => baseOffset);
    paths.push(...body.setSnapshotsAside(new Set(gone), DELETED_SUFFIX));
    yield* this.#directorySynced();
    segment.renameLog('');
    yield* this.#directorySynced();
    segment.renameIndexes();
    yield* this.#directorySynced();
    this.#target.removeLater(this.#replaced, paths);
  }

  *#directorySynced(): Work<void> {
    const { context, directory } = this.#target.body;
    const synced: Step = done => context.fileSystem.syncDirectoryLater(directory, done);
    yield synced;
    // From the `.swap` on there is no way back, only a closed log stops it.
    if (this.#state === 'cleaned') this.#target.check();
    else if (this.#target.log.isClosed) throw new CleaningAborted('The log was closed.');
  }

  /** Always called in the end. A `.cleaned` goes, unless the directory is not ours any more; a `.swap` waits for the next start. */
  dispose(): void {
    if (this.#state === 'in-place') return;
    const { log, body } = this.#target;
    const { segment } = this;
    segment.close();
    if (log.isClosed || this.#state === 'swap') return;
    const files = [
      segment.file,
      segment.offsetIndex.file,
      segment.timeIndex.file,
      segment.transactionIndex.file,
    ];
    for (const { path } of files) body.context.fileSystem.remove(path);
  }
}
