// What the requests of share groups have in common: who may ask, and what is said of partitions that cannot be had.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { servesShareGroups } from '../share-fetch/serves-share-groups.ts';
import type { PartitionAcknowledgements } from '../share-fetch/share-acknowledgements.ts';
import type { SessionPartition } from '../share-fetch/share-session.ts';
import { isAuthorized, requireGroup } from './authorize.ts';
import type { RequestContext } from './handler.ts';

/** A uuid as people read it. */
const MEMBER_ID_LENGTH_MAX = 36;

/** Throws UNSUPPORTED_VERSION in a cluster that has no share groups. */
export function requireShareGroups({ node }: RequestContext): void {
  if (servesShareGroups(node.metadata.image)) return;
  node.sharePartitions.clear();
  throw new KafkaError('UNSUPPORTED_VERSION');
}

/** Throws what the whole request is answered with; gives who asks. */
export function requireMember(
  request: { readonly groupId: string | null; readonly memberId: string | null },
  context: RequestContext,
): { readonly groupId: string; readonly memberId: string } {
  requireShareGroups(context);
  const { groupId, memberId } = request;
  if (groupId === null) throw new KafkaError('INVALID_REQUEST');
  requireGroup(context, 'READ', groupId);
  if (memberId === null || memberId === '' || memberId.length > MEMBER_ID_LENGTH_MAX)
    throw new KafkaError('INVALID_REQUEST');
  return { groupId, memberId };
}

/** Why a partition is not to be had; 0 when it is. Each topic is asked about once. */
export function refusals(context: RequestContext): (partition: SessionPartition) => number {
  const rights = new Map<string, boolean>();
  return ({ topicId, partition }) => {
    const topic = context.node.metadata.image.topicsById.get(topicId);
    if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
    let isAllowed = rights.get(topic.name);
    if (isAllowed === undefined) {
      isAllowed = isAuthorized(context, 'READ', 'TOPIC', topic.name);
      rights.set(topic.name, isAllowed);
    }
    if (!isAllowed) return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    return topic.partitions[partition] === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
  };
}

interface AcknowledgedTopic {
  readonly topicId: string;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly acknowledgementBatches: PartitionAcknowledgements['batches'];
  }[];
}

export function acknowledgementsOf(topics: readonly AcknowledgedTopic[]): PartitionAcknowledgements[] {
  return topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex: partition, acknowledgementBatches: batches }) => ({
      topicId,
      partition,
      batches,
    })),
  );
}

const NO_LEADER = { leaderId: 0, leaderEpoch: 0 };

/** Where to go instead; said with the errors that mean another node or another time. */
export function leaderOf(
  { node }: RequestContext,
  { topicId, partition }: SessionPartition,
  errorCode: number,
): { readonly leaderId: number; readonly leaderEpoch: number } {
  if (!isAboutLeader(errorCode)) return NO_LEADER;
  const image = node.metadata.image.topicsById.get(topicId)?.partitions[partition];
  return { leaderId: node.identity.nodeId, leaderEpoch: image?.leaderEpoch ?? -1 };
}

export function leaderEndpoints({ node, connection }: RequestContext, errorCodes: readonly number[]) {
  if (!errorCodes.some(isAboutLeader)) return [];
  return [{ nodeId: node.identity.nodeId, ...node.advertisedEndpoint(connection), rack: null }];
}

function isAboutLeader(errorCode: number): boolean {
  return errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER || errorCode === ErrorCode.FENCED_LEADER_EPOCH;
}

/** Neighbours or not: all partitions of a topic share its entry, in the order of the topics' first ones. */
export function byTopic<Answer extends SessionPartition, Partition>(
  answers: readonly Answer[],
  partitionOf: (answer: Answer) => Partition,
): { topicId: string; partitions: Partition[] }[] {
  const topics = new Map<string, Partition[]>();
  for (const answer of answers) {
    const partitions = topics.get(answer.topicId);
    if (partitions === undefined) topics.set(answer.topicId, [partitionOf(answer)]);
    else partitions.push(partitionOf(answer));
  }
  return Array.from(topics, ([topicId, partitions]) => ({ topicId, partitions }));
}
