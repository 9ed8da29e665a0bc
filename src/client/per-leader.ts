// Asks about many partitions at once: they are grouped by leader, one request goes to each leader, and those partitions
// whose leader turned out to be another one by now are asked again. Every partition gets an answer of its own: what one
// partition suffers must not hide what the others said.

import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorCode, type ErrorName, errorOf, KafkaError } from '../protocol/errors.ts';
import type { KafkaClient } from './kafka-client.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export type Outcome<T> = { readonly value: T; readonly error?: never } | { readonly error: Error };

export interface LeaderRequest<P> {
  readonly nodeId: number;
  readonly partitions: readonly P[];
  readonly topicIds: ReadonlyMap<string, string>;
}

export interface PerLeaderOptions<P extends TopicPartition, T> {
  readonly client: KafkaClient;
  readonly partitions: readonly P[];
  /** Answers in the order of the request's partitions. */
  readonly send: (request: LeaderRequest<P>) => Promise<readonly Outcome<T>[]>;
  readonly signal?: AbortSignal | undefined;
}

/** Waits between the tries; a new leader is known within a second. */
const RETRY_DELAYS_MS = [20, 100, 300, 600];

export async function perLeader<P extends TopicPartition, T>(
  options: PerLeaderOptions<P, T>,
): Promise<Outcome<T>[]> {
  const { client, partitions, signal } = options;
  const outcomes = new Array<Outcome<T>>(partitions.length);
  let waiting = partitions.map((_, index) => index);
  for (let attempt = 0; waiting.length > 0; attempt += 1) {
    await tryOnce({ ...options, waiting, outcomes, fresh: attempt > 0 });
    if (attempt === RETRY_DELAYS_MS.length) break;
    waiting = waiting.filter(index => hasMoved(outcomes[index]?.error));
    if (waiting.length === 0) break;
    await sleep(RETRY_DELAYS_MS[attempt], undefined, signal === undefined ? {} : { signal });
  }
  for (const index of waiting)
    if (hasMoved(outcomes[index]?.error)) client.forgetTopic(partitions[index]!.topic);
  return outcomes;
}

/** The value, or the error thrown. */
export function valueOrThrow<T>(outcome: Outcome<T>): T {
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.value;
}

/** A partition's error code as an outcome, with the partition named. */
export function partitionError(
  { topic, partition }: TopicPartition,
  code: number,
  message?: string | null,
): { error: KafkaError } {
  const { name, text } = errorOf(code);
  return { error: new KafkaError(name, message ?? `Partition ${partition} of topic "${topic}": ${text}`) };
}

interface Try<P extends TopicPartition, T> extends PerLeaderOptions<P, T> {
  readonly waiting: readonly number[];
  readonly outcomes: Outcome<T>[];
  readonly fresh: boolean;
}

async function tryOnce<P extends TopicPartition, T>(options: Try<P, T>): Promise<void> {
  const { partitions, waiting, outcomes, send } = options;
  const { leaders, topicIds } = await leadersOf(options);
  await Promise.all(
    [...leaders].map(async ([nodeId, indexes]) => {
      try {
        const answers = await send({
          nodeId,
          partitions: indexes.map(index => partitions[index]!),
          topicIds,
        });
        indexes.forEach((index, position) => {
          outcomes[index] = answers[position] ?? partitionError(partitions[index]!, -1);
        });
      } catch (error) {
        if (options.signal?.aborted) throw error;
        for (const index of indexes) outcomes[index] = { error: error as Error };
      }
    }),
  );
  for (const index of waiting) outcomes[index] ??= partitionError(partitions[index]!, -1);
}

/** Which leader to ask about which partitions; those without a leader get their outcome here. */
async function leadersOf<P extends TopicPartition, T>({
  client,
  partitions,
  waiting,
  outcomes,
  fresh,
  signal,
}: Try<P, T>) {
  const leaders = new Map<number, number[]>();
  const topicIds = new Map<string, string>();
  for (const [topic, indexes] of Map.groupBy(waiting, index => partitions[index]!.topic)) {
    try {
      const info = await client.topic(topic, { fresh, signal });
      topicIds.set(topic, info.topicId);
      const leaderOf = new Map(info.partitions.map(({ partition, leader }) => [partition, leader]));
      for (const index of indexes) {
        const { partition } = partitions[index]!;
        const leader = leaderOf.get(partition);
        if (leader === undefined) outcomes[index] = { error: noPartition(topic, partition) };
        else if (leader < 0)
          outcomes[index] = partitionError(partitions[index]!, ErrorCode.LEADER_NOT_AVAILABLE);
        else addTo(leaders, leader, index);
      }
    } catch (error) {
      for (const index of indexes) outcomes[index] = { error: error as Error };
    }
  }
  return { leaders, topicIds };
}

function addTo(leaders: Map<number, number[]>, leader: number, index: number): void {
  const indexes = leaders.get(leader);
  if (indexes === undefined) leaders.set(leader, [index]);
  else indexes.push(index);
}

function noPartition(topic: string, partition: number): KafkaError {
  return new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic "${topic}" has no partition ${partition}.`);
}

/**
 * Errors after which the same question to the right node will be answered, and by which nothing has happened yet. Not
 * KAFKA_STORAGE_ERROR: records may have been appended before the disk failed.
 */
const MOVED: readonly ErrorName[] = [
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'REPLICA_NOT_AVAILABLE',
];

function hasMoved(error: Error | undefined): boolean {
  return error instanceof KafkaError && MOVED.includes(error.errorName);
}
