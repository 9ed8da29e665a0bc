// Which part of a log compaction may take, and how much it would be worth (LogCleanerManager.cleanableOffsets, LogToClean).
// From the end of what was cleaned before to the active segment, the last stable offset, the first segment with a record
// younger than min.compaction.lag.ms, and what is on disk for certain: a crash must not find gaps where it expects none.
// Decides only.

import type { LogSettings } from './log-settings.ts';
import type { AgingSegment } from './retention.ts';

export interface CleanableSegment extends AgingSegment {
  largestTimestamp(): number;
  /** -1 when there is none. */
  firstBatchTimestamp(): number;
}

export interface CleanableFacts {
  /** At least two; the last is the active one. */
  readonly segments: readonly CleanableSegment[];
  readonly settings: LogSettings;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly lastStableOffset: number;
  /** Everything below is on disk. */
  readonly recoveryPoint: number;
  /** Of the cleaner's checkpoint; null when it has none. */
  readonly cleanedOffset: number | null;
  readonly nowMs: number;
}

export interface CleanableRange {
  readonly firstDirtyOffset: number;
  /** The start of a segment. */
  readonly firstUncleanableOffset: number;
  /** Share of dirty bytes. */
  readonly dirtyRatio: number;
  /** Dirty enough, or max.compaction.lag.ms has passed. */
  readonly isDue: boolean;
}

export function cleanableRange(facts: CleanableFacts): CleanableRange {
  const { segments, settings, cleanedOffset, logStartOffset, logEndOffset } = facts;
  const isKnown = cleanedOffset !== null && cleanedOffset >= logStartOffset && cleanedOffset <= logEndOffset;
  const firstDirtyOffset = isKnown ? cleanedOffset : logStartOffset;
  const limit = Math.max(firstDirtyOffset, uncleanableFrom(facts, firstDirtyOffset));
  const firstUncleanableOffset = segments[indexOf(segments, limit)]!.baseOffset;
  const cleanBytes = bytesOf(segments.filter(({ baseOffset }) => baseOffset < firstDirtyOffset));
  const dirty = segmentsBetween(
    segments,
    Math.min(firstDirtyOffset, firstUncleanableOffset),
    firstUncleanableOffset,
  );
  const dirtyBytes = bytesOf(dirty);
  const dirtyRatio = dirtyBytes === 0 ? 0 : dirtyBytes / (cleanBytes + dirtyBytes);
  const isDue =
    dirtyRatio > settings.minCleanableDirtyRatio || (dirtyBytes > 0 && mustNow(facts, firstDirtyOffset));
  return { firstDirtyOffset, firstUncleanableOffset, dirtyRatio, isDue };
}

function uncleanableFrom(facts: CleanableFacts, firstDirtyOffset: number): number {
  const { segments, settings, lastStableOffset, recoveryPoint, nowMs } = facts;
  const { minCompactionLagMs } = settings;
  const active = segments.at(-1)!.baseOffset;
  const limit = Math.min(lastStableOffset, active, recoveryPoint);
  if (minCompactionLagMs <= 0) return limit;
  const young = segmentsBetween(segments, firstDirtyOffset, active).find(
    segment => segment.largestTimestamp() > nowMs - minCompactionLagMs,
  );
  return young === undefined ? limit : Math.min(limit, young.baseOffset);
}

function mustNow({ segments, settings, nowMs }: CleanableFacts, firstDirtyOffset: number): boolean {
  const untilMs = nowMs - Math.max(settings.maxCompactionLagMs, 0);
  if (untilMs <= 0) return false;
  const dirty = segmentsBetween(segments, firstDirtyOffset, segments.at(-1)!.baseOffset);
  return dirty.some(segment => {
    const timestamp = segment.firstBatchTimestamp();
    return timestamp > 0 && timestamp < untilMs;
  });
}

/** From the one that holds `from` (exclusive of those that begin at or behind `to`). */
export function segmentsBetween<Kind extends { readonly baseOffset: number }>(
  segments: readonly Kind[],
  from: number,
  to: number,
): Kind[] {
  if (from >= to) return [];
  return segments.slice(indexOf(segments, from)).filter(({ baseOffset }) => baseOffset < to);
}

function indexOf(segments: readonly { readonly baseOffset: number }[], offset: number): number {
  return Math.max(
    0,
    segments.findLastIndex(({ baseOffset }) => baseOffset <= offset),
  );
}

function bytesOf(segments: readonly AgingSegment[]): number {
  return segments.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
}
