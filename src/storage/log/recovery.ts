// Opens the log of one directory (LogLoader): finishes what was interrupted, finds the segments, recovers those that a
// crash may have torn, and rebuilds producers and leader epochs. Done twice it finds nothing more to do. What it cuts is
// kept in a quarantine file; what it finds and does is reported.

import { DataDirectoryError } from '../data-dir/data-directory-error.ts';
import { PARTITION_METADATA } from '../data-dir/partition-metadata.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { readWholeFile, syncWholeFile } from '../fs/whole-file.ts';
import type { StorageReport } from '../report.ts';
import { finishInterrupted } from './interrupted-files.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import { LEADER_EPOCH_CHECKPOINT, readLeaderEpochs } from './leader-epochs.ts';
import type { LogContext } from './log-context.ts';
import type { LogSettings } from './log-settings.ts';
import type { TopicPartition } from './outcomes.ts';
import { loadProducers, type ProducerLoading } from './producer-loading.ts';
import { decodeProducerSnapshot } from './producer-snapshot.ts';
import { ProducerState } from './producer-state.ts';
import { quarantineTail } from './quarantine.ts';
import { damageText, Segment } from './segment.ts';
import {
  INDEX_SUFFIXES,
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetName,
  offsetOfName,
  PRODUCER_SNAPSHOT_SUFFIX,
  QUARANTINE_SUFFIX,
} from './segment-names.ts';
import type { RecoveryState, SegmentRecovery } from './segment-recovery.ts';
import { recoverSegment, replaySegment } from './segment-recovery.ts';

/** Of a partition, written when its directory is made and synced with its first batch. */
export const SMALL_FILES = [PARTITION_METADATA, LEADER_EPOCH_CHECKPOINT] as const;

export interface LoadOptions extends TopicPartition {
  readonly context: LogContext;
  readonly directory: string;
  /** Everything below was flushed. */
  readonly recoveryPoint: number;
  /** Of the checkpoint, 0 when it has none. */
  readonly logStartOffset: number;
  /** Compacted up to here, so that offsets are missing below. */
  readonly cleanedOffset: number;
  /** A clean stop vouches for everything. */
  readonly isClean: boolean;
  readonly settings: LogSettings;
  /** Between two segments above the recovery point no offset is missing, unless a crash took it: we never compact there. */
  readonly gapsAreTorn: boolean;
  /** Damage below the recovery point throws instead of being skipped: for a log that must be read whole. */
  readonly refusesDamage: boolean;
  /** What only has to be synced before somebody sees it is left to the log that is made of this. */
  readonly syncsLater: boolean;
}

export interface LoadedLog {
  /** Never empty. */
  readonly segments: Segment[];
  readonly producers: ProducerState;
  readonly epochs: LeaderEpochs;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Snapshots on disk, ascending. */
  readonly snapshotOffsets: number[];
  readonly hasOffsetIndexes: boolean;
  /** Of the last segment: a restart has to read it from here on. */
  readonly savedPosition: number;
  /** Below, a power cut takes nothing. */
  readonly safeOffset: number;
  /** Of the last segment, what is not synced. */
  readonly unsynced: { readonly file: boolean; readonly directory: boolean };
}

export function loadLog(options: LoadOptions): LoadedLog {
  return new LogLoader(options).load();
}

class LogLoader {
  readonly #options: LoadOptions;
  readonly #fileSystem: FileSystem;
  #segments: Segment[] = [];
  #unindexed: Segment[] = [];
  /** Base offsets of the .index files there are. */
  #indexed: ReadonlySet<number> = new Set();
  /** Of the snapshots in the directory, ascending. */
  #snapshotOffsets: number[] = [];
  /** Read already. */
  #snapshot: ProducerLoading['read'] = null;
  #changed = false;
  #isFileUnsynced = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#fileSystem = options.context.fileSystem;
  }

  load(): LoadedLog {
    const { context, directory, recoveryPoint, isClean } = this.#options;
    this.#findSegments(new Set(finishInterrupted(this.#fileSystem, directory)));
    const { epochs, malformed } = readLeaderEpochs(this.#fileSystem, directory);
    if (malformed !== null) {
      this.#report(
        'warn',
        `leader-epoch-checkpoint is damaged (${malformed}); it is rebuilt from the records. No data is affected.`,
      );
    }
    const state = this.#stateWith(epochs);
    if (malformed !== null) for (const segment of this.#segments) this.#rebuildEpochs(segment, epochs);

    let firstTorn = isClean ? this.#segments.length : this.#firstAbove(recoveryPoint);
    let logEndOffset =
      firstTorn < this.#segments.length ? this.#segments[firstTorn]!.baseOffset : this.#loadEnd();
    if (logEndOffset < 0) {
      // The end of a log that was closed cleanly does not read: recover its last segment after all.
      firstTorn = this.#segments.length - 1;
      logEndOffset = this.#segments[firstTorn]!.baseOffset;
    }
    for (const segment of this.#unindexed)
      if (segment.baseOffset < logEndOffset) this.#rebuildIndexes(segment);
    const from = malformed === null && !isClean ? this.#resumption(firstTorn) : null;
    if (from === null) this.#dropSnapshotsInside(firstTorn);
    else logEndOffset = from.offset;
    this.#loadProducers(state, logEndOffset);
    if (firstTorn < this.#segments.length) logEndOffset = this.#recover(firstTorn, { ...state, from });
    const logStartOffset = Math.max(this.#options.logStartOffset, this.#segments[0]?.baseOffset ?? 0);
    if (logEndOffset < logStartOffset) return this.#startAnew(logStartOffset);
    if (this.#segments.length === 0) this.#segments.push(this.#emptySegment(logStartOffset));
    epochs.truncateFromEnd(logEndOffset);
    epochs.truncateFromStart(logStartOffset);
    if (epochs.isUnsaved) epochs.save(this.#fileSystem, directory, { isNew: false });
    state.producers.onHighWatermark(logEndOffset);
    state.producers.removeExpired({
      nowMs: context.clock.nowMs(),
      expirationMs: context.producerIdExpirationMs,
    });
    const snapshotOffsets = this.#dropStraySnapshots({ logStartOffset, logEndOffset });
    const isAllSaved = isClean && snapshotOffsets.at(-1) === logEndOffset;
    const savedPosition = isAllSaved ? this.#segments.at(-1)!.sizeInBytes : (from?.position ?? 0);
    return {
      segments: this.#segments,
      producers: state.producers,
      epochs,
      logStartOffset,
      logEndOffset,
      snapshotOffsets,
      hasOffsetIndexes: this.#segments.every(segment => this.#indexed.has(segment.baseOffset)),
      savedPosition: firstTorn < this.#segments.length - 1 ? 0 : savedPosition,
      safeOffset: this.#isFileUnsynced ? Math.max(logStartOffset, recoveryPoint) : logEndOffset,
      unsynced: { file: this.#isFileUnsynced, directory: this.#syncNames() },
    };
  }

  #stateWith(epochs: LeaderEpochs): RecoveryState {
    const { context, recoveryPoint, refusesDamage, settings } = this.#options;
    return {
      producers: new ProducerState(),
      epochs,
      recoveryPoint,
      indexIntervalBytes: settings.indexIntervalBytes,
      passedBytesMin: refusesDamage ? Number.POSITIVE_INFINITY : context.passedBytesMin,
    };
  }

  /** True when that is left to others. */
  #syncNames(): boolean {
    const { directory, isClean, recoveryPoint, syncsLater } = this.#options;
    // A recovery point inside the last segment was written when all names were on disk.
    const isUnsynced = this.#changed || (!isClean && recoveryPoint <= this.#segments.at(-1)!.baseOffset);
    if (!isUnsynced) return false;
    if (syncsLater && !this.#changed) return true;
    // Names, and what the process before may not have come to sync.
    for (const name of SMALL_FILES) syncWholeFile(this.#fileSystem, `${directory}/${name}`);
    this.#fileSystem.syncDirectory(directory);
    return false;
  }

  /** Where active-saving.ts says that the segment to recover need not be read before; null when it has to be read whole. */
  #resumption(firstTorn: number): { readonly offset: number; readonly position: number } | null {
    const { gapsAreTorn, refusesDamage, recoveryPoint } = this.#options;
    const segment = this.#segments[firstTorn];
    if (segment === undefined || !gapsAreTorn || refusesDamage || this.#unindexed.includes(segment))
      return null;
    const end = Math.min(recoveryPoint, (this.#segments[firstTorn + 1]?.baseOffset ?? Infinity) - 1);
    const offset = this.#snapshotOffsets.findLast(of => of > segment.baseOffset && of <= end);
    if (offset === undefined) return null;
    const bytes = readWholeFile(this.#fileSystem, this.#snapshotPath(offset));
    const snapshot = decodeProducerSnapshot(bytes ?? Buffer.alloc(0));
    if (!Array.isArray(snapshot)) return null;
    this.#snapshot = { offset, entries: snapshot };
    const position = segment.resumeAt(offset);
    return position === null ? null : { offset, position };
  }

  /** The indexes of the segment and those behind are about to be made anew: nothing must vouch for them. */
  #dropSnapshotsInside(firstTorn: number): void {
    const first = this.#segments[firstTorn];
    if (first === undefined) return;
    const bases = new Set(this.#segments.map(segment => segment.baseOffset));
    for (const offset of this.#snapshotOffsets)
      if (offset > first.baseOffset && !bases.has(offset)) this.#removeSnapshot(offset);
  }

  #findSegments(names: ReadonlySet<string>): void {
    const { context, directory } = this.#options;
    const bases = [...names].map(name => offsetOfName(name, LOG_SUFFIX)).filter(offset => offset !== null);
    bases.sort((a, b) => a - b);
    this.#snapshotOffsets = [...names]
      .map(name => offsetOfName(name, PRODUCER_SNAPSHOT_SUFFIX))
      .filter(offset => offset !== null)
      .sort((a, b) => a - b);
    for (const suffix of INDEX_SUFFIXES) {
      for (const name of names) {
        const offset = offsetOfName(name, suffix);
        if (offset !== null && !names.has(offsetName(offset, LOG_SUFFIX)))
          this.#fileSystem.remove(`${directory}/${name}`);
      }
    }
    this.#segments = bases.map(baseOffset => {
      const stat = this.#fileSystem.stat(`${directory}/${offsetName(baseOffset, LOG_SUFFIX)}`);
      return new Segment(context.files, {
        directory,
        baseOffset,
        sizeInBytes: stat?.sizeInBytes ?? 0,
        nowMs: stat?.modifiedMs ?? context.clock.nowMs(),
        isNew: false,
      });
    });
    const indexed = [...names].map(name => offsetOfName(name, OFFSET_INDEX_SUFFIX));
    this.#indexed = new Set(indexed.filter(offset => offset !== null));
    this.#unindexed = this.#segments.filter(
      segment => segment.sizeInBytes > 0 && !this.#indexed.has(segment.baseOffset),
    );
  }

  /** The segment that holds the offset, and with it all behind. */
  #firstAbove(offset: number): number {
    const index = this.#segments.findLastIndex(segment => segment.baseOffset <= offset);
    return Math.max(0, index);
  }

  /** -1 when the last segment does not end with a batch. */
  #loadEnd(): number {
    const last = this.#segments.at(-1);
    return last === undefined ? this.#options.logStartOffset : (last.loadEnd() ?? -1);
  }

  #emptySegment(baseOffset: number): Segment {
    const { context, directory } = this.#options;
    const segment = new Segment(context.files, {
      directory,
      baseOffset,
      sizeInBytes: 0,
      nowMs: context.clock.nowMs(),
      isNew: true,
    });
    segment.create();
    return segment;
  }

  #rebuildIndexes(segment: Segment): void {
    segment.rebuildIndexes(this.#options.settings.indexIntervalBytes);
    segment.saveIndexes();
    for (const file of segment.indexFiles()) file.syncNow();
    this.#changed = true;
    this.#report(
      'warn',
      `The index of ${segment.file.path} was missing and is rebuilt. No data is affected.`,
    );
  }

  #rebuildEpochs(segment: Segment, epochs: LeaderEpochs): void {
    const state = { producers: new ProducerState(), epochs, recoveryPoint: 0, indexIntervalBytes: 0 };
    replaySegment(segment, { from: segment.baseOffset, to: Number.POSITIVE_INFINITY }, state);
  }

  #loadProducers(state: RecoveryState, toOffset: number): void {
    const fromOffset = Math.max(this.#options.logStartOffset, this.#segments[0]?.baseOffset ?? 0);
    const { context, directory } = this.#options;
    loadProducers(
      {
        context,
        directory,
        segments: this.#segments,
        fromOffset,
        toOffset,
        snapshotOffsets: this.#snapshotOffsets,
        read: this.#snapshot,
      },
      state,
      (offset, why) => {
        this.#report(
          'warn',
          `The producer snapshot ${this.#snapshotPath(offset)} cannot be used (${why}); it is removed and rebuilt from the records. No data is affected.`,
        );
        this.#removeSnapshot(offset);
      },
    );
  }

  /** Answers where the log ends. */
  #recover(firstTorn: number, state: RecoveryState): number {
    let endOffset = this.#segments[firstTorn]!.baseOffset;
    for (let index = firstTorn; index < this.#segments.length; index++) {
      const segment = this.#segments[index]!;
      if (segment.baseOffset < endOffset) {
        this.#setAside(
          this.#segments.splice(index),
          `segment ${segment.baseOffset} begins below the end of the one before it`,
        );
        break;
      }
      if (
        segment.baseOffset > endOffset &&
        this.#options.gapsAreTorn &&
        endOffset >= Math.max(this.#options.recoveryPoint, this.#options.cleanedOffset)
      ) {
        this.#setAside(
          this.#segments.splice(index),
          `the records between offset ${endOffset} and it were not written`,
        );
        break;
      }
      const fileBytes = segment.sizeInBytes;
      const next = this.#segments[index + 1];
      const recovery = recoverSegment(segment, fileBytes, {
        ...state,
        from: index === firstTorn ? (state.from ?? null) : null,
        followingOffset: next?.baseOffset ?? null,
        // Above the recovery point a next segment may be left over from before.
        ...(next !== undefined && next.baseOffset <= this.#options.recoveryPoint
          ? { endOffsetMax: next.baseOffset }
          : {}),
      });
      endOffset = recovery.endOffset;
      if (
        recovery.holes.length > 0 ||
        (recovery.endPosition < fileBytes && endOffset < this.#options.recoveryPoint)
      )
        this.#refuseDamage(segment, recovery.holes[0]?.offset ?? endOffset);
      this.#reportHoles(segment, recovery);
      if (recovery.endPosition < fileBytes) {
        this.#cut(segment, recovery, fileBytes);
        this.#setAside(this.#segments.splice(index + 1), 'it lies behind the place where the log was cut');
      }
      // What is behind the recovery point may only be in the disk's cache, and is about to be seen.
      const isCut = recovery.endPosition < fileBytes;
      const isLast = index === this.#segments.length - 1;
      this.#isFileUnsynced = isLast && !isCut && this.#options.syncsLater && !recovery.isSynced;
      if (isCut || (!recovery.isSynced && !this.#isFileUnsynced)) segment.file.syncNow();
      if (!isLast) this.#closeRecovered(segment);
    }
    return endOffset;
  }

  #refuseDamage(segment: Segment, offset: number): void {
    if (!this.#options.refusesDamage) return;
    throw new DataDirectoryError(
      'damaged',
      `${segment.file.path} is damaged at offset ${offset}, in records that had been safe on disk. Topics and settings cannot be known without them, ` +
        'so nothing was changed and the broker does not start. Check the disk, and restore the directory from a backup.',
    );
  }

  /** A segment that is not the last must be complete on disk, as after a roll. */
  #closeRecovered(segment: Segment): void {
    segment.forceTimeIndexEntry();
    segment.saveIndexes();
    for (const file of segment.indexFiles()) file.syncNow();
    this.#changed = true;
  }

  #cut(segment: Segment, { endOffset, endPosition }: SegmentRecovery, fileBytes: number): void {
    const { directory, recoveryPoint } = this.#options;
    const kept = quarantineTail(this.#fileSystem, segment.file, {
      directory,
      offset: endOffset,
      position: endPosition,
      end: fileBytes,
    });
    if (kept.path !== null) this.#fileSystem.syncDirectory(directory);
    segment.file.truncate(endPosition);
    this.#changed = true;
    const what = `The end of the log did not check: ${fileBytes - endPosition} bytes behind offset ${endOffset} were cut off.`;
    const where = kept.hadNoRoom
      ? 'The disk is full, so they could not be kept.'
      : kept.path === null
        ? 'They were all zero.'
        : `They are kept in ${kept.path}.`;
    if (endOffset >= recoveryPoint)
      this.#report(
        'warn',
        `${what} ${where} After a crash or a power cut this is expected: no answer had been given for them.`,
      );
    else {
      this.#report(
        'error',
        `Records from offset ${endOffset} on are damaged though they had been safe on disk (up to ${recoveryPoint}): ${fileBytes - endPosition} bytes were cut off. ${where} ` +
          'Check the disk; restore the partition from a backup if these records matter.',
      );
    }
  }

  #setAside(segments: Segment[], why: string): void {
    const { directory } = this.#options;
    for (const segment of segments) {
      segment.close();
      const name = offsetName(segment.baseOffset, LOG_SUFFIX);
      if (segment.sizeInBytes > 0) {
        this.#fileSystem.rename(`${directory}/${name}`, `${directory}/${name}${QUARANTINE_SUFFIX}`);
        this.#report(
          'warn',
          `The segment ${name} was set aside as ${name}${QUARANTINE_SUFFIX} (${segment.sizeInBytes} bytes): ${why}.`,
        );
      } else {
        this.#fileSystem.remove(`${directory}/${name}`);
      }
      for (const suffix of INDEX_SUFFIXES)
        this.#fileSystem.remove(`${directory}/${offsetName(segment.baseOffset, suffix)}`);
      this.#changed = true;
    }
  }

  /** The checkpoint says the log starts behind its end: the segments are of before, or were lost. */
  #startAnew(logStartOffset: number): LoadedLog {
    this.#setAside(
      this.#segments,
      `the log starts at offset ${logStartOffset} by its checkpoint, behind the end of the segments`,
    );
    this.#segments = [this.#emptySegment(logStartOffset)];
    const { epochs } = readLeaderEpochs(this.#fileSystem, this.#options.directory);
    epochs.truncateFromEnd(0);
    if (epochs.isUnsaved) epochs.save(this.#fileSystem, this.#options.directory, { isNew: false });
    this.#dropStraySnapshots({ logStartOffset, logEndOffset: logStartOffset });
    this.#fileSystem.syncDirectory(this.#options.directory);
    return {
      segments: this.#segments,
      producers: new ProducerState(),
      epochs,
      logStartOffset,
      logEndOffset: logStartOffset,
      snapshotOffsets: [],
      hasOffsetIndexes: false,
      savedPosition: 0,
      safeOffset: logStartOffset,
      unsynced: { file: false, directory: false },
    };
  }

  /** Kept are those of a segment's start and the latest one (ProducerStateManager.removeStraySnapshots). */
  #dropStraySnapshots(range: { readonly logStartOffset: number; readonly logEndOffset: number }): number[] {
    const bases = new Set(this.#segments.map(segment => segment.baseOffset));
    const inRange = this.#snapshotOffsets.filter(offset => {
      if (offset > range.logStartOffset && offset <= range.logEndOffset) return true;
      this.#removeSnapshot(offset);
      return false;
    });
    const latest = inRange.at(-1);
    return inRange.filter(offset => {
      if (bases.has(offset) || offset === latest) return true;
      this.#removeSnapshot(offset);
      return false;
    });
  }

  #removeSnapshot(offset: number): void {
    this.#fileSystem.remove(this.#snapshotPath(offset));
    this.#snapshotOffsets = this.#snapshotOffsets.filter(other => other !== offset);
    this.#changed = true;
  }

  #snapshotPath(offset: number): string {
    return `${this.#options.directory}/${offsetName(offset, PRODUCER_SNAPSHOT_SUFFIX)}`;
  }

  #reportHoles(segment: Segment, { holes }: SegmentRecovery): void {
    for (const hole of holes) this.#report('error', damageText(segment, hole));
  }

  #report(level: StorageReport['level'], message: string): void {
    const { topic, partition, context } = this.#options;
    context.report({ level, message: `${topic}-${partition}: ${message}`, topic, partition });
  }
}
