// One partition of __transaction_state at work: it puts requests and timeouts to the state machine, gives the records to
// the log, sees ended transactions through to their markers, and lets answers out when they are durable. It decides
// nothing itself.
//
// EndTxn is answered when every marker is durable, so that the next request finds the transaction complete and a reader
// of read_committed finds its records; Apache Kafka answers after the Prepare record.

import { ErrorCode, type ErrorName, KafkaError } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import { Deferred } from '../runtime/deferred.ts';
import { Shard } from '../runtime/shard.ts';
import { type AddCommand, decideAddPartitions, verificationError } from './add-partitions.ts';
import {
  completed,
  decideEndTransaction,
  type EndCommand,
  type EndDecision,
  fencedAbort,
  isTimedOut,
} from './end-transaction.ts';
import { decideInitProducerId, type InitCommand, type InitDecision } from './init-producer-id.ts';
import {
  EPOCH_BUMP_VERSION,
  isEnding,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  type ProducerIdentity,
  type TopicPartition,
  type Transaction,
} from './transaction.ts';
import { MARKER_RETRY_MS, TransactionEndings } from './transaction-endings.ts';
import { type TransactionRecord, transactionCodec } from './transaction-record.ts';
import type { TransactionSettings } from './transaction-settings.ts';
import { TransactionShardState } from './transaction-shard-state.ts';
import { TransactionTimeouts } from './transaction-timeouts.ts';
import type { MarkerTargets } from './write-marker.ts';

/** How often InitProducerId looks again after it has waited for a transaction to end; others may begin in between. */
const INIT_ATTEMPTS_MAX = 3;
/** Tombstones in one batch: far below max.message.bytes with ids of any length that a frame can hold. */
const TOMBSTONES_PER_BATCH_MAX = 100;

export interface TransactionShardOptions {
  readonly log: PartitionLog;
  readonly leaderEpoch: () => number;
  readonly batchBytesMax: () => number;
  readonly settings: () => TransactionSettings;
  /** The finalized transaction.version. */
  readonly serverVersion: () => number;
  readonly newProducerId: (given: (producerId: bigint) => void, failed: (error: KafkaError) => void) => void;
  readonly targets: MarkerTargets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: (message: string) => void;
}

export interface ProducerAnswer {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export class TransactionShard {
  readonly #options: TransactionShardOptions;
  readonly #shard: Shard<TransactionRecord, TransactionShardState>;
  readonly #endings: TransactionEndings;
  readonly #timeouts: TransactionTimeouts;
  #hasBeenLoaded = false;

  constructor(options: TransactionShardOptions) {
    this.#options = options;
    const { log, leaderEpoch, batchBytesMax, clock, timers, targets, report, serverVersion } = options;
    const name = `${log.topic}-${log.partition}`;
    this.#endings = new TransactionEndings({
      targets,
      coordinatorEpoch: leaderEpoch,
      timers,
      complete: transaction => this.#complete(transaction),
      report,
    });
    this.#timeouts = new TransactionTimeouts({ clock, timers, due: id => this.#timedOut(id) });
    this.#shard = new Shard<TransactionRecord, TransactionShardState>({
      name,
      log,
      codec: transactionCodec({ valueVersion: () => Math.min(serverVersion(), 1), report, name }),
      createState: () => new TransactionShardState(),
      onLoaded: state => this.#loaded(state),
      leaderEpoch,
      batchBytesMax,
      clock,
      report,
    });
  }

  get log(): PartitionLog {
    return this.#options.log;
  }

  load(): void {
    this.#shard.load();
    // First: what is resumed may fail to be written, and then the state is loaded again before `resume` returns.
    this.#hasBeenLoaded = true;
    if (this.#shard.isLoaded) this.#resume(0);
  }

  unload(): void {
    this.#hasBeenLoaded = false;
    this.#shard.unload();
    this.#timeouts.cancelAll();
    this.#endings.cancelAll();
  }

  initProducerId(command: InitCommand): Deferred<ProducerAnswer> {
    const answer = new Deferred<ProducerAnswer>();
    this.#tryInit(command, answer, 1);
    return answer;
  }

  /** The error, or null. */
  addPartitions(command: AddCommand): Deferred<ErrorName | null> {
    const { transactionalId } = command;
    const { clock } = this.#options;
    const answer = this.#shard.write<ErrorName | null>(
      state => {
        const { error, next } = decideAddPartitions(state.get(transactionalId), command, clock.nowMs());
        return { records: recordsOf(next), response: error };
      },
      error => responseErrorOf(error),
    );
    this.#watch(transactionalId);
    return answer;
  }

  /** Whether the partition is, durably, in the transaction: the error of each, or null. */
  verify(
    transactionalId: string,
    identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Deferred<(ErrorName | null)[]> {
    return this.#shard.read<(ErrorName | null)[]>(
      state => {
        const transaction = state.get(transactionalId);
        return partitions.map(partition => verificationError(transaction, identity, partition));
      },
      error => partitions.map(() => responseErrorOf(error)),
    );
  }

  /** As it runs, perhaps ahead of the disk. */
  running(transactionalId: string): Transaction | undefined {
    return this.#shard.isLoaded ? this.#shard.state.get(transactionalId) : undefined;
  }

  endTransaction(command: EndCommand): Deferred<ProducerAnswer> {
    const answer = new Deferred<ProducerAnswer>();
    const failed = (error: ErrorName) => answer.complete(refusedProducer(error));
    const decide = (transaction: Transaction | undefined, newProducerId: bigint | null) =>
      decideEndTransaction(transaction, command, { nowMs: this.#options.clock.nowMs(), newProducerId });
    this.#withProducerId(command.transactionalId, decide, failed, newProducerId => {
      this.#change<EndDecision>(
        command.transactionalId,
        transaction => decide(transaction, newProducerId),
        result => {
          if (result instanceof KafkaError) failed(responseErrorOf(result));
          else this.#ended(command, result, answer);
        },
      );
    });
    return answer;
  }

  read<Response>(
    decide: (state: TransactionShardState) => Response,
    failed: (errorCode: number) => Response,
  ): Deferred<Response> {
    return this.#shard.read(decide, error => failed(ErrorCode[responseErrorOf(error)]));
  }

  /** Forgets ids that nobody has used for transactional.id.expiration.ms. */
  expire(): void {
    if (!this.#shard.isLoaded) return;
    const { clock, settings } = this.#options;
    const untilMs = clock.nowMs() - settings().transactionalIdExpirationMs;
    const records = [...this.#shard.state.all()]
      .filter(transaction => isExpired(transaction, untilMs))
      .map(({ transactionalId }) => ({ transactionalId, transaction: null }));
    for (let from = 0; from < records.length; from += TOMBSTONES_PER_BATCH_MAX) {
      const part = records.slice(from, from + TOMBSTONES_PER_BATCH_MAX);
      this.#shard.write<null>(
        () => ({ records: part, response: null }),
        () => null,
      );
    }
  }

  #tryInit(command: InitCommand, answer: Deferred<ProducerAnswer>, attempt: number): void {
    const { transactionalId } = command;
    const { clock, serverVersion } = this.#options;
    const failed = (error: ErrorName) => answer.complete(refusedProducer(error));
    const decide = (transaction: Transaction | undefined, newProducerId: bigint | null) =>
      decideInitProducerId(transaction, command, {
        nowMs: clock.nowMs(),
        newProducerId,
        serverVersion: serverVersion(),
      });
    this.#withProducerId(transactionalId, decide, failed, newProducerId => {
      this.#change<InitDecision>(
        transactionalId,
        transaction => decide(transaction, newProducerId),
        result => {
          if (result instanceof KafkaError) failed(responseErrorOf(result));
          else if (result.kind === 'refused') failed(result.error);
          else if (result.kind === 'ready') answer.complete(givenTo(result.next));
          else {
            if (result.kind === 'abort') this.#begin(result.next);
            this.#endings.whenOver(transactionalId, isOver => {
              if (isOver && attempt < INIT_ATTEMPTS_MAX) this.#tryInit(command, answer, attempt + 1);
              else failed('CONCURRENT_TRANSACTIONS');
            });
          }
        },
      );
    });
  }

  #ended(command: EndCommand, decision: EndDecision, answer: Deferred<ProducerAnswer>): void {
    const bumps = command.clientVersion >= EPOCH_BUMP_VERSION;
    if (decision.kind === 'refused') answer.complete(refusedProducer(decision.error));
    else if (decision.kind === 'repeated')
      answer.complete(bumps ? givenTo(decision.transaction) : NO_NEW_PRODUCER);
    if (decision.kind !== 'prepared') return;
    const { next } = decision;
    this.#begin(next);
    // Decided and durable: success, even when a marker has to wait.
    this.#endings.whenOver(command.transactionalId, () =>
      answer.complete(bumps ? givenTo(completed(next, next.lastUpdateMs)) : NO_NEW_PRODUCER),
    );
  }

  /** Fetches a producer id first when the decision, as things stand, will need one. */
  #withProducerId(
    transactionalId: string,
    decide: (transaction: Transaction | undefined, newProducerId: null) => { readonly kind: string },
    failed: (error: ErrorName) => void,
    go: (newProducerId: bigint | null) => void,
  ): void {
    if (!this.#shard.isLoaded) failed('COORDINATOR_NOT_AVAILABLE');
    else if (decide(this.#shard.state.get(transactionalId), null).kind !== 'needs-producer-id') go(null);
    else this.#options.newProducerId(go, error => failed(error.errorName));
  }

  /** Puts a decision to the state; `done` is called when it, or what it has seen, is durable. */
  #change<D extends { readonly kind: string; readonly next?: Transaction }>(
    transactionalId: string,
    decide: (transaction: Transaction | undefined) => D,
    done: (result: D | KafkaError) => void,
  ): void {
    const written = this.#shard.write<D | KafkaError>(
      state => {
        const decision = decide(state.get(transactionalId));
        return { records: recordsOf(decision.next ?? null), response: decision };
      },
      error => error,
    );
    this.#watch(transactionalId);
    written.whenComplete(done);
  }

  #complete(prepared: Transaction): boolean {
    const { transactionalId, producerId, producerEpoch } = prepared;
    let isWritten = true;
    this.#shard.write<null>(
      state => {
        const transaction = state.get(transactionalId);
        const isSame =
          transaction !== undefined &&
          isEnding(transaction) &&
          transaction.producerId === producerId &&
          transaction.producerEpoch === producerEpoch;
        const next = isSame ? completed(transaction, this.#options.clock.nowMs()) : null;
        return { records: recordsOf(next), response: null };
      },
      () => {
        isWritten = false;
        return null;
      },
    );
    return isWritten;
  }

  #timedOut(transactionalId: string): void {
    if (!this.#shard.isLoaded) return;
    const { clock, serverVersion, report } = this.#options;
    const decide = (transaction: Transaction | undefined, newProducerId: bigint | null): TimeoutDecision => {
      const nowMs = clock.nowMs();
      if (transaction === undefined || !isTimedOut(transaction, nowMs)) return { kind: 'none' };
      const next = fencedAbort(transaction, { nowMs, newProducerId, serverVersion: serverVersion() });
      return next === 'needs-producer-id' ? { kind: next } : { kind: 'abort', next };
    };
    const failed = (error: ErrorName) =>
      report(
        `The transaction of "${transactionalId}" has run out of time and could not be aborted (${error}); it is tried again.`,
      );
    this.#withProducerId(
      transactionalId,
      decide,
      error => {
        failed(error);
        this.#watch(transactionalId, MARKER_RETRY_MS);
      },
      newProducerId =>
        this.#change<TimeoutDecision>(
          transactionalId,
          transaction => decide(transaction, newProducerId),
          result => {
            if (result instanceof KafkaError) failed(result.errorName);
            else if (result.kind === 'abort') this.#begin(result.next);
          },
        ),
    );
  }

  /** A new start, or the state again after a failed write. */
  #loaded(state: TransactionShardState): void {
    this.#timeouts.cancelAll();
    this.#endings.cancelAll();
    const delayMs = this.#hasBeenLoaded ? MARKER_RETRY_MS : 0;
    for (const transaction of state.all()) {
      this.#timeouts.watch(transaction.transactionalId, transaction, delayMs);
    }
    // After a failed write the log may still hold what is not durable: later, and only what is durable then.
    if (this.#hasBeenLoaded) this.#resume(MARKER_RETRY_MS);
  }

  /** Transactions whose end was decided before a crash are ended now. */
  #resume(delayMs: number): void {
    this.#shard
      .read<readonly Transaction[]>(
        state => [...state.all()].filter(isEnding),
        () => [],
      )
      .whenComplete(prepared => {
        for (const transaction of prepared) this.#begin(transaction, delayMs);
      });
  }

  /** Nothing is begun by a shard that was given up meanwhile: whoever loads its log does it. */
  #begin(prepared: Transaction, delayMs = 0): void {
    if (this.#shard.isLoaded) this.#endings.begin(prepared, delayMs);
  }

  #watch(transactionalId: string, delayMsMin = 0): void {
    if (this.#shard.isLoaded)
      this.#timeouts.watch(transactionalId, this.#shard.state.get(transactionalId), delayMsMin);
  }
}

type TimeoutDecision =
  | { readonly kind: 'none' | 'needs-producer-id'; readonly next?: never }
  | { readonly kind: 'abort'; readonly next: Transaction };

const NO_NEW_PRODUCER: ProducerAnswer = {
  errorCode: ErrorCode.NONE,
  producerId: NO_PRODUCER_ID,
  producerEpoch: NO_PRODUCER_EPOCH,
};

export function refusedProducer(error: ErrorName): ProducerAnswer {
  return { ...NO_NEW_PRODUCER, errorCode: ErrorCode[error] };
}

function givenTo({ producerId, producerEpoch }: Transaction): ProducerAnswer {
  return { errorCode: ErrorCode.NONE, producerId, producerEpoch };
}

function recordsOf(next: Transaction | null): TransactionRecord[] {
  return next === null ? [] : [{ transactionalId: next.transactionalId, transaction: next }];
}

function isExpired({ state, lastUpdateMs }: Transaction, untilMs: number): boolean {
  const isIdle = state === 'Empty' || state === 'CompleteCommit' || state === 'CompleteAbort';
  return isIdle && lastUpdateMs <= untilMs;
}

/** The log's errors are not the producer's: a record too large is the server's fault in its eyes. */
function responseErrorOf(error: KafkaError): ErrorName {
  return error.errorName === 'MESSAGE_TOO_LARGE' ? 'UNKNOWN_SERVER_ERROR' : error.errorName;
}
