// What of a segment may be served: batches whose checksum and offsets are right. Each byte is checked once since the start,
// when it is first asked for (what is still in the log's tail, never), so that bit-rot in segments that no recovery reads
// is found before a consumer sees it. A damaged batch becomes a hole: it is reported once, never served, and readers go on
// with the next valid batch, as they do over offsets that compaction took.

import { baseOffset, lastOffset } from '../../protocol/records/batch-header.ts';
import { BatchCursor } from './batch-cursor.ts';
import { isValid, nextValidPosition, overtakes } from './next-batch.ts';
import type { BatchPosition, Hole, Segment } from './segment.ts';

const BUFFER_BYTES = 256 * 1024;
/** More is not a flipped bit: then the disk is asked no more, and the rest of the segment counts as one hole. */
const HOLES_MAX = 1_000;

export type OnHole = (segment: Segment, hole: Hole) => void;

export interface SoundOptions {
  /** No batch of the segment ends behind: where the next segment begins, or the log ends. */
  readonly endOffset: number;
  /** Hears of damage that nobody knew of. */
  readonly onHole: OnHole;
}

/** Checks are synchronous, so all segments share one. */
const check = new BatchCursor({ bufferBytes: BUFFER_BYTES, wholeBatches: true });

/** The first sound batch that ends at or above the offset; null when the segment has none. */
export function findSound(segment: Segment, offset: number, options: SoundOptions): BatchPosition | null {
  for (;;) {
    const found = segment.find(offset);
    if (found === null) return null;
    if (found === 'damaged') {
      addHole(segment, { position: segment.damagedPosition, offset }, options);
      continue;
    }
    const end = soundEnd(segment, { from: found.position, to: found.position + 1 }, options);
    if (end > found.position) return found;
  }
}

/** Up to where the range, which begins with a batch, can be served; at most `to`. */
export function soundEnd(
  segment: Segment,
  range: { readonly from: number; readonly to: number },
  options: SoundOptions,
): number {
  const { checked, source } = segment;
  if (source.memoryFrom !== undefined && range.from >= source.memoryFrom) return range.to;
  const to = Math.min(range.to, nextHole(segment, range.from));
  const isKnown = range.from >= checked.from && to <= checked.to;
  if (isKnown) return to;
  // What was found may begin before the range.
  return Math.min(checkFrom(segment, { from: range.from, to }, options), nextHole(segment, range.from));
}

/** Where the first hole begins that does not end before the position. */
export function nextHole(segment: Segment, position: number): number {
  return (
    segment.holes.find(({ endPosition }) => endPosition > position)?.position ?? Number.POSITIVE_INFINITY
  );
}

/** Where the check begins and what offset is next there; null: not known, because the batch before was not looked at. */
interface Start {
  readonly position: number;
  readonly nextOffset: number | null;
}

function checkFrom(
  segment: Segment,
  range: { readonly from: number; readonly to: number },
  options: SoundOptions,
): number {
  const { checked } = segment;
  const isBehind = range.from === checked.to && checked.nextOffset >= 0;
  const start = { position: range.from, nextOffset: isBehind ? checked.nextOffset : null };
  const position =
    checkBatches(segment, start, range, options) ??
    checkBatches(segment, { position: 0, nextOffset: segment.baseOffset }, range, options)!;
  noteChecked(segment, { from: range.from, to: position, nextOffset: -1 });
  return Math.min(position, range.to);
}

/** The range was found sound. What of it is still in memory is not told by that. `nextOffset`: behind it, or -1. */
export function noteChecked(
  segment: Segment,
  range: { readonly from: number; readonly to: number; readonly nextOffset: number },
): void {
  const { checked, source } = segment;
  const to = Math.min(range.to, source.memoryFrom ?? range.to);
  const nextOffset = to === range.to ? range.nextOffset : -1;
  const isNext = range.from >= checked.from && range.from <= checked.to;
  if (!isNext) segment.checked = { from: range.from, to: Math.max(range.from, to), nextOffset };
  else if (to > checked.to) segment.checked = { from: checked.from, to, nextOffset };
}

/**
 * Answers where sound bytes end; null when only the batches before could tell which of two batches has the wrong offset
 * (it lies outside the checksum). Then the check begins with the segment.
 */
function checkBatches(
  segment: Segment,
  start: Start,
  range: { readonly from: number; readonly to: number },
  options: SoundOptions,
): number | null {
  let { position, nextOffset } = start;
  check.start(segment.source, position, segment.sizeInBytes);
  while (position < range.to) {
    const known = segment.holes.find(hole => hole.position === position);
    const step = known === undefined ? check.next() : 'damaged';
    if (step === 'end') break;
    const expected = nextOffset ?? segment.baseOffset;
    const isRight =
      step === 'batch' &&
      isValid(check, segment, expected) &&
      lastOffset(check.buffer, check.at) < options.endOffset;
    const isSuspect =
      isRight && baseOffset(check.buffer, check.at) !== nextOffset && overtakes(check, segment, expected);
    if (isSuspect && nextOffset === null && position > 0) return null;
    if (isRight && !isSuspect) {
      nextOffset = lastOffset(check.buffer, check.at) + 1;
      position += check.sizeInBytes;
      continue;
    }
    const first = step === 'batch' ? Math.max(baseOffset(check.buffer, check.at), segment.baseOffset) : 0;
    const hole = known ?? addHole(segment, { position, offset: nextOffset ?? first }, options);
    if (position >= range.from) return position;
    position = hole.endPosition;
    check.start(segment.source, position, segment.sizeInBytes);
  }
  return position;
}

function addHole(
  segment: Segment,
  at: { readonly position: number; readonly offset: number },
  options: SoundOptions,
): Hole {
  const end = segment.sizeInBytes;
  const isHopeless = segment.holes.length >= HOLES_MAX;
  const next = isHopeless
    ? null
    : nextValidPosition(segment, { position: at.position, end, nextOffset: segment.baseOffset });
  const hole = { ...at, endPosition: next ?? end };
  segment.addHole(hole);
  options.onHole(segment, hole);
  return hole;
}
