// The state machine of one share partition (KIP-932): who holds which record until when, how often each was delivered,
// and where delivery begins and goes on. Pure: no clock, no log, no persister. What it answers as changes is written
// first and completed then; nothing that was begun is told to anybody before (Apache Kafka's SharePartition).

import type { StateBatch } from '../share/state-batches.ts';
import {
  type Acknowledgement,
  type BegunChange,
  beginAcknowledgement,
  beginRelease,
  endLocks,
  nextLockEndMs,
  type ShareError,
} from './acknowledge-records.ts';
import { type AcquireCommand, type Acquired, acquireRecords } from './acquire-records.ts';
import type { AcquiredRange } from './acquired-range.ts';
import { InFlightBatch } from './in-flight-batch.ts';
import { InFlightState } from './in-flight-state.ts';
import { InFlightWindow } from './in-flight-window.ts';
import { RecordState, stateOfKept } from './record-state.ts';

/** Changes of one request, begun together and completed together. */
export interface PendingChanges {
  readonly begun: readonly BegunChange[];
}

export class SharePartitionState {
  readonly #window: InFlightWindow;

  private constructor(window: InFlightWindow) {
    this.#window = window;
  }

  /** Null when what is kept contradicts itself. */
  static restored(kept: {
    readonly startOffset: number;
    readonly stateBatches: readonly StateBatch[];
  }): SharePartitionState | null {
    const window = new InFlightWindow(kept.startOffset);
    let gapStart: number | null = null;
    let lastOffset = kept.startOffset - 1;
    for (const batch of kept.stateBatches) {
      if (batch.firstOffset < kept.startOffset || batch.lastOffset < batch.firstOffset) return null;
      if (gapStart === null && batch.firstOffset > lastOffset + 1) gapStart = lastOffset + 1;
      lastOffset = batch.lastOffset;
      const { deliveryCount } = batch;
      const state = new InFlightState({ state: stateOfKept(batch.deliveryState), deliveryCount });
      window.add(new InFlightBatch(batch.firstOffset, batch.lastOffset, state));
    }
    window.restored(gapStart);
    window.moveStart();
    return new SharePartitionState(window);
  }

  get startOffset(): number {
    return this.#window.startOffset;
  }

  get endOffset(): number {
    return this.#window.endOffset;
  }

  get nextFetchOffset(): number {
    return this.#window.nextFetchOffset;
  }

  get deliveryCompleteCount(): number {
    return this.#window.deliveryCompleteCount;
  }

  /** Something is there to be delivered again, or there are locks left for what is new. */
  canAcquire(recordLocksMax: number): boolean {
    return this.nextFetchOffset !== this.endOffset + 1 || this.#window.count < recordLocksMax;
  }

  acquire(command: AcquireCommand): Acquired {
    return acquireRecords(this.#window, command);
  }

  /** What was acquired does not reach the member, and was not delivered. */
  giveBack(memberId: string, ranges: readonly AcquiredRange[]): void {
    for (const range of ranges) {
      const from = Math.max(0, this.#window.floorIndex(range.firstOffset));
      for (const batch of this.#window.batches.slice(from)) {
        if (batch.firstOffset > range.lastOffset) break;
        for (const { state } of batch.statesWithin(range.firstOffset, range.lastOffset)) {
          if (state.isHeldBy(memberId) && state.deliveryCount === range.deliveryCount) state.undeliver();
        }
      }
    }
    this.#window.becameAvailable();
  }

  acknowledge(acknowledgement: Acknowledgement, nowMs: number): PendingChanges | ShareError {
    const begun: BegunChange[] = [];
    const error = beginAcknowledgement(this.#window, acknowledgement, begun);
    if (error === null) return { begun };
    this.complete({ begun }, { isWritten: false, nowMs });
    return error;
  }

  release(member: { readonly memberId: string; readonly deliveryCountLimit: number }): PendingChanges {
    return { begun: beginRelease(this.#window, member) };
  }

  /** Makes the changes hold, or takes them back. */
  complete(
    { begun }: PendingChanges,
    outcome: { readonly isWritten: boolean; readonly nowMs: number },
  ): void {
    for (const { state } of begun) {
      state.complete(outcome.isWritten, outcome.nowMs);
      if (state.state === RecordState.AVAILABLE) this.#window.becameAvailable();
    }
    if (outcome.isWritten) this.#window.moveStart();
  }

  /** Records whose holders had their time; what is to be written of them. */
  endLocks(options: { readonly nowMs: number; readonly deliveryCountLimit: number }): readonly StateBatch[] {
    return endLocks(this.#window, options);
  }

  nextLockEndMs(nowMs: number): number | null {
    return nextLockEndMs(this.#window, nowMs);
  }

  /** What was given back was written: the start may move. */
  locksEnded(): void {
    this.#window.moveStart();
  }

  /** Retention or a deletion took the records below. */
  logStartMoved(logStartOffset: number): void {
    this.#window.moveStartTo(logStartOffset);
  }
}
