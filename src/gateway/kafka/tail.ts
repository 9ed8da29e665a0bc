// Follows partitions as records arrive: a Fetch waits at each leader until there is something (no polling timer), over
// connections of its own, because a waiting Fetch holds up everything behind it. The caller pulls: while it does not,
// nothing is read, so a browser that lags costs no memory and misses nothing.

import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerUnreachableError } from '../../client/errors.ts';
import { type FetchedPartition, type FetchPosition, fetchFromLeader } from '../../client/fetch.ts';
import { recordsOf } from '../../client/fetch-reader.ts';
import type { KafkaClient } from '../../client/kafka-client.ts';
import { EARLIEST, type Isolation, LATEST, listOffsets } from '../../client/list-offsets.ts';
import { type Outcome, valueOrThrow } from '../../client/per-leader.ts';
import { errorOf, KafkaError } from '../../protocol/errors.ts';
import { type RecordJson, recordJson } from '../serde/record.ts';

export type TailEvent =
  | { readonly type: 'records'; readonly records: RecordJson[] }
  | { readonly type: 'idle' };

export interface TailOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly from: 'latest' | 'earliest';
  readonly isolation: Isolation;
  readonly previewBytes: number;
  /** How long a leader may have nothing to say before `idle`. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

const RECORDS_PER_EVENT_MAX = 200;
/** After a leader moved or was gone for a moment. */
const RETRY_DELAY_MS = 500;
/** Tries in a row that fail before the tail ends with the error. */
const FAILURES_MAX = 20;

interface Answer {
  readonly nodeId: number;
  readonly outcomes: readonly {
    readonly position: FetchPosition;
    readonly outcome: Outcome<FetchedPartition>;
  }[];
}

/** Finds where to begin, then gives the events from there on: what is written after this returned will be seen. */
export async function openTail(options: TailOptions): Promise<AsyncGenerator<TailEvent>> {
  const client = options.client.withOwnConnections();
  const tail = new Tail(client, options);
  try {
    await tail.begin();
  } catch (error) {
    client.close();
    throw error;
  }
  // The stream that takes the events may be destroyed before it asks for the first.
  options.signal.addEventListener('abort', () => client.close());
  return tail.events();
}

class Tail {
  readonly #client: KafkaClient;
  readonly #options: TailOptions;
  readonly #positions = new Map<number, number>();
  /** One waiting Fetch per leader. */
  readonly #waiting = new Map<number, Promise<Answer>>();
  #failures = 0;

  constructor(client: KafkaClient, options: TailOptions) {
    this.#client = client;
    this.#options = options;
  }

  async begin(): Promise<void> {
    await this.#seek(this.#options.partitions, this.#options.from === 'latest' ? LATEST : EARLIEST);
  }

  async *events(): AsyncGenerator<TailEvent> {
    while (!this.#options.signal.aborted) {
      await this.#askLeaders();
      const { nodeId, outcomes } = await Promise.race(this.#waiting.values());
      this.#waiting.delete(nodeId);
      let count = 0;
      for (const { position, outcome } of outcomes) {
        const records = await this.#take(position, outcome);
        count += records.length;
        for (let start = 0; start < records.length; start += RECORDS_PER_EVENT_MAX) {
          yield { type: 'records', records: records.slice(start, start + RECORDS_PER_EVENT_MAX) };
        }
      }
      if (count === 0) yield { type: 'idle' };
    }
  }

  async #seek(partitions: readonly number[], timestamp: bigint): Promise<void> {
    const { topic, isolation, signal } = this.#options;
    const queries = partitions.map(partition => ({ topic, partition, timestamp }));
    const found = await listOffsets(queries, { client: this.#client, isolation, signal });
    partitions.forEach((partition, index) => {
      this.#positions.set(partition, valueOrThrow(found[index]!).offset);
    });
  }

  async #askLeaders(): Promise<void> {
    const { topic, partitions, signal } = this.#options;
    const info = await this.#client.topic(topic, { fresh: this.#failures > 0, signal });
    const topicIds = new Map([[topic, info.topicId]]);
    const leaderOf = (partition: number) =>
      info.partitions.find(candidate => candidate.partition === partition)?.leader ?? -1;
    for (const [nodeId, own] of Map.groupBy(partitions, leaderOf)) {
      if (this.#waiting.has(nodeId)) continue;
      const positions = own.map(partition => ({ topic, partition, offset: this.#positions.get(partition)! }));
      this.#waiting.set(nodeId, this.#ask({ nodeId, partitions: positions, topicIds }));
    }
  }

  async #ask(request: {
    nodeId: number;
    partitions: FetchPosition[];
    topicIds: Map<string, string>;
  }): Promise<Answer> {
    const { isolation, signal, idleMs } = this.#options;
    const options = { client: this.#client, isolation, signal, maxWaitMs: idleMs };
    let outcomes: Outcome<FetchedPartition>[];
    try {
      outcomes = await fetchFromLeader(request, options);
    } catch (error) {
      outcomes = request.partitions.map(() => ({ error: error as Error }));
    }
    return {
      nodeId: request.nodeId,
      outcomes: request.partitions.map((position, index) => ({ position, outcome: outcomes[index]! })),
    };
  }

  async #take(position: FetchPosition, outcome: Outcome<FetchedPartition>): Promise<RecordJson[]> {
    const { isolation, previewBytes, signal } = this.#options;
    if (outcome.error !== undefined) {
      signal.throwIfAborted();
      await this.#recover(position, outcome.error);
      return [];
    }
    this.#failures = 0;
    const { records, nextOffset } = recordsOf(position, outcome.value, { isolation });
    this.#positions.set(position.partition, nextOffset);
    return records.map(record =>
      recordJson(record, { partition: position.partition, bytesMax: previewBytes }),
    );
  }

  /** Goes on where that makes sense: at the new leader, or at the first record left when ours were deleted. */
  async #recover({ partition }: FetchPosition, error: Error): Promise<void> {
    this.#failures += 1;
    const passing =
      error instanceof BrokerUnreachableError || (error instanceof KafkaError && isPassing(error));
    if (!passing || this.#failures > FAILURES_MAX) throw error;
    if (error instanceof KafkaError && error.errorName === 'OFFSET_OUT_OF_RANGE')
      await this.#seek([partition], EARLIEST);
    else await sleep(RETRY_DELAY_MS, undefined, { signal: this.#options.signal });
  }
}

function isPassing({ code, errorName }: KafkaError): boolean {
  return (
    errorName === 'OFFSET_OUT_OF_RANGE' ||
    (errorOf(code).invalidMetadata && errorName !== 'UNKNOWN_TOPIC_OR_PARTITION')
  );
}
