// When each open transaction has to be over: one timer per transactional id. A timer that falls due only asks for a
// decision; whether the transaction really is too old is decided from its state.

import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import type { Transaction } from './transaction.ts';

export class TransactionTimeouts {
  readonly #options: {
    readonly clock: Clock;
    readonly timers: Timers;
    readonly due: (transactionalId: string) => void;
  };
  readonly #byId = new Map<string, Timer>();

  constructor(options: {
    readonly clock: Clock;
    readonly timers: Timers;
    readonly due: (transactionalId: string) => void;
  }) {
    this.#options = options;
  }

  /** Sets, moves or removes the timer of the id, as its state asks for. */
  watch(transactionalId: string, transaction: Transaction | undefined, delayMsMin = 0): void {
    const { clock, timers, due } = this.#options;
    this.#byId.get(transactionalId)?.cancel();
    this.#byId.delete(transactionalId);
    if (transaction?.state !== 'Ongoing') return;
    const dueMs = transaction.startMs + transaction.timeoutMs + 1;
    const timer = timers.schedule(Math.max(dueMs - clock.nowMs(), delayMsMin), () => {
      if (this.#byId.get(transactionalId) === timer) this.#byId.delete(transactionalId);
      due(transactionalId);
    });
    this.#byId.set(transactionalId, timer);
  }

  cancelAll(): void {
    for (const timer of this.#byId.values()) timer.cancel();
    this.#byId.clear();
  }
}
