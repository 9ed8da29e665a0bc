// The timers of one shard's groups. A timer that falls due is handed back as a decision to make; setting one replaces the
// one of the same group and key.

import type { Timer, Timers } from '../runtime/clock.ts';
import type { Timeout, TimerChange } from './classic/decision.ts';

export class GroupTimers {
  readonly #timers: Timers;
  readonly #expired: (groupId: string, timeout: Timeout) => void;
  readonly #byGroup = new Map<string, Map<string, Timer>>();

  constructor(timers: Timers, expired: (groupId: string, timeout: Timeout) => void) {
    this.#timers = timers;
    this.#expired = expired;
  }

  apply(groupId: string, changes: readonly TimerChange[]): void {
    for (const change of changes) this.#applyOne(groupId, change);
  }

  #applyOne(groupId: string, change: TimerChange): void {
    const ofGroup = this.#byGroup.get(groupId) ?? new Map<string, Timer>();
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

  cancelGroup(groupId: string): void {
    for (const timer of this.#byGroup.get(groupId)?.values() ?? []) timer.cancel();
    this.#byGroup.delete(groupId);
  }

  cancelAll(): void {
    for (const groupId of [...this.#byGroup.keys()]) this.cancelGroup(groupId);
  }
}
