// The records of a share partition between its start offset (everything below is done with) and its end offset (nothing
// above was delivered yet), as batches in order of their offsets. Bounded by who adds to it: see acquire-records.ts.
//
// What is read back at start-up may have holes: records that were held when the broker stopped were never written.
// Up to the end offset of then, the first hole not yet looked at is the gap, and fetching begins there
// (Apache Kafka's GapWindow). A hole that is passed has no records, or its records are batches by now.

import type { InFlightBatch } from './in-flight-batch.ts';
import { isTerminal, RecordState } from './record-state.ts';

export class InFlightWindow {
  readonly #batches: InFlightBatch[] = [];
  #startOffset: number;
  #endOffset: number;
  #gap: { readonly endOffset: number; readonly startOffset: number } | null = null;
  /** False: a look through all batches found none available since the last one became it. */
  #mayHoldAvailable = false;

  constructor(startOffset: number) {
    this.#startOffset = startOffset;
    this.#endOffset = startOffset;
  }

  get startOffset(): number {
    return this.#startOffset;
  }

  /** Of the last record in flight; the start offset when there is none. */
  get endOffset(): number {
    return this.#endOffset;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  get batches(): readonly InFlightBatch[] {
    return this.#batches;
  }

  /** Offsets in flight, holes among them included. */
  get count(): number {
    return this.isEmpty ? 0 : this.#endOffset - this.#startOffset + 1;
  }

  /** Null: there is none, or records beyond it were delivered since. */
  get gapStart(): number | null {
    return this.#gap !== null && this.#gap.endOffset === this.#endOffset ? this.#gap.startOffset : null;
  }

  /** Done with, at or above the start offset (KIP-1226). */
  get deliveryCompleteCount(): number {
    let count = 0;
    for (const batch of this.#batches) {
      for (const { state, firstOffset, lastOffset } of batch.statesWithin()) {
        const first = Math.max(firstOffset, this.#startOffset);
        if (isTerminal(state.state) && lastOffset >= first) count += lastOffset - first + 1;
      }
    }
    return count;
  }

  /** Where there is something to acquire: below the end offset, or right behind it. */
  get nextFetchOffset(): number {
    const last = this.#batches.at(-1);
    if (last === undefined || this.#startOffset > last.lastOffset) {
      this.#mayHoldAvailable = false;
      return this.#endOffset;
    }
    if (this.#mayHoldAvailable) {
      const offset = this.#firstAvailable();
      if (offset !== null) return offset;
      this.#mayHoldAvailable = false;
    }
    return this.#endOffset + 1;
  }

  becameAvailable(): void {
    this.#mayHoldAvailable = true;
  }

  /** The index of the last batch that begins at or below the offset; -1 when none does. */
  floorIndex(offset: number): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#batches[middle]!.firstOffset <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  floor(offset: number): InFlightBatch | undefined {
    return this.#batches[this.floorIndex(offset)];
  }

  /** A copy: batches that begin within the range. */
  beginningWithin(firstOffset: number, lastOffset: number): InFlightBatch[] {
    return this.#batches.slice(this.floorIndex(firstOffset - 1) + 1, this.floorIndex(lastOffset) + 1);
  }

  add(batch: InFlightBatch): void {
    this.#batches.splice(this.floorIndex(batch.firstOffset) + 1, 0, batch);
  }

  /** Batches were added: what they begin and end at may be the new bounds. */
  delivered(firstOffset: number, lastOffset: number): void {
    if (this.#batches[0]?.firstOffset === firstOffset) this.#startOffset = firstOffset;
    if (lastOffset > this.#endOffset) this.#endOffset = lastOffset;
  }

  /** What was read back: the end offset, and the first hole. */
  restored(gapStart: number | null): void {
    const last = this.#batches.at(-1);
    if (last === undefined) return;
    this.#mayHoldAvailable = true;
    this.#endOffset = last.lastOffset;
    if (gapStart !== null) this.#gap = { endOffset: last.lastOffset, startOffset: gapStart };
  }

  /** Below this offset no hole is left. */
  passedGap(offset: number): void {
    if (this.#gap === null) return;
    const isOver = this.#gap.endOffset !== this.#endOffset || offset > this.#gap.endOffset;
    this.#gap = isOver ? null : { ...this.#gap, startOffset: offset };
  }

  /** Lets go of what is done with at the start. True when the start offset moved. */
  moveStart(): boolean {
    const doneOffset = this.#lastDoneFromStart();
    if (doneOffset === null) return false;
    const before = this.#startOffset;
    const last = this.#batches.at(-1)!;
    if (doneOffset === last.lastOffset) {
      this.#startOffset = Math.max(before, doneOffset + 1);
      this.#endOffset = this.#startOffset;
      this.#batches.length = 0;
      return true;
    }
    const index = this.floorIndex(doneOffset);
    const isWholeDone = this.#batches[index]!.lastOffset === doneOffset;
    const next = isWholeDone ? this.#batches[index + 1]!.firstOffset : doneOffset + 1;
    this.#startOffset = Math.max(before, Math.min(next, this.gapStart ?? next));
    this.#batches.splice(0, isWholeDone ? index + 1 : index);
    return this.#startOffset > before;
  }

  /** Records below are no more. Those that are held stay until their holders are done. */
  moveStartTo(logStartOffset: number): void {
    if (logStartOffset <= this.#startOffset) return;
    this.archive({
      firstOffset: this.#startOffset,
      lastOffset: logStartOffset - 1,
      from: RecordState.AVAILABLE,
    });
    this.#startOffset = logStartOffset;
    this.#endOffset = Math.max(this.#endOffset, logStartOffset);
    if (this.gapStart !== null && this.gapStart < logStartOffset) this.passedGap(logStartOffset);
    while (this.#batches[0] !== undefined && this.#isPast(this.#batches[0])) this.#batches.shift();
    // What follows may be done with: nobody may be left whose acknowledgement would move the start.
    this.moveStart();
  }

  /** Records that are in one state are archived, without being written. */
  archive(range: {
    readonly firstOffset: number;
    readonly lastOffset: number;
    readonly from: RecordState;
  }): boolean {
    let isAny = false;
    const { firstOffset, lastOffset, from } = range;
    for (let index = Math.max(0, this.floorIndex(firstOffset)); index < this.#batches.length; index++) {
      const batch = this.#batches[index]!;
      if (batch.firstOffset > lastOffset) break;
      if (batch.lastOffset < firstOffset) continue;
      if (!batch.liesWithin(firstOffset, lastOffset) && batch.whole?.state === from) batch.split();
      for (const { state } of batch.statesWithin(firstOffset, lastOffset)) {
        if (state.state !== from) continue;
        state.archive();
        isAny = true;
      }
    }
    if (isAny) this.#mayHoldAvailable = true;
    return isAny;
  }

  #isPast(batch: InFlightBatch): boolean {
    if (batch.lastOffset >= this.#startOffset) return false;
    for (const { state } of batch.statesWithin()) if (!state.isSettled) return false;
    return true;
  }

  #firstAvailable(): number | null {
    let gapStart = this.gapStart;
    for (const batch of this.#batches) {
      if (gapStart !== null) {
        if (batch.firstOffset > gapStart) return gapStart;
        gapStart = Math.max(batch.lastOffset + 1, gapStart);
      }
      for (const { state, firstOffset } of batch.statesWithin()) if (state.isAvailable) return firstOffset;
    }
    return null;
  }

  /** Null: the first record in flight is not done with. */
  #lastDoneFromStart(): number | null {
    const { gapStart } = this;
    let done: number | null = null;
    for (const batch of this.#batches) {
      if (gapStart !== null && batch.lastOffset >= gapStart) return done;
      for (const { state, lastOffset } of batch.statesWithin()) {
        if (!state.isSettled) return done;
        done = lastOffset;
      }
    }
    return done;
  }
}
