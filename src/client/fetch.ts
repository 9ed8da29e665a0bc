// One Fetch for many partitions: raw record sets from the leaders, without a session (a session would have to be kept
// in step with one reader; one-shot reads have nothing to gain from it). Bytes are bounded here and again by the broker.

import { Fetch } from '../protocol/messages/apis/fetch.ts';
import type { RequestDraft } from '../protocol/schema/field.ts';
import type { KafkaClient } from './kafka-client.ts';
import { byTopic, type Isolation } from './list-offsets.ts';
import {
  type LeaderRequest,
  type Outcome,
  partitionError,
  perLeader,
  type TopicPartition,
} from './per-leader.ts';

/** As Apache Kafka's consumer: 1 MiB from a partition. A larger batch still comes whole, alone. */
const PARTITION_BYTES_MAX = 1024 * 1024;
/** From all partitions of one leader together. */
const RESPONSE_BYTES_MAX = 8 * 1024 * 1024;
/** How much longer than the broker may wait for records an answer may take. */
const ANSWER_GRACE_MS = 30_000;
const NO_SESSION = -1;

export interface FetchPosition extends TopicPartition {
  readonly offset: number;
}

export interface FetchedPartition {
  readonly records: Buffer;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** In order of firstOffset; only with read_committed. */
  readonly abortedTransactions: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
}

export interface FetchOptions {
  readonly client: KafkaClient;
  readonly isolation: Isolation;
  /** How long the broker may wait until there is something: 0 for an answer at once. */
  readonly maxWaitMs: number;
  readonly partitionBytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One outcome per position, in their order. */
export function fetchOnce(
  positions: readonly FetchPosition[],
  options: FetchOptions,
): Promise<Outcome<FetchedPartition>[]> {
  const { client, signal } = options;
  return perLeader<FetchPosition, FetchedPartition>({
    client,
    partitions: positions,
    signal,
    send: request => fetchFromLeader(request, options),
  });
}

/** From one leader, for readers that wait at each leader on its own. */
export async function fetchFromLeader(
  request: LeaderRequest<FetchPosition>,
  options: FetchOptions,
): Promise<Outcome<FetchedPartition>[]> {
  const { nodeId, partitions, topicIds } = request;
  const answer = await options.client.request(Fetch, fetchBody(request, options), {
    node: { nodeId },
    signal: options.signal,
    timeoutMs: options.maxWaitMs + ANSWER_GRACE_MS,
  });
  if (answer.errorCode !== 0) return partitions.map(position => partitionError(position, answer.errorCode));
  return partitions.map(position => {
    const topicId = topicIds.get(position.topic);
    const found = answer.responses
      .find(topic => topic.topic === position.topic || (topic.topic === '' && topic.topicId === topicId))
      ?.partitions.find(partition => partition.partitionIndex === position.partition);
    if (found === undefined || found.errorCode !== 0) return partitionError(position, found?.errorCode ?? -1);
    const { highWatermark, lastStableOffset, logStartOffset } = found;
    const abortedTransactions = found.abortedTransactions ?? [];
    const records = found.records ?? Buffer.alloc(0);
    return { value: { records, highWatermark, lastStableOffset, logStartOffset, abortedTransactions } };
  });
}

function fetchBody(request: LeaderRequest<FetchPosition>, options: FetchOptions): RequestDraft<typeof Fetch> {
  return {
    maxWaitMs: options.maxWaitMs,
    minBytes: 1,
    maxBytes: RESPONSE_BYTES_MAX,
    isolationLevel: options.isolation === 'read_committed' ? 1 : 0,
    sessionEpoch: NO_SESSION,
    topics: byTopic(request.partitions).map(([topic, positions]) => ({
      topic,
      topicId: request.topicIds.get(topic)!,
      partitions: positions.map(({ partition, offset }) => ({
        partition,
        fetchOffset: offset,
        partitionMaxBytes: options.partitionBytesMax ?? PARTITION_BYTES_MAX,
      })),
    })),
    forgottenTopicsData: [],
  };
}
