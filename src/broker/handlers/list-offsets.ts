// ListOffsets: offsets by time. Negative timestamps are questions of their own, each since a version of its own. Rules:
// ReplicaManager.fetchOffset, Partition.fetchOffsetForTimestamp, UnifiedLog.fetchOffsetByTimestamp; without tiered
// storage the answers for tiers are "none" (-1).

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { ListOffsets } from '../../protocol/messages/apis/list-offsets.ts';
import { partitionLeaderEpoch } from '../../protocol/records/batch-header.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import type { TimestampedOffset } from '../../storage/log/outcomes.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { checkLeaderEpoch } from '../fetch/fetch-read.ts';
import type { BrokerNode } from '../node.ts';
import { isAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { IsolationLevel, isIsolationLevel } from './isolation-level.ts';
import { findPartition, findTopic, type LocalPartition } from './partition-lookup.ts';

const Timestamp = {
  LATEST: -1n,
  EARLIEST: -2n,
  MAX: -3n,
  EARLIEST_LOCAL: -4n,
  LATEST_TIERED: -5n,
  EARLIEST_PENDING_UPLOAD: -6n,
} as const;

/** The first version that may ask each question. */
const sinceVersion: ReadonlyMap<bigint, number> = new Map([
  [Timestamp.LATEST, 1],
  [Timestamp.EARLIEST, 1],
  [Timestamp.MAX, 7],
  [Timestamp.EARLIEST_LOCAL, 8],
  [Timestamp.LATEST_TIERED, 9],
  [Timestamp.EARLIEST_PENDING_UPLOAD, 11],
]);

const CONSUMER_REPLICA_ID = -1;
const NO_EPOCH = -1;
/** Enough for the header of one batch. */
const HEADER_READ_BYTES = 64;

type Request = RequestOf<typeof ListOffsets>;
type PartitionRequest = Request['topics'][number]['partitions'][number];

interface Found {
  readonly errorCode: number;
  readonly timestamp: bigint;
  readonly offset: number;
  readonly leaderEpoch: number;
}

const NOTHING: Found = { errorCode: ErrorCode.NONE, timestamp: -1n, offset: -1, leaderEpoch: NO_EPOCH };

const FORBIDDEN: Found = { ...NOTHING, errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED };

export const listOffsets = handler(
  ListOffsets,
  {
    versions: '1-11',
    acl: { perResource: 'DESCRIBE on TOPIC' },
    failed: (request, errorCode) => ({
      throttleTimeMs: 0,
      topics: request.topics.map(topic => ({
        name: topic.name,
        partitions: topic.partitions.map(partition => answer(partition, { ...NOTHING, errorCode }, 0)),
      })),
    }),
  },
  (request, context) => {
    const { node, apiVersion } = context;
    if (!isIsolationLevel(request.isolationLevel)) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    // As in Apache Kafka every topic and partition is answered once, however often it is named.
    const topics = new Map<string, Map<number, ReturnType<typeof answer>>>();
    for (const { name, partitions } of request.topics) {
      const answers = topics.get(name) ?? new Map<number, ReturnType<typeof answer>>();
      topics.set(name, answers);
      const mayDescribe = isAuthorized(context, 'DESCRIBE', 'TOPIC', name);
      for (const partition of partitions) {
        const isDuplicate = answers.has(partition.partitionIndex);
        const found = () =>
          isDuplicate
            ? { ...NOTHING, errorCode: ErrorCode.INVALID_REQUEST }
            : find(node, { request, topic: name, partition, apiVersion });
        answers.set(
          partition.partitionIndex,
          answer(partition, mayDescribe ? found() : FORBIDDEN, apiVersion),
        );
      }
    }
    return {
      throttleTimeMs: 0,
      topics: Array.from(topics, ([name, answers]) => ({ name, partitions: [...answers.values()] })),
    };
  },
);

function answer(partition: PartitionRequest, found: Found, apiVersion: number) {
  const { errorCode, timestamp, offset } = found;
  const leaderEpoch = apiVersion >= 4 ? found.leaderEpoch : NO_EPOCH;
  return { partitionIndex: partition.partitionIndex, errorCode, timestamp, offset, leaderEpoch };
}

interface Question {
  readonly request: Request;
  readonly topic: string;
  readonly partition: PartitionRequest;
  readonly apiVersion: number;
}

function find(node: BrokerNode, { request, topic, partition, apiVersion }: Question): Found {
  const { timestamp } = partition;
  const since = sinceVersion.get(timestamp);
  if (timestamp < 0n && (since === undefined || apiVersion < since)) {
    return { ...NOTHING, errorCode: ErrorCode.UNSUPPORTED_VERSION };
  }
  const image = findTopic(node, { name: topic, topicId: '', usesTopicIds: false });
  const place = findPartition(node, image, partition.partitionIndex);
  if ('errorCode' in place) return { ...NOTHING, errorCode: place.errorCode };
  const epochError = checkLeaderEpoch(partition.currentLeaderEpoch, place.leaderEpoch);
  if (epochError !== ErrorCode.NONE) return { ...NOTHING, errorCode: epochError };
  return findOffset(place, { timestamp, endOffset: endOffsetFor(place.log, request) });
}

/** How far this reader may look. */
function endOffsetFor(log: PartitionLog, request: Request): number {
  if (request.replicaId !== CONSUMER_REPLICA_ID) return log.logEndOffset;
  return request.isolationLevel === IsolationLevel.READ_COMMITTED ? log.lastStableOffset : log.highWatermark;
}

function findOffset(place: LocalPartition, asked: { timestamp: bigint; endOffset: number }): Found {
  const { log, leaderEpoch } = place;
  switch (asked.timestamp) {
    case Timestamp.LATEST:
      return { ...NOTHING, offset: asked.endOffset, leaderEpoch };
    case Timestamp.EARLIEST:
    case Timestamp.EARLIEST_LOCAL:
      return { ...NOTHING, offset: log.logStartOffset, leaderEpoch: epochAtLogStart(place) };
    case Timestamp.LATEST_TIERED:
    case Timestamp.EARLIEST_PENDING_UPLOAD:
      return NOTHING;
    case Timestamp.MAX:
      return within(log.maxTimestampOffset(), asked.endOffset);
    default:
      return within(log.offsetForTimestamp(Number(asked.timestamp)), asked.endOffset);
  }
}

function within(found: TimestampedOffset | null, endOffset: number): Found {
  if (found === null || found.offset >= endOffset) return NOTHING;
  const { offset, timestamp, leaderEpoch } = found;
  return { errorCode: ErrorCode.NONE, timestamp: BigInt(timestamp), offset, leaderEpoch };
}

/** The epoch of the first record that is left; of an empty log that of its leader. */
function epochAtLogStart({ log, leaderEpoch }: LocalPartition): number {
  const offset = log.logStartOffset;
  if (offset === log.logEndOffset) return leaderEpoch;
  const slice = log.read({
    offset,
    maxBytes: HEADER_READ_BYTES,
    isolation: 'log_end',
    atLeastOneBatch: true,
  });
  if (slice.error !== null) return leaderEpoch;
  const first = slice.buffers[0];
  const epoch = first === undefined ? leaderEpoch : partitionLeaderEpoch(first, 0);
  slice.release();
  return epoch;
}
