// A transaction coordinator with time, logs and producers in a test's hand, and a language for it: one line is one command,
// and what it says is all that comes of it: answers that leave, records and markers that are written. Time stands still
// unless `advance` moves it.

import { ManualTime } from '../../../src/broker/runtime/clock.ts';
import { Deferred } from '../../../src/broker/runtime/deferred.ts';
import { replayLog } from '../../../src/broker/runtime/log-replay.ts';
import type { Transaction } from '../../../src/broker/transactions/transaction.ts';
import { TransactionCoordinator } from '../../../src/broker/transactions/transaction-coordinator.ts';
import { transactionCodec } from '../../../src/broker/transactions/transaction-record.ts';
import {
  defaultTransactionSettings,
  type TransactionSettings,
} from '../../../src/broker/transactions/transaction-settings.ts';
import { TransactionShardState } from '../../../src/broker/transactions/transaction-shard-state.ts';
import { errorOf, KafkaError } from '../../../src/protocol/errors.ts';
import { buildBatch } from '../../../src/protocol/records/build-batch.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { markersIn, writtenSince } from './written-records.ts';

export const START_MS = 1_700_000_000_000;

/** What a client knows of itself. */
export interface Producer {
  readonly name: string;
  producerId: bigint;
  producerEpoch: number;
}

export class TransactionWorld {
  readonly time = new ManualTime(START_MS);
  readonly log = new MemoryLog('__transaction_state', 0);
  readonly partitions = new Map<string, MemoryLog>();
  readonly producers = new Map<string, Producer>();
  settings: TransactionSettings = defaultTransactionSettings;
  serverVersion = 2;
  coordinator: TransactionCoordinator;
  #said: string[] = [];
  #nextProducerId = 1000n;
  #printedOffset = 0;
  #producerIdsAreHeld: (() => void)[] | null = null;

  constructor() {
    for (const name of ['orders-0', 'orders-1'])
      this.partitions.set(name, new MemoryLog('orders', Number(name.at(-1))));
    this.coordinator = this.#newCoordinator();
  }

  say(line: string): void {
    this.#said.push(line);
  }

  /** What was said since the last call, then the records and markers written since. */
  takeOutput(): string[] {
    const said = [...this.#said, ...writtenSince(this.log, this.#printedOffset, START_MS)];
    for (const [name, log] of this.partitions) said.push(...markersIn(name, log));
    this.#said = [];
    this.#printedOffset = this.log.logEndOffset;
    return said;
  }

  producer(name: string): Producer {
    let producer = this.producers.get(name);
    if (producer === undefined) {
      producer = { name, producerId: -1n, producerEpoch: -1 };
      this.producers.set(name, producer);
    }
    return producer;
  }

  /** The process ends without a word and starts again on the same logs. */
  restart(): void {
    this.coordinator.close();
    this.#said = [];
    this.coordinator = this.#newCoordinator();
    this.coordinator.start();
  }

  /** What the log alone says. */
  replayed(): TransactionShardState {
    const state = new TransactionShardState();
    const codec = transactionCodec({ name: 'log', valueVersion: () => 1, report: line => this.say(line) });
    replayLog({ log: this.log.asPartitionLog(), codec, state, fromOffset: 0, isolation: 'log_end' });
    return state;
  }

  /** A record from another day, read at a restart. */
  given(transactionalId: string, identity: Pick<Producer, 'producerId' | 'producerEpoch'>): void {
    const transaction: Transaction = {
      ...identity,
      transactionalId,
      previousProducerId: identity.producerId,
      nextProducerId: -1n,
      lastProducerEpoch: -1,
      timeoutMs: 60_000,
      state: 'Empty',
      partitions: new Map(),
      startMs: -1,
      lastUpdateMs: START_MS,
      clientVersion: 2,
    };
    const codec = transactionCodec({ name: 'log', valueVersion: () => 1, report: line => this.say(line) });
    const record = codec.encode({ transactionalId, transaction });
    this.log.append(buildBatch({ records: [{ ...record, timestamp: START_MS }] }));
    this.restart();
  }

  holdProducerIds(): void {
    this.#producerIdsAreHeld = [];
  }

  releaseProducerIds(): void {
    const held = this.#producerIdsAreHeld ?? [];
    this.#producerIdsAreHeld = null;
    for (const give of held) give();
  }

  #newCoordinator(): TransactionCoordinator {
    return new TransactionCoordinator({
      partitionCount: () => 1,
      log: () => this.log.asPartitionLog(),
      leaderEpoch: () => 4,
      batchBytesMax: () => 1_048_588,
      settings: () => this.settings,
      serverVersion: () => this.serverVersion,
      newProducerId: given => {
        const give = () => given(this.#nextProducerId++);
        if (this.#producerIdsAreHeld === null) give();
        else this.#producerIdsAreHeld.push(give);
      },
      targets: {
        place: ({ topic, partition }) => {
          const log = this.partitions.get(`${topic}-${partition}`);
          return log === undefined
            ? 'UNKNOWN_TOPIC_OR_PARTITION'
            : { log: log.asPartitionLog(), leaderEpoch: 0 };
        },
        completeOffsets: () => Deferred.completed(null),
        whenMetadataDurable: () => Deferred.completed(true),
        nowMs: () => this.time.nowMs(),
      },
      clock: this.time,
      timers: this.time,
      report: message => this.say(`report: ${message}`),
    });
  }
}

export function nameOf(error: number | string | null): string {
  if (error === null || error === 0) return 'ok';
  return typeof error === 'string' ? new KafkaError(error as never).errorName : errorOf(error).name;
}
