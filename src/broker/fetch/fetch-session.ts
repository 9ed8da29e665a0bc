// One incremental fetch session (KIP-227): the partitions a client is interested in, kept here so that its requests name
// only what changed, and what it was last told, so that answers name only what changed. Order matters: a partition that
// gave data moves to the end, so that none starves behind the response limit (Apache Kafka's FetchSession).

import type { FetchPartition, PartitionAnswer } from './fetch-partition.ts';

/** The epoch of a request that opens a session, and of one that wants none. */
export const INITIAL_EPOCH = 0;
export const FINAL_EPOCH = -1;
const EPOCH_MAX = 2 ** 31 - 1;

export function nextEpoch(epoch: number): number {
  if (epoch < 0) return FINAL_EPOCH;
  return epoch === EPOCH_MAX ? 1 : epoch + 1;
}

/** One partition of a request, whichever way its topic is named. */
export function partitionKey(
  partition: { topic: string; topicId: string; partition: number },
  usesTopicIds: boolean,
): string {
  return `${usesTopicIds ? partition.topicId : partition.topic}:${partition.partition}`;
}

interface Entry {
  request: FetchPartition;
  toldHighWatermark: number;
  toldLogStartOffset: number;
}

export interface ForgottenPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

export class FetchSession {
  readonly id: number;
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  lastUsedMs: number;
  /** What the next request must say. */
  epoch = nextEpoch(INITIAL_EPOCH);
  readonly #entries = new Map<string, Entry>();

  constructor(options: {
    readonly id: number;
    readonly usesTopicIds: boolean;
    readonly nowMs: number;
    readonly answers: readonly PartitionAnswer[];
  }) {
    this.id = options.id;
    this.usesTopicIds = options.usesTopicIds;
    this.createdMs = options.nowMs;
    this.lastUsedMs = options.nowMs;
    for (const answer of options.answers) {
      this.#entries.set(partitionKey(answer.partition, this.usesTopicIds), {
        request: answer.partition,
        toldHighWatermark: answer.highWatermark,
        toldLogStartOffset: answer.logStartOffset,
      });
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  partitions(): FetchPartition[] {
    return Array.from(this.#entries.values(), entry => entry.request);
  }

  update(changed: readonly FetchPartition[], forgotten: readonly ForgottenPartition[]): void {
    for (const request of changed) {
      const key = partitionKey(request, this.usesTopicIds);
      const entry = this.#entries.get(key);
      if (entry !== undefined) entry.request = request;
      else this.#entries.set(key, { request, toldHighWatermark: -1, toldLogStartOffset: -1 });
    }
    for (const partition of forgotten) this.#entries.delete(partitionKey(partition, this.usesTopicIds));
  }

  /** The answers worth sending; they count as told. */
  news(answers: readonly PartitionAnswer[]): PartitionAnswer[] {
    return answers.filter(answer => {
      const key = partitionKey(answer.partition, this.usesTopicIds);
      const entry = this.#entries.get(key);
      if (entry === undefined || !isNews(entry, answer)) return false;
      // After an error the partition is told again once it is well.
      entry.toldHighWatermark = answer.errorCode === 0 ? answer.highWatermark : -1;
      entry.toldLogStartOffset = answer.logStartOffset;
      if (answer.sizeInBytes > 0) {
        this.#entries.delete(key);
        this.#entries.set(key, entry);
      }
      return true;
    });
  }
}

function isNews(entry: Entry, answer: PartitionAnswer): boolean {
  return (
    answer.sizeInBytes > 0 ||
    answer.errorCode !== 0 ||
    answer.divergingEpoch !== null ||
    answer.highWatermark !== entry.toldHighWatermark ||
    answer.logStartOffset !== entry.toldLogStartOffset
  );
}
