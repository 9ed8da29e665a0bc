// The gate before transactional batches: a batch may stand in a partition only when the coordinator knows, durably, that
// the partition is in the producer's transaction; else no marker would ever end it, and readers of read_committed would
// wait for ever (KIP-890). Producers of KIP-890 are taken in by their first batch; others must have said AddPartitionsToTxn
// before. What has to wait for the coordinator waits here, in order of arrival, per partition and producer.
//
// Follows ReplicaManager.maybeSendPartitionsToTransactionCoordinator, UnifiedLog.maybeStartTransactionVerification and
// VerificationStateEntry.

import type { ErrorName } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { ProducerIdentity, TopicPartition } from './transaction.ts';
import type { TransactionCoordinator } from './transaction-coordinator.ts';

export interface TransactionalAppend extends TopicPartition, ProducerIdentity {
  readonly transactionalId: string;
  readonly log: PartitionLog;
  /** -1 where batches are not numbered (__consumer_offsets). */
  readonly baseSequence: number;
  /** The batch itself takes the partition in (Produce 12+, TxnOffsetCommit 5+). */
  readonly addsPartition: boolean;
}

export interface AppendRefusal {
  readonly error: ErrorName;
  /** From the coordinator, whose errors producers know by other names; else of the log. */
  readonly isOfCoordinator: boolean;
}

interface Waiting {
  readonly append: TransactionalAppend;
  readonly answer: Deferred<AppendRefusal | null>;
}

/** What a partition remembers of a producer that waits, or was sent away and will come again. */
interface Lane {
  readonly waiting: Waiting[];
  producerEpoch: number;
  /** The first batch that was sent away: none behind it may go first. */
  lowestSequence: number;
}

/** Producers that were sent away and remembered, per partition; the oldest make room. */
const LANES_PER_LOG_MAX = 10_000;
const FIRST_SEQUENCE = 0;

export class TransactionalAppends {
  readonly #coordinator: TransactionCoordinator;
  readonly #verifies: () => boolean;
  readonly #lanes = new WeakMap<PartitionLog, Map<bigint, Lane>>();

  constructor(coordinator: TransactionCoordinator, verifies: () => boolean) {
    this.#coordinator = coordinator;
    this.#verifies = verifies;
  }

  /**
   * Null: append now, in this turn. Otherwise the answer says whether, and the batch must be appended in its callback,
   * before that returns.
   */
  enter(append: TransactionalAppend): Deferred<AppendRefusal | null> | null {
    const lane = this.#lanes.get(append.log)?.get(append.producerId);
    if (lane === undefined || lane.waiting.length === 0) {
      const verdict = this.#look(append, lane);
      if (verdict === 'append') return null;
      if (verdict !== 'ask') return Deferred.completed<AppendRefusal | null>(verdict);
    }
    const answer = new Deferred<AppendRefusal | null>();
    const waitsIn = lane ?? this.#newLane(append);
    waitsIn.waiting.push({ append, answer });
    if (waitsIn.waiting.length === 1) this.#ask(waitsIn, append);
    return answer;
  }

  /** What the log alone can say. */
  #look(append: TransactionalAppend, lane: Lane | undefined): 'append' | 'ask' | AppendRefusal {
    const known = append.log.producer(append.producerId);
    if (known !== null && append.producerEpoch < known.producerEpoch) return ofLog('INVALID_PRODUCER_EPOCH');
    const isOngoing =
      known !== null &&
      known.currentTransactionFirstOffset >= 0 &&
      known.producerEpoch === append.producerEpoch;
    if (isOngoing || (!append.addsPartition && !this.#verifies())) {
      if (lane !== undefined) this.#forget(append);
      return 'append';
    }
    return 'ask';
  }

  #ask(lane: Lane, append: TransactionalAppend): void {
    noteSequence(lane, append);
    const { transactionalId, producerId, producerEpoch, topic, partition } = append;
    const partitions = [{ topic, partition }];
    const asked = append.addsPartition
      ? this.#coordinator.addPartitions({
          transactionalId,
          producerId,
          producerEpoch,
          partitions,
          clientVersion: 2,
        })
      : this.#coordinator
          .verifyPartitions(transactionalId, append, partitions)
          .map(([error]) => error ?? null);
    asked.whenComplete(error => this.#answer(lane, error));
  }

  /** The coordinator has spoken of the first in the lane; those behind it come to see the log again. */
  #answer(lane: Lane, error: ErrorName | null): void {
    const first = lane.waiting[0]!;
    const refusal = this.#verdict(lane, first.append, error);
    if (refusal === null) lane.lowestSequence = -1;
    first.answer.complete(refusal);
    lane.waiting.shift();
    for (;;) {
      const next = lane.waiting[0];
      if (next === undefined) break;
      const verdict = this.#look(next.append, undefined);
      if (verdict === 'ask') {
        this.#ask(lane, next.append);
        return;
      }
      next.answer.complete(verdict === 'append' ? null : verdict);
      lane.waiting.shift();
    }
    if (lane.lowestSequence < 0) this.#forget(first.append);
  }

  #verdict(lane: Lane, append: TransactionalAppend, error: ErrorName | null): AppendRefusal | null {
    if (error !== null) return { error, isOfCoordinator: true };
    // While the coordinator's log was being synced the transaction may have been ended, by its timeout for one.
    const now = this.#coordinator.runningError(append.transactionalId, append, append);
    if (now !== null) return { error: now, isOfCoordinator: true };
    const known = append.log.producer(append.producerId);
    if (known !== null && append.producerEpoch < known.producerEpoch) return ofLog('INVALID_PRODUCER_EPOCH');
    const { baseSequence } = append;
    const isUnknownAndLate = append.addsPartition && baseSequence > FIRST_SEQUENCE && known === null;
    return isUnknownAndLate || baseSequence > lane.lowestSequence
      ? ofLog('OUT_OF_ORDER_SEQUENCE_NUMBER')
      : null;
  }

  #newLane({ log, producerId, producerEpoch, baseSequence }: TransactionalAppend): Lane {
    let ofLog = this.#lanes.get(log);
    if (ofLog === undefined) {
      ofLog = new Map();
      this.#lanes.set(log, ofLog);
    }
    if (ofLog.size >= LANES_PER_LOG_MAX) dropIdle(ofLog);
    const lane: Lane = { waiting: [], producerEpoch, lowestSequence: baseSequence };
    ofLog.set(producerId, lane);
    return lane;
  }

  #forget({ log, producerId }: TransactionalAppend): void {
    this.#lanes.get(log)?.delete(producerId);
  }
}

function noteSequence(lane: Lane, { producerEpoch, baseSequence }: TransactionalAppend): void {
  const isNewEpoch = producerEpoch > lane.producerEpoch;
  if (isNewEpoch || lane.lowestSequence < 0 || baseSequence < lane.lowestSequence) {
    lane.lowestSequence = baseSequence;
    lane.producerEpoch = producerEpoch;
  }
}

function dropIdle(lanes: Map<bigint, Lane>): void {
  for (const [producerId, { waiting }] of lanes) {
    if (waiting.length > 0) continue;
    lanes.delete(producerId);
    return;
  }
}

function ofLog(error: ErrorName): AppendRefusal {
  return { error, isOfCoordinator: false };
}
