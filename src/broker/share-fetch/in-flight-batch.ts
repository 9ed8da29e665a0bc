// A run of offsets that is in flight: one state for all of it as long as all share one fate, and one per offset from the
// first time they do not (Apache Kafka's InFlightBatch). Never both.

import { assert } from '../../protocol/assert.ts';
import { InFlightState } from './in-flight-state.ts';
import { RecordState } from './record-state.ts';

export class InFlightBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  #whole: InFlightState | null;
  #offsets: readonly InFlightState[] | null = null;

  constructor(firstOffset: number, lastOffset: number, state: InFlightState) {
    assert(firstOffset <= lastOffset, 'a batch in flight has offsets');
    this.firstOffset = firstOffset;
    this.lastOffset = lastOffset;
    this.#whole = state;
  }

  get count(): number {
    return this.lastOffset - this.firstOffset + 1;
  }

  /** Null once the offsets have states of their own. */
  get whole(): InFlightState | null {
    return this.#whole;
  }

  /** The state of one offset of the batch. */
  at(offset: number): InFlightState {
    return this.#whole ?? this.#offsets![offset - this.firstOffset]!;
  }

  liesWithin(firstOffset: number, lastOffset: number): boolean {
    return this.firstOffset >= firstOffset && this.lastOffset <= lastOffset;
  }

  /** Gives each offset a state of its own. */
  split(): void {
    if (this.#whole === null) return;
    const whole = this.#whole;
    this.#whole = null;
    this.#offsets = Array.from({ length: this.count }, () => whole.copy());
  }

  /** Of a batch that was just acquired: behind `lastHeldOffset` nothing was delivered. */
  splitBehind(lastHeldOffset: number): void {
    const whole = this.#whole;
    assert(whole !== null, 'a new batch has one state');
    this.#whole = null;
    this.#offsets = Array.from({ length: this.count }, (_, index) =>
      this.firstOffset + index <= lastHeldOffset
        ? whole.copy()
        : new InFlightState({ state: RecordState.AVAILABLE, deliveryCount: whole.deliveryCount - 1 }),
    );
  }

  /** The states within a range with the offsets each stands for, in order. */
  *statesWithin(
    firstOffset = this.firstOffset,
    lastOffset = this.lastOffset,
  ): Generator<{
    readonly state: InFlightState;
    readonly firstOffset: number;
    readonly lastOffset: number;
  }> {
    if (this.#whole !== null) {
      yield { state: this.#whole, firstOffset: this.firstOffset, lastOffset: this.lastOffset };
      return;
    }
    const end = Math.min(lastOffset, this.lastOffset);
    for (let offset = Math.max(firstOffset, this.firstOffset); offset <= end; offset++) {
      yield { state: this.at(offset), firstOffset: offset, lastOffset: offset };
    }
  }
}
