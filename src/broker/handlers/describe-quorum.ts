// DescribeQuorum: who votes on the metadata log and how far each has got: this node, which leads it alone (KIP-595,
// KIP-836, KIP-853). Rules: KafkaRaftClient.handleDescribeQuorumRequest.

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { DescribeQuorum } from '../../protocol/messages/apis/describe-quorum.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import type { BrokerNode } from '../node.ts';
import { handler } from './handler.ts';

type Request = RequestOf<typeof DescribeQuorum>;
type Response = ResponseDraft<typeof DescribeQuorum>;

const METADATA_TOPIC = '__cluster_metadata';
const METADATA_PARTITION = 0;

export const describeQuorum = handler(
  DescribeQuorum,
  {
    versions: '0-2',
    acl: { operation: 'DESCRIBE', on: 'CLUSTER' },
    failed: (_request, errorCode, message) => ({ errorCode, errorMessage: message, topics: [], nodes: [] }),
  },
  (request, { node, apiVersion }) =>
    isAboutMetadata(request) ? describe(node, apiVersion) : refusePartitions(request),
);

/** Exactly the one partition there is. */
function isAboutMetadata({ topics }: Request): boolean {
  const [topic, ...others] = topics;
  return (
    others.length === 0 &&
    topic?.topicName === METADATA_TOPIC &&
    topic.partitions.length === 1 &&
    topic.partitions[0]?.partitionIndex === METADATA_PARTITION
  );
}

/** Before version 2 replicas have no directory. */
const DIRECTORIES_SINCE = 2;

function describe(node: BrokerNode, apiVersion: number): Response {
  const { leaderEpoch, logEndOffset, highWatermark, voters } = node.quorum();
  const { nodeId } = node.identity;
  const nowMs = BigInt(node.clock.nowMs());
  const self = voters.find(({ voterId }) => voterId === nodeId);
  const replica = {
    replicaId: nodeId,
    replicaDirectoryId: apiVersion < DIRECTORIES_SINCE ? ZERO_UUID : (self?.voterDirectoryId ?? ZERO_UUID),
    logEndOffset,
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  };
  const partition = {
    partitionIndex: METADATA_PARTITION,
    errorCode: ErrorCode.NONE,
    errorMessage: '',
    leaderId: nodeId,
    leaderEpoch,
    highWatermark,
    currentVoters: [replica],
    observers: [],
  };
  return {
    errorCode: ErrorCode.NONE,
    errorMessage: '',
    topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }],
    nodes:
      apiVersion < DIRECTORIES_SINCE
        ? []
        : voters.map(({ voterId, endpoints }) => ({
            nodeId: voterId,
            listeners: endpoints.map(({ name, host, port }) => ({ name, host, port })),
          })),
  };
}

function refusePartitions({ topics }: Request): Response {
  const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  return {
    errorCode: ErrorCode.NONE,
    errorMessage: '',
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode,
        errorMessage: errorOf(errorCode).text,
        leaderId: 0,
        leaderEpoch: 0,
        highWatermark: 0,
        currentVoters: [],
        observers: [],
      })),
    })),
    nodes: [],
  };
}
