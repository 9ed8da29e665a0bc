// One event-sourced shard: a state, and the log that alone explains it (Apache Kafka's CoordinatorRuntime is the model).
// A write decides (reads the state, changes nothing), the records of the decision are replayed at once and appended as one
// batch, and the answer leaves when the log says durable. A read decides, too, and its answer leaves only when everything
// it may have seen is durable: nobody is told what a crash takes back. Only `replay` may change the state.
//
// When an append fails, the state has run ahead of the log: the shard answers `unavailable`, throws its state away and
// loads it again from the log. No `await` anywhere: run-to-completion is the lock.

import { assert } from '../../protocol/assert.ts';
import { type ErrorName, KafkaError } from '../../protocol/errors.ts';
import * as batchHeader from '../../protocol/records/batch-header.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import {
  buildControlBatch,
  buildTransactionMarker,
  type ControlRecordInput,
  ControlType,
  type ControlTypeName,
} from '../../protocol/records/control-records.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock } from './clock.ts';
import { Deferred } from './deferred.ts';
import { replayLog } from './log-replay.ts';
import type { ControlRecord, RecordCodec, RecordPosition } from './record-codec.ts';

/** What a decide function returns. No records: nothing changes, the response still waits for what it has seen. */
export interface Decision<Record, Response> {
  readonly records: readonly Record[];
  readonly response: Response;
}

export interface ShardState<Record> {
  /** Must not fail for a record that a decide function of the same program made. */
  replay(record: Record, position: RecordPosition): void;
  /** Control records met while loading; a state that has no use for them leaves this away. */
  replayControl?(record: ControlRecord, position: RecordPosition): void;
}

export interface ShardOptions<Record, State extends ShardState<Record>> {
  /** For messages to a person: "__consumer_offsets-7". */
  readonly name: string;
  readonly log: PartitionLog;
  readonly codec: RecordCodec<Record>;
  /** An empty state; called again for every load. */
  readonly createState: () => State;
  /** Fills a new state from a snapshot and says at which offset the log goes on. Default: nothing, from the log's start. */
  readonly restoreSnapshot?: (state: State) => number;
  /** Called with the state after each load, before anything else sees it: rebuild timers here. */
  readonly onLoaded?: (state: State) => void;
  readonly leaderEpoch: () => number;
  /** A decision whose batch would be larger fails with MESSAGE_TOO_LARGE and changes nothing. */
  readonly batchBytesMax: () => number;
  /** The error of a shard that cannot write. Default COORDINATOR_NOT_AVAILABLE. */
  readonly unavailable?: ErrorName;
  readonly clock: Clock;
  /** Told once per failure. */
  readonly report: (message: string) => void;
}

/** Whose transaction records belong to. */
export interface ShardProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface TransactionMarkerInput extends ShardProducer {
  readonly isCommit: boolean;
  readonly coordinatorEpoch: number;
  /** Of the producer's client: with 2 its epoch must have grown (KIP-890). */
  readonly transactionVersion: number;
}

interface BatchOptions {
  readonly timestampMs: number;
  readonly producer?: ShardProducer;
  readonly transactionVersion?: number;
}

export class Shard<Record, State extends ShardState<Record>> {
  readonly #options: ShardOptions<Record, State>;
  #state: State | null = null;
  /** Grows with each load, so that the answers of one failed write cause one reload. */
  #generation = 0;
  #endOffset = 0;

  constructor(options: ShardOptions<Record, State>) {
    this.#options = options;
  }

  get log(): PartitionLog {
    return this.#options.log;
  }

  get isLoaded(): boolean {
    return this.#state !== null;
  }

  /** The state as it runs, perhaps ahead of the disk: for timers and internal questions, never for an answer to a client. */
  get state(): State {
    assert(this.#state !== null, `${this.#options.name} is loaded before it is used`);
    return this.#state;
  }

  /** Builds the state from snapshot and log. Throws when a record cannot be understood: the shard then stays unloaded. */
  load(): void {
    const { log, codec, createState, restoreSnapshot, onLoaded } = this.#options;
    this.#state = null;
    this.#generation += 1;
    const state = createState();
    const fromOffset = restoreSnapshot?.(state) ?? log.logStartOffset;
    // A log that went offline holds bytes that were never made durable, and never will be.
    const isolation = log.offlineReason === null ? 'log_end' : 'read_uncommitted';
    this.#endOffset = replayLog({ log, codec, state, fromOffset, isolation });
    this.#state = state;
    onLoaded?.(state);
  }

  /** Forgets the state: the node is no longer responsible (the topic was deleted, or the broker stops). */
  unload(): void {
    this.#state = null;
    this.#generation += 1;
  }

  /**
   * Decides and persists. `failed` turns the error of the whole operation into an answer: one that `decide` threw as a
   * KafkaError, MESSAGE_TOO_LARGE, or the shard being unavailable. Other exceptions of `decide` are bugs and pass through.
   */
  write<Response>(
    decide: (state: State) => Decision<Record, Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#write(null, decide, failed);
  }

  /**
   * Like `write`, for records that count only once the marker of their transaction says so. The log may refuse the
   * producer (INVALID_PRODUCER_EPOCH); then nothing has changed.
   */
  writeTransactional<Response>(
    producer: ShardProducer,
    decide: (state: State) => Decision<Record, Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#write(producer, decide, failed);
  }

  #write<Response>(
    producer: ShardProducer | null,
    decide: (state: State) => Decision<Record, Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    if (this.#state === null) return Deferred.completed(failed(this.#unavailable()));
    let decision: Decision<Record, Response>;
    try {
      decision = decide(this.#state);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return this.#whenDurable(failed(error), failed);
    }
    if (decision.records.length === 0) return this.#whenDurable(decision.response, failed);
    const error = this.#commit(decision.records, producer);
    return error === null ? this.#whenDurable(decision.response, failed) : Deferred.completed(failed(error));
  }

  /** Answers from the state without changing it. */
  read<Response>(
    decide: (state: State) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.write(state => ({ records: [], response: decide(state) }), failed);
  }

  /** Control records (KRaft's, of the metadata log): replayed and appended in a batch of their own. */
  writeControl(records: readonly ControlRecordInput[]): Deferred<KafkaError | null> {
    const timestamp = this.#options.clock.nowMs();
    const batch = buildControlBatch({ records, timestamp, leaderEpoch: this.#options.leaderEpoch() });
    return this.#appendControl(batch, records, { timestampMs: timestamp });
  }

  /** The end of a transaction in this log: what its records said counts from now on, or never. */
  writeMarker(marker: TransactionMarkerInput): Deferred<KafkaError | null> {
    const { clock, leaderEpoch } = this.#options;
    const timestamp = clock.nowMs();
    const { isCommit, transactionVersion, ...fields } = marker;
    const type = isCommit ? 'COMMIT' : 'ABORT';
    const batch = buildTransactionMarker({ ...fields, type, timestamp, leaderEpoch: leaderEpoch() });
    const producer = { producerId: marker.producerId, producerEpoch: marker.producerEpoch };
    const records = [{ type, value: null }] as const;
    return this.#appendControl(batch, records, { timestampMs: timestamp, producer, transactionVersion });
  }

  #appendControl(
    batch: Buffer,
    records: readonly { readonly type: ControlTypeName; readonly value: Buffer | null }[],
    options: BatchOptions,
  ): Deferred<KafkaError | null> {
    if (this.#state === null) return Deferred.completed<KafkaError | null>(this.#unavailable());
    const error = this.#append(batch, options, (state, index, position) => {
      const { type, value } = records[index]!;
      state.replayControl?.({ type: ControlType[type], value }, position);
    });
    return error === null
      ? this.#whenDurable<KafkaError | null>(null, failed => failed)
      : Deferred.completed<KafkaError | null>(error);
  }

  #commit(records: readonly Record[], producer: ShardProducer | null): KafkaError | null {
    const { codec, clock, leaderEpoch } = this.#options;
    const timestamp = clock.nowMs();
    const batch = buildBatch({
      records: records.map(record => ({ ...codec.encode(record), timestamp })),
      leaderEpoch: leaderEpoch(),
      ...(producer === null ? {} : { ...producer, baseSequence: 0, transactional: true }),
    });
    const options = producer === null ? { timestampMs: timestamp } : { timestampMs: timestamp, producer };
    return this.#append(batch, options, (state, index, position) => state.replay(records[index]!, position));
  }

  #append(
    batch: Buffer,
    { timestampMs, producer, transactionVersion }: BatchOptions,
    replay: (state: State, index: number, position: RecordPosition) => void,
  ): KafkaError | null {
    const { log, leaderEpoch, batchBytesMax, name } = this.#options;
    if (log.offlineReason !== null) return this.#unavailable();
    const sizeMax = batchBytesMax();
    if (batch.length > sizeMax) {
      return new KafkaError(
        'MESSAGE_TOO_LARGE',
        `The operation would write ${batch.length} bytes to ${name} at once, more than the ${sizeMax} allowed. Nothing was changed; split it.`,
      );
    }
    const appendOptions = {
      leaderEpoch: leaderEpoch(),
      origin: 'coordinator',
      ...(transactionVersion === undefined ? {} : { transactionVersion }),
    } as const;
    const refusal = producer === undefined ? null : log.refusalOf(batch, appendOptions);
    if (refusal !== null) return new KafkaError(refusal.error, refusal.message);
    const ofProducer = producer === undefined ? NO_PRODUCER : { ...producer, isTransactional: true };
    const baseOffset = log.logEndOffset;
    const recordCount = batchHeader.recordCount(batch, 0);
    for (let index = 0; index < recordCount; index++) {
      replay(this.#state as State, index, { offset: baseOffset + index, timestampMs, ...ofProducer });
    }
    const outcome = log.append(batch, appendOptions);
    if (outcome.kind !== 'appended') {
      this.#fail(outcome.kind === 'refused' ? outcome.message : 'the log took the batch for a duplicate');
      return this.#unavailable();
    }
    assert(outcome.baseOffset === baseOffset, `${name} has one writer`);
    this.#endOffset = outcome.endOffset;
    return null;
  }

  #whenDurable<Response>(response: Response, failed: (error: KafkaError) => Response): Deferred<Response> {
    const { log } = this.#options;
    if (log.highWatermark >= this.#endOffset) return Deferred.completed(response);
    const answer = new Deferred<Response>();
    const generation = this.#generation;
    log.whenDurable(this.#endOffset, error => {
      if (error === null) return answer.complete(response);
      if (generation === this.#generation) this.#fail(error.message);
      answer.complete(failed(this.#unavailable()));
    });
    return answer;
  }

  #fail(cause: string): void {
    const { name, report } = this.#options;
    report(
      `${name} could not be written (${cause}). What was not acknowledged is dropped; the state is loaded again from the log.`,
    );
    try {
      this.load();
    } catch (error) {
      report(
        `${name} could not be loaded again and is out of service until the broker restarts: ${(error as Error).message}`,
      );
    }
  }

  #unavailable(): KafkaError {
    const { unavailable, name, log } = this.#options;
    const why = log.offlineReason === null ? '' : ` ${log.offlineReason}`;
    return new KafkaError(unavailable ?? 'COORDINATOR_NOT_AVAILABLE', `${name} is not available.${why}`);
  }
}

const NO_PRODUCER = { producerId: -1n, producerEpoch: -1, isTransactional: false } as const;
