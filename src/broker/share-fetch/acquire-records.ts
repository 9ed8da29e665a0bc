// Which of the records that were read a member gets: those that are available, and those never delivered yet. Whole record
// batches as long as that fits (`batch_optimized`), or no more than asked for (`record_limit`, KIP-1206). A record that
// came back half its deliveries is delivered in ever smaller company, and alone the last time, so that one poisonous
// record does not use up the deliveries of its neighbours. Rules: Apache Kafka's SharePartition.acquire.
//
// Bound: no more offsets than group.share.partition.max.record.locks are in flight, beyond the end of one batch.

import type { AbortedTransaction } from '../../storage/log/outcomes.ts';
import { abortedBatches, withoutBatches } from './aborted-batches.ts';
import type { AcquiredRange } from './acquired-range.ts';
import type { FetchedBatch } from './fetched-batches.ts';
import { InFlightBatch } from './in-flight-batch.ts';
import { InFlightState } from './in-flight-state.ts';
import type { InFlightWindow } from './in-flight-window.ts';
import { RecordState } from './record-state.ts';

export interface AcquireCommand {
  readonly memberId: string;
  readonly mode: 'batch_optimized' | 'record_limit';
  /** Ranges that are new end where a record batch begins, once they have so many records. */
  readonly batchSize: number;
  readonly recordsMax: number;
  /** Where reading began; nothing lies between it and the first batch. */
  readonly fetchOffset: number;
  readonly batches: readonly FetchedBatch[];
  /** Of a read_committed read; null delivers what was aborted, too. */
  readonly aborted: readonly AbortedTransaction[] | null;
  readonly lockEndsMs: number;
  readonly deliveryCountLimit: number;
  readonly recordLocksMax: number;
}

export interface Acquired {
  readonly ranges: readonly AcquiredRange[];
  /** Offsets, holes among them included. */
  readonly count: number;
}

const NOTHING: Acquired = { ranges: [], count: 0 };
/** SharePartition.MINIMUM_THROTTLE_RECORDS_DELIVERY_LIMIT */
const THROTTLED_FROM_MIN = 2;

export function acquireRecords(window: InFlightWindow, command: AcquireCommand): Acquired {
  const last = command.batches.at(-1);
  if (last === undefined || command.recordsMax <= 0 || last.lastOffset < window.startOffset) return NOTHING;
  const limits = limitsOf(window, command, last.lastOffset);
  if (limits.recordsMax <= 0) return NOTHING;
  let isAnyArchived = archiveHole(window, command);
  const acquisition = new Acquisition(window, command, limits);
  acquisition.run();
  const unwanted = command.aborted === null ? [] : abortedBatches(command.batches, command.aborted);
  for (const { baseOffset, lastOffset } of unwanted) {
    const range = { firstOffset: baseOffset, lastOffset, from: RecordState.ACQUIRED };
    if (window.archive(range)) isAnyArchived = true;
  }
  // Apache Kafka waits for an acknowledgement; without one the window would fill up with what nobody gets.
  if (isAnyArchived) window.moveStart();
  const ranges = withoutBatches(acquisition.ranges, unwanted);
  return { ranges, count: unwanted.length === 0 ? acquisition.count : countOf(ranges) };
}

function countOf(ranges: readonly AcquiredRange[]): number {
  return ranges.reduce((sum, { firstOffset, lastOffset }) => sum + lastOffset - firstOffset + 1, 0);
}

/** Compaction may have removed records that are to be delivered again. True when there were such. */
function archiveHole(window: InFlightWindow, { fetchOffset, batches }: AcquireCommand): boolean {
  const firstBase = batches[0]!.baseOffset;
  if (fetchOffset >= firstBase) return false;
  const hole = { firstOffset: fetchOffset, lastOffset: firstBase - 1, from: RecordState.AVAILABLE };
  const isAnyArchived = window.archive(hole);
  const { gapStart } = window;
  if (gapStart !== null && gapStart < firstBase) window.passedGap(firstBase);
  return isAnyArchived;
}

interface Limits {
  readonly lastOffset: number;
  readonly recordsMax: number;
}

/** With all locks taken, what is in flight already may still be delivered again. */
function limitsOf(window: InFlightWindow, command: AcquireCommand, lastOffset: number): Limits {
  const { recordsMax, fetchOffset, recordLocksMax } = command;
  const free = Math.min(recordsMax, recordLocksMax - window.count);
  if (free > 0 || fetchOffset > window.endOffset) return { lastOffset, recordsMax: free };
  return {
    lastOffset: Math.min(lastOffset, window.endOffset),
    recordsMax: Math.min(recordsMax, window.endOffset - fetchOffset + 1),
  };
}

class Acquisition {
  readonly #window: InFlightWindow;
  readonly #command: AcquireCommand;
  readonly #lastOffset: number;
  readonly #throttledFrom: number;
  readonly ranges: AcquiredRange[] = [];
  #recordsMax: number;
  #count = 0;

  constructor(window: InFlightWindow, command: AcquireCommand, limits: Limits) {
    this.#window = window;
    this.#command = command;
    this.#lastOffset = limits.lastOffset;
    this.#recordsMax = limits.recordsMax;
    this.#throttledFrom = Math.max(THROTTLED_FROM_MIN, Math.ceil(command.deliveryCountLimit / 2));
  }

  get count(): number {
    return this.#count;
  }

  run(): void {
    const window = this.#window;
    const firstBase = this.#command.batches[0]!.baseOffset;
    if (this.#lastOffset < firstBase) return;
    let baseOffset = firstBase;
    const floor = window.floor(baseOffset);
    if (floor !== undefined && floor.lastOffset >= baseOffset) baseOffset = floor.firstOffset;
    else baseOffset = Math.max(baseOffset, window.startOffset);
    const known = window.beginningWithin(Math.min(firstBase, baseOffset), this.#lastOffset);
    if (known.length === 0) this.#acquireNew(baseOffset, this.#lastOffset);
    else this.#acquireAmong(known, baseOffset);
  }

  get #left(): number {
    return this.#recordsMax - this.#count;
  }

  #acquireAmong(known: readonly InFlightBatch[], baseOffset: number): void {
    let gapStart = baseOffset;
    for (const batch of known) {
      if (this.#left <= 0) break;
      if (this.#window.gapStart !== null) {
        if (gapStart < batch.firstOffset) this.#acquireNew(gapStart, batch.firstOffset - 1);
        gapStart = batch.lastOffset + 1;
        if (this.#left <= 0) break;
      }
      if (!this.#acquireFrom(batch)) {
        this.#recordsMax = 0;
        break;
      }
    }
    const lastKnown = known.at(-1)!.lastOffset;
    if (this.#left > 0 && lastKnown < this.#lastOffset) this.#acquireNew(lastKnown + 1, this.#lastOffset);
    const lastRange = this.ranges.at(-1);
    if (lastRange !== undefined) this.#window.passedGap(lastRange.lastOffset + 1);
  }

  /** False: nothing may be delivered together with what was acquired. */
  #acquireFrom(batch: InFlightBatch): boolean {
    const firstBase = this.#command.batches[0]!.baseOffset;
    const isThrottled = this.#isThrottled(batch);
    if (isThrottled && this.#count > 0) return false;
    const isTooMany = this.#command.mode === 'record_limit' && batch.count > this.#left;
    const { whole } = batch;
    if (whole !== null && !whole.isAvailable) return true;
    if (whole === null || isTooMany || isThrottled || !batch.liesWithin(firstBase, this.#lastOffset)) {
      batch.split();
      const count = this.#acquireOffsets(batch);
      return !isThrottled || count === 0;
    }
    whole.acquire(this.#command.memberId, this.#command.lockEndsMs);
    const { firstOffset, lastOffset } = batch;
    this.ranges.push({ firstOffset, lastOffset, deliveryCount: whole.deliveryCount });
    this.#count += batch.count;
    return true;
  }

  #isThrottled(batch: InFlightBatch): boolean {
    const firstBase = this.#command.batches[0]!.baseOffset;
    for (const { state } of batch.statesWithin(firstBase, this.#lastOffset)) {
      if (state.isAvailable && state.deliveryCount >= this.#throttledFrom) return true;
    }
    return false;
  }

  #acquireOffsets(batch: InFlightBatch): number {
    const { memberId, lockEndsMs, deliveryCountLimit, mode, batches } = this.#command;
    const left = this.#left;
    let count = 0;
    let together = Infinity;
    const ranges: AcquiredRange[] = [];
    for (const { state, firstOffset: offset } of batch.statesWithin(
      batches[0]!.baseOffset,
      this.#lastOffset,
    )) {
      if (!state.isAvailable) continue;
      const before = state.deliveryCount;
      if (deliveryCountLimit > 2 && before === deliveryCountLimit - 1 && count > 0) break;
      if (before >= this.#throttledFrom && together === Infinity) {
        together = Math.max(1, Math.floor(batch.count / 2 ** (before - this.#throttledFrom + 1)));
      }
      state.acquire(memberId, lockEndsMs);
      const { deliveryCount } = state;
      extend(ranges, offset, deliveryCount);
      count += 1;
      if (deliveryCount === deliveryCountLimit && deliveryCountLimit > 2) break;
      if (count === together || (mode === 'record_limit' && count === left)) break;
    }
    this.ranges.push(...ranges);
    this.#count += count;
    return count;
  }

  #acquireNew(firstOffset: number, lastOffset: number): void {
    const window = this.#window;
    const left = this.#left;
    const first = window.isEmpty ? Math.max(firstOffset, window.endOffset) : firstOffset;
    let last = lastOffset;
    if (left < last - first + 1) {
      last = endOfBatch(this.#command.batches, first + left - 1);
      if (window.gapStart !== null) last = Math.min(last, lastOffset);
    }
    if (last < first) return;
    const ranges = this.#newRanges(first, last);
    window.delivered(first, last);
    const lastAcquired = ranges.at(-1)!.lastOffset;
    window.passedGap(lastAcquired + 1);
    this.ranges.push(...ranges);
    this.#count += lastAcquired - first + 1;
  }

  #newRanges(first: number, last: number): readonly AcquiredRange[] {
    const { mode } = this.#command;
    if (mode === 'record_limit') {
      const lastHeld = Math.min(last, first + this.#left - 1);
      const batch = this.#add(first, last);
      if (lastHeld < last) {
        batch.splitBehind(lastHeld);
        this.#window.becameAvailable();
      }
      return [{ firstOffset: first, lastOffset: lastHeld, deliveryCount: 1 }];
    }
    const ranges = cutAtBatches(this.#command, first, last);
    for (const range of ranges) this.#add(range.firstOffset, range.lastOffset);
    return ranges;
  }

  #add(firstOffset: number, lastOffset: number): InFlightBatch {
    const { memberId, lockEndsMs } = this.#command;
    const state = new InFlightState({
      state: RecordState.ACQUIRED,
      deliveryCount: 1,
      memberId,
      lockEndsMs,
    });
    const batch = new InFlightBatch(firstOffset, lastOffset, state);
    this.#window.add(batch);
    return batch;
  }
}

/** Neighbours that were delivered as often are one range. */
function extend(ranges: AcquiredRange[], offset: number, deliveryCount: number): void {
  const last = ranges.at(-1);
  if (last?.lastOffset === offset - 1 && last.deliveryCount === deliveryCount) {
    ranges[ranges.length - 1] = { ...last, lastOffset: offset };
  } else {
    ranges.push({ firstOffset: offset, lastOffset: offset, deliveryCount });
  }
}

/** The end of the record batch that holds the offset; the offset itself where none does. */
function endOfBatch(batches: readonly FetchedBatch[], offset: number): number {
  const holder = batches.findLast(({ baseOffset }) => baseOffset <= offset);
  return holder !== undefined && offset <= holder.lastOffset ? holder.lastOffset : offset;
}

function cutAtBatches({ batches, batchSize }: AcquireCommand, first: number, last: number): AcquiredRange[] {
  const ranges: AcquiredRange[] = [];
  let firstOffset = first;
  if (last - first + 1 > batchSize) {
    for (const { baseOffset } of batches) {
      if (baseOffset > last) break;
      if (baseOffset - firstOffset < batchSize) continue;
      // A batch size of 0 or less cuts at every batch.
      if (baseOffset > firstOffset)
        ranges.push({ firstOffset, lastOffset: baseOffset - 1, deliveryCount: 1 });
      firstOffset = Math.max(firstOffset, baseOffset);
    }
  }
  ranges.push({ firstOffset, lastOffset: last, deliveryCount: 1 });
  return ranges;
}
