// The state of a record, or of a whole batch of records, that was delivered or is about to be: available, held by a
// member until its lock ends, or done with. An acknowledgement begins a change; the change is completed when it was
// written, or taken back (Apache Kafka's InFlightState). Knows no offset and no clock.

import { assert } from '../../protocol/assert.ts';
import { isTerminal, RecordState } from './record-state.ts';

/** Who holds a record that nobody holds. */
export const NOBODY = '';

export interface StateChange {
  readonly to: RecordState;
  readonly deliveryCountLimit: number;
}

interface Before {
  readonly state: RecordState;
  readonly memberId: string;
  readonly deliveryCountLimit: number;
}

export class InFlightState {
  #state: RecordState;
  #deliveryCount: number;
  #memberId: string;
  /** When the holder's lock ends; null without a lock. */
  #lockEndsMs: number | null;
  #before: Before | null = null;
  #isArchivedForGood = false;

  constructor(options: {
    readonly state: RecordState;
    readonly deliveryCount: number;
    readonly memberId?: string;
    readonly lockEndsMs?: number | null;
  }) {
    this.#state = options.state;
    this.#deliveryCount = options.deliveryCount;
    this.#memberId = options.memberId ?? NOBODY;
    this.#lockEndsMs = options.lockEndsMs ?? null;
  }

  get state(): RecordState {
    return this.#state;
  }

  get deliveryCount(): number {
    return this.#deliveryCount;
  }

  get memberId(): string {
    return this.#memberId;
  }

  get lockEndsMs(): number | null {
    return this.#lockEndsMs;
  }

  /** A change is being written: until it is, nobody else may touch the record. */
  get isChanging(): boolean {
    return this.#before !== null;
  }

  get isAvailable(): boolean {
    return this.#state === RecordState.AVAILABLE && !this.isChanging;
  }

  get isSettled(): boolean {
    return isTerminal(this.#state) && !this.isChanging;
  }

  isExpired(nowMs: number): boolean {
    return this.#lockEndsMs !== null && this.#lockEndsMs <= nowMs;
  }

  /** Another state of the same record: a batch comes apart into its offsets. */
  copy(): InFlightState {
    return new InFlightState({
      state: this.#state,
      deliveryCount: this.#deliveryCount,
      memberId: this.#memberId,
      lockEndsMs: this.#lockEndsMs,
    });
  }

  /** A member takes the record, and holds it. */
  acquire(memberId: string, lockEndsMs: number): void {
    assert(this.isAvailable, 'only an available record is acquired');
    this.#state = RecordState.ACQUIRED;
    this.#deliveryCount += 1;
    this.#memberId = memberId;
    this.#lockEndsMs = lockEndsMs;
  }

  /** The member never got the record: as if it had not been acquired. */
  undeliver(): void {
    this.#state = RecordState.AVAILABLE;
    this.#deliveryCount -= 1;
    this.#memberId = NOBODY;
    this.#lockEndsMs = null;
  }

  isHeldBy(memberId: string): boolean {
    return this.#state === RecordState.ACQUIRED && this.#memberId === memberId && !this.isChanging;
  }

  renew(lockEndsMs: number): void {
    this.#lockEndsMs = lockEndsMs;
  }

  /** At once and for good: a lock that ended. Of a record that was delivered often enough nothing more comes. */
  giveUp(change: StateChange): boolean {
    if (!this.#moveFromAcquired(change)) return false;
    this.#lockEndsMs = null;
    return true;
  }

  /** Begins a change that `complete` ends. The lock runs on meanwhile. */
  begin(change: StateChange): boolean {
    const before = {
      state: this.#state,
      memberId: this.#memberId,
      deliveryCountLimit: change.deliveryCountLimit,
    };
    if (!this.#moveFromAcquired(change)) return false;
    this.#before = before;
    return true;
  }

  complete(isWritten: boolean, nowMs: number): void {
    const before = this.#before;
    this.#before = null;
    if (before === null) return;
    if (isWritten || this.#isArchivedForGood) {
      this.#lockEndsMs = null;
      return;
    }
    if (this.isExpired(nowMs)) {
      const isOver = this.#deliveryCount >= before.deliveryCountLimit;
      this.#state = isOver ? RecordState.ARCHIVED : RecordState.AVAILABLE;
      this.#memberId = NOBODY;
      this.#lockEndsMs = null;
    } else {
      this.#state = before.state;
      this.#memberId = before.memberId;
    }
  }

  /** The record is no more, or must not be delivered: whatever is being written of it. */
  archive(): void {
    this.#isArchivedForGood = true;
    this.#state = RecordState.ARCHIVED;
    this.#memberId = NOBODY;
    this.#lockEndsMs = null;
  }

  #moveFromAcquired({ to, deliveryCountLimit }: StateChange): boolean {
    if (this.isChanging || this.#state !== RecordState.ACQUIRED) return false;
    const isOver = to === RecordState.AVAILABLE && this.#deliveryCount >= deliveryCountLimit;
    this.#state = isOver ? RecordState.ARCHIVED : to;
    this.#memberId = NOBODY;
    return true;
  }
}
