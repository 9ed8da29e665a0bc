// Which segments of a log have had their time (UnifiedLog.deletableSegments and its three conditions): those below the log
// start, those beyond retention.bytes, those whose newest record is older than retention.ms. Always a run from the oldest
// on, never with an offset at or above the high watermark. The active segment counts like any other, unless it is empty.
// Decides only.

import type { LogSettings } from './log-settings.ts';

export interface AgingSegment {
  readonly baseOffset: number;
  readonly sizeInBytes: number;
  /** When its newest record was written. Asked only where age decides. */
  lastWrittenMs(): number;
}

export interface RetentionFacts {
  readonly segments: readonly AgingSegment[];
  readonly settings: LogSettings;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly nowMs: number;
}

type Condition = (segment: AgingSegment, nextBaseOffset: number | null) => boolean;

/** How many of the oldest segments go. All of them: the active one too. */
export function deletableCount(facts: RetentionFacts): number {
  const { settings, logStartOffset, nowMs } = facts;
  const isBelowStart: Condition = (_segment, next) => next !== null && next <= logStartOffset;
  let count = runOf(facts, 0, isBelowStart);
  if (!settings.cleanupPolicy.includes('delete')) return count;
  count += beyondSize(facts, count);
  const { retentionMs } = settings;
  if (retentionMs >= 0)
    count += runOf(facts, count, segment => nowMs - segment.lastWrittenMs() > retentionMs);
  return count;
}

function beyondSize(facts: RetentionFacts, from: number): number {
  const { retentionBytes } = facts.settings;
  let excess = -retentionBytes;
  for (const segment of facts.segments.slice(from)) excess += segment.sizeInBytes;
  if (retentionBytes < 0 || excess < 0) return 0;
  return runOf(facts, from, segment => {
    if (excess - segment.sizeInBytes < 0) return false;
    excess -= segment.sizeInBytes;
    return true;
  });
}

function runOf(
  { segments, logEndOffset, highWatermark }: RetentionFacts,
  from: number,
  condition: Condition,
) {
  let index = from;
  for (; index < segments.length; index++) {
    const segment = segments[index]!;
    const next = segments[index + 1]?.baseOffset ?? null;
    if (next === null && segment.sizeInBytes === 0) break;
    if (highWatermark < (next ?? logEndOffset) || !condition(segment, next)) break;
  }
  return index - from;
}
