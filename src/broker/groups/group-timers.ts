// The timers of one shard's groups. A timer that falls due is handed back as a decision to make; setting one replaces the
// one of the same group and key, unless it is to be kept.

import type { Timer, Timers } from '../runtime/clock.ts';
import type { Timeout, TimerChange } from './classic/decision.ts';
import type { ConsumerTimeout, ConsumerTimerChange } from './consumer/consumer-decision.ts';
import type { ShareTimeout, ShareTimerChange } from './share/share-decision.ts';
import type { StreamsTimeout, StreamsTimerChange } from './streams/streams-decision.ts';

/** Of the kinds of groups besides the classic one: their names begin with the kind's. */
export type KindTimeout = ConsumerTimeout | ShareTimeout | StreamsTimeout;
export type GroupTimeout = Timeout | KindTimeout;
export type GroupTimerChange = TimerChange | ConsumerTimerChange | ShareTimerChange | StreamsTimerChange;

export class GroupTimers {
  readonly #timers: Timers;
  readonly #expired: (groupId: string, timeout: GroupTimeout) => void;
  readonly #byGroup = new Map<string, Map<string, Timer>>();

  constructor(timers: Timers, expired: (groupId: string, timeout: GroupTimeout) => void) {
    this.#timers = timers;
    this.#expired = expired;
  }

  apply(groupId: string, changes: readonly GroupTimerChange[]): void {
    for (const change of changes) this.#applyOne(groupId, change);
  }

  #applyOne(groupId: string, change: GroupTimerChange): void {
    const ofGroup = this.#byGroup.get(groupId) ?? new Map<string, Timer>();
    if (change.delayMs !== null && 'isKept' in change && ofGroup.has(change.key)) return;
    ofGroup.get(change.key)?.cancel();
    if (change.delayMs === null) {
      ofGroup.delete(change.key);
      if (ofGroup.size === 0) this.#byGroup.delete(groupId);
      return;
    }
    const { key, timeout } = change;
    this.#byGroup.set(groupId, ofGroup);
    const timer = this.#timers.schedule(change.delayMs, () => {
      if (ofGroup.get(key) === timer) ofGroup.delete(key);
      if (ofGroup.size === 0 && this.#byGroup.get(groupId) === ofGroup) this.#byGroup.delete(groupId);
      this.#expired(groupId, timeout);
    });
    ofGroup.set(key, timer);
  }

  isRunning(groupId: string, key: string): boolean {
    return this.#byGroup.get(groupId)?.has(key) === true;
  }

  cancelGroup(groupId: string): void {
    for (const timer of this.#byGroup.get(groupId)?.values() ?? []) timer.cancel();
    this.#byGroup.delete(groupId);
  }

  cancelAll(): void {
    for (const groupId of [...this.#byGroup.keys()]) this.cancelGroup(groupId);
  }
}
