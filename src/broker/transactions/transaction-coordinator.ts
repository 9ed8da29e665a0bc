// The transaction coordinator as handlers see it: a transactional id's requests go to the shard of the partition its name
// hashes to. Shards are made when first needed; those with records are loaded at start, which also ends what was decided
// before. Holds no state of transactions and decides nothing.
//
// Without __transaction_state there is no coordinator: NOT_COORDINATOR sends clients to FindCoordinator, which makes it.

import { ErrorCode, type ErrorName, type KafkaError } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { TRANSACTION_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import { CoordinatorShards } from '../runtime/coordinator-shards.ts';
import { allOf, Deferred } from '../runtime/deferred.ts';
import { type AddCommand, verificationError } from './add-partitions.ts';
import type { EndCommand } from './end-transaction.ts';
import type { InitCommand } from './init-producer-id.ts';
import type { ProducerIdentity, TopicPartition, Transaction } from './transaction.ts';
import {
  type DescribedTransaction,
  describeTransaction,
  type ListedTransaction,
  listTransactions,
  notDescribed,
  type TransactionFilter,
} from './transaction-listing.ts';
import type { TransactionSettings } from './transaction-settings.ts';
import { type ProducerAnswer, refusedProducer, TransactionShard } from './transaction-shard.ts';
import type { MarkerTargets } from './write-marker.ts';

export interface TransactionCoordinatorOptions {
  /** Partitions of __transaction_state; undefined while the topic does not exist. */
  readonly partitionCount: () => number | undefined;
  readonly log: (partition: number) => PartitionLog | undefined;
  readonly leaderEpoch: (partition: number) => number;
  /** max.message.bytes of __transaction_state. */
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

export interface ListedTransactions {
  readonly errorCode: number;
  readonly transactions: readonly ListedTransaction[];
}

export class TransactionCoordinator {
  readonly #options: TransactionCoordinatorOptions;
  readonly #shards: CoordinatorShards<TransactionShard>;
  #expiryTimer: Timer | null = null;

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options;
    const { partitionCount, log, report } = options;
    this.#shards = new CoordinatorShards({
      topic: TRANSACTION_STATE_TOPIC,
      holds: 'transactional ids',
      partitionCount,
      log,
      make: (log, partition) =>
        new TransactionShard({ ...options, log, leaderEpoch: () => options.leaderEpoch(partition) }),
      report,
    });
  }

  /** The group coordinator must have started: markers go to its partitions, too. */
  start(): void {
    this.load();
    this.#scheduleExpiry();
  }

  /** Loads what has records and is not loaded: after a clean stop partitions have no leader until the node registers. */
  load(): void {
    for (const partition of this.#shards.partitionsWithRecords()) this.#shards.at(partition);
  }

  close(): void {
    this.#expiryTimer?.cancel();
    this.#expiryTimer = null;
    this.#shards.close();
  }

  /** Where to put markers; also for those that no coordinator asked for. */
  get targets(): MarkerTargets {
    return this.#options.targets;
  }

  initProducerId(command: InitCommand): Deferred<ProducerAnswer> {
    const { timeoutMs, transactionalId } = command;
    if (transactionalId === '') return Deferred.completed(refusedProducer('INVALID_REQUEST'));
    if (timeoutMs <= 0 || timeoutMs > this.#options.settings().maxTimeoutMs) {
      return Deferred.completed(refusedProducer('INVALID_TRANSACTION_TIMEOUT'));
    }
    const shard = this.#shards.of(transactionalId);
    return shard?.initProducerId(command) ?? Deferred.completed(refusedProducer('NOT_COORDINATOR'));
  }

  /** The error, or null. */
  addPartitions(command: AddCommand): Deferred<ErrorName | null> {
    if (command.transactionalId === '') return Deferred.completed<ErrorName | null>('INVALID_REQUEST');
    const shard = this.#shards.of(command.transactionalId);
    return shard?.addPartitions(command) ?? Deferred.completed<ErrorName | null>('NOT_COORDINATOR');
  }

  /** Whether the partitions are in the producer's transaction: the error of each, or null. */
  verifyPartitions(
    transactionalId: string,
    identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Deferred<(ErrorName | null)[]> {
    const refused = (error: ErrorName) =>
      Deferred.completed<(ErrorName | null)[]>(partitions.map(() => error));
    if (transactionalId === '') return refused('INVALID_REQUEST');
    const shard = this.#shards.of(transactionalId);
    return shard?.verify(transactionalId, identity, partitions) ?? refused('NOT_COORDINATOR');
  }

  /** Like `verifyPartitions`, of the state as it runs, which may be ahead of the disk. */
  runningError(
    transactionalId: string,
    identity: ProducerIdentity,
    partition: TopicPartition,
  ): ErrorName | null {
    if (this.#shards.of(transactionalId) === null) return 'NOT_COORDINATOR';
    return verificationError(this.running(transactionalId), identity, partition);
  }

  /** As it runs, perhaps ahead of the disk. */
  running(transactionalId: string): Transaction | undefined {
    return this.#shards.of(transactionalId)?.running(transactionalId);
  }

  endTransaction(command: EndCommand): Deferred<ProducerAnswer> {
    if (command.transactionalId === '') return Deferred.completed(refusedProducer('INVALID_REQUEST'));
    const shard = this.#shards.of(command.transactionalId);
    return shard?.endTransaction(command) ?? Deferred.completed(refusedProducer('NOT_COORDINATOR'));
  }

  describe(transactionalIds: readonly string[]): Deferred<DescribedTransaction[]> {
    return allOf(
      transactionalIds.map(transactionalId => {
        const failed = (errorCode: number) => notDescribed(transactionalId, errorCode);
        if (transactionalId === '') return Deferred.completed(failed(ErrorCode.INVALID_REQUEST));
        const shard = this.#shards.of(transactionalId);
        if (shard === null) return Deferred.completed(failed(ErrorCode.NOT_COORDINATOR));
        return shard.read(state => describeTransaction(transactionalId, state.get(transactionalId)), failed);
      }),
    );
  }

  /** A shard that is out of service fails the whole, so that nobody takes a part for all. */
  list(filter: TransactionFilter): Deferred<ListedTransactions> {
    const nowMs = this.#options.clock.nowMs();
    const parts = this.#shards.all().map(shard =>
      shard.read<ListedTransactions>(
        state => ({ errorCode: 0, transactions: listTransactions(state.all(), filter, nowMs) }),
        errorCode => ({ errorCode, transactions: [] }),
      ),
    );
    return allOf(parts).map(results => {
      const failed = results.find(({ errorCode }) => errorCode !== 0);
      return failed ?? { errorCode: 0, transactions: results.flatMap(({ transactions }) => transactions) };
    });
  }

  #scheduleExpiry(): void {
    const { timers, settings } = this.#options;
    this.#expiryTimer = timers.schedule(settings().expirationCheckIntervalMs, () => {
      for (const shard of this.#shards.all()) shard.expire();
      this.#scheduleExpiry();
    });
  }
}
