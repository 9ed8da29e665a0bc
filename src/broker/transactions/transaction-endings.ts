// Transactions on their way from Prepare to Complete: a marker into every partition, then the last record. Begun when the
// Prepare record is durable, and again after every start, because that record has decided the end for good. What cannot
// be written now (a full disk) is tried again until it can; whoever waits is told at the first failure. Follows
// TransactionMarkerChannelManager.

import type { ErrorName } from '../../protocol/errors.ts';
import type { Timer, Timers } from '../runtime/clock.ts';
import { allOf } from '../runtime/deferred.ts';
import { eachPartition, type TopicPartition, type Transaction } from './transaction.ts';
import { type MarkerTargets, writeMarker } from './write-marker.ts';

/** Between attempts to write a marker: long enough for a person to make room on the disk without a flood of reports. */
export const MARKER_RETRY_MS = 1_000;

export interface TransactionEndingsOptions {
  readonly targets: MarkerTargets;
  readonly coordinatorEpoch: () => number;
  readonly timers: Timers;
  /** Records that the transaction is complete; false when that could not be written. */
  readonly complete: (transaction: Transaction) => boolean;
  readonly report: (message: string) => void;
}

/** `isOver` false: the end is decided and durable, but not written everywhere yet. */
type Waiter = (isOver: boolean) => void;

interface Ending {
  readonly transaction: Transaction;
  missing: readonly TopicPartition[];
  waiters: Waiter[];
  retry: Timer | null;
  hasReported: boolean;
}

export class TransactionEndings {
  readonly #options: TransactionEndingsOptions;
  readonly #byId = new Map<string, Ending>();

  constructor(options: TransactionEndingsOptions) {
    this.#options = options;
  }

  /** The transaction is in a Prepare state, durably. Begun twice is begun once. */
  begin(transaction: Transaction, delayMs = 0): void {
    const { transactionalId, partitions } = transaction;
    if (this.#byId.has(transactionalId)) return;
    const missing = [...eachPartition(partitions)];
    const ending: Ending = { transaction, missing, waiters: [], retry: null, hasReported: false };
    this.#byId.set(transactionalId, ending);
    if (delayMs === 0) this.#write(ending);
    else this.#later(ending, delayMs);
  }

  /** Calls back at once with true when nothing is ending. */
  whenOver(transactionalId: string, callback: Waiter): void {
    const ending = this.#byId.get(transactionalId);
    if (ending === undefined) callback(true);
    else if (ending.retry !== null) callback(false);
    else ending.waiters.push(callback);
  }

  /** The state is gone or built anew: nobody waits any more. */
  cancelAll(): void {
    const endings = [...this.#byId.values()];
    this.#byId.clear();
    for (const ending of endings) {
      ending.retry?.cancel();
      tell(ending, false);
    }
  }

  #write(ending: Ending): void {
    ending.retry = null;
    const { targets, coordinatorEpoch } = this.#options;
    const { producerId, producerEpoch, state, clientVersion } = ending.transaction;
    const marker = {
      producerId,
      producerEpoch,
      isCommit: state === 'PrepareCommit',
      coordinatorEpoch: coordinatorEpoch(),
      transactionVersion: clientVersion,
    };
    const partitions = ending.missing;
    allOf(partitions.map(partition => writeMarker(targets, partition, marker))).whenComplete(errors => {
      if (this.#byId.get(ending.transaction.transactionalId) !== ending) return;
      ending.missing = partitions.filter((partition, index) =>
        this.#mustTryAgain(ending, partition, errors[index] ?? null),
      );
      this.#written(ending);
    });
  }

  #mustTryAgain(
    { transaction }: Ending,
    { topic, partition }: TopicPartition,
    error: ErrorName | null,
  ): boolean {
    // A partition that was deleted has nothing to end.
    if (error === null || error === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
    if (error !== 'INVALID_PRODUCER_EPOCH' && error !== 'TRANSACTION_COORDINATOR_FENCED') return true;
    this.#options.report(
      `${topic}-${partition} already holds a later word on producer ${transaction.producerId} and took no marker for the ` +
        `transaction of "${transaction.transactionalId}" (${error}). Nothing of it is left open there.`,
    );
    return false;
  }

  #written(ending: Ending): void {
    const { transaction } = ending;
    const { transactionalId } = transaction;
    if (ending.missing.length === 0) {
      this.#byId.delete(transactionalId);
      const isOver = this.#options.complete(transaction);
      tell(ending, isOver);
      return;
    }
    if (!ending.hasReported) {
      ending.hasReported = true;
      const { topic, partition } = ending.missing[0]!;
      this.#options.report(
        `The transaction of "${transactionalId}" is decided (${transaction.state}), but ${topic}-${partition} cannot be ` +
          'written. Readers of read_committed wait there; it is tried again every second, and after a restart. Look at the disk.',
      );
    }
    this.#later(ending, MARKER_RETRY_MS);
    tell(ending, false);
  }

  #later(ending: Ending, delayMs: number): void {
    ending.retry = this.#options.timers.schedule(delayMs, () => this.#write(ending));
  }
}

function tell(ending: Ending, isOver: boolean): void {
  const { waiters } = ending;
  ending.waiters = [];
  for (const waiter of waiters) waiter(isOver);
}
