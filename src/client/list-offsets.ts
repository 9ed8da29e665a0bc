// Where partitions begin and end, and where a time lies in them (ListOffsets). `latest` is the high watermark, or the
// last stable offset for read_committed.

import { ListOffsets } from '../protocol/messages/apis/list-offsets.ts';
import type { KafkaClient } from './kafka-client.ts';
import { type Outcome, partitionError, perLeader, type TopicPartition, valueOrThrow } from './per-leader.ts';

export const LATEST = -1n;
export const EARLIEST = -2n;
/** The record with the largest timestamp (KIP-734). */
export const MAX_TIMESTAMP = -3n;

export type Isolation = 'read_uncommitted' | 'read_committed';

export interface OffsetQuery extends TopicPartition {
  /** Milliseconds, or one of the names above. */
  readonly timestamp: bigint;
}

export interface OffsetAnswer {
  /** -1: no record is that late. */
  readonly offset: number;
  readonly timestamp: bigint;
}

export interface ListOffsetsOptions {
  readonly client: KafkaClient;
  readonly isolation?: Isolation | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One answer per query, in their order. A partition must not appear twice. */
export function listOffsets(
  queries: readonly OffsetQuery[],
  options: ListOffsetsOptions,
): Promise<Outcome<OffsetAnswer>[]> {
  const { client, signal } = options;
  return perLeader<OffsetQuery, OffsetAnswer>({
    client,
    partitions: queries,
    signal,
    send: async ({ nodeId, partitions }) => {
      const body = {
        replicaId: -1,
        isolationLevel: options.isolation === 'read_committed' ? 1 : 0,
        topics: byTopic(partitions).map(([name, inTopic]) => ({
          name,
          partitions: inTopic.map(({ partition, timestamp }) => ({ partitionIndex: partition, timestamp })),
        })),
      };
      const answer = await client.request(ListOffsets, body, { node: { nodeId }, signal });
      return partitions.map(query => {
        const found = answer.topics
          .find(topic => topic.name === query.topic)
          ?.partitions.find(partition => partition.partitionIndex === query.partition);
        if (found === undefined || found.errorCode !== 0)
          return partitionError(query, found?.errorCode ?? -1);
        return { value: { offset: found.offset, timestamp: found.timestamp } };
      });
    },
  });
}

export interface PartitionRange extends TopicPartition {
  readonly earliest: number;
  /** Exclusive. */
  readonly latest: number;
}

/** First and end offset of partitions; throws the first error. */
export async function offsetRanges(
  partitions: readonly TopicPartition[],
  options: ListOffsetsOptions,
): Promise<PartitionRange[]> {
  const at = (timestamp: bigint) =>
    partitions.map(({ topic, partition }) => ({ topic, partition, timestamp }));
  const [earliest, latest] = await Promise.all([
    listOffsets(at(EARLIEST), options),
    listOffsets(at(LATEST), options),
  ]);
  return partitions.map(({ topic, partition }, index) => ({
    topic,
    partition,
    earliest: valueOrThrow(earliest[index]!).offset,
    latest: valueOrThrow(latest[index]!).offset,
  }));
}

export function byTopic<P extends TopicPartition>(partitions: readonly P[]): [string, P[]][] {
  const topics = new Map<string, P[]>();
  for (const partition of partitions) {
    const inTopic = topics.get(partition.topic);
    if (inTopic === undefined) topics.set(partition.topic, [partition]);
    else inTopic.push(partition);
  }
  return [...topics];
}
