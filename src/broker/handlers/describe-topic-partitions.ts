// DescribeTopicPartitions (KIP-966): topics by name, page by page; a cursor says where the next page begins.
// Rules: DescribeTopicPartitionsRequestHandler, KRaftMetadataCache.describeTopicResponse.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { DescribeTopicPartitions } from '../../protocol/messages/apis/describe-topic-partitions.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { type MetadataImage, type TopicImage, ZERO_UUID } from '../metadata/image.ts';
import { isInternalTopic, problemOfTopicName } from '../metadata/topic-names.ts';
import { isAuthorized, isQuietlyAuthorized } from './authorize.ts';
import { authorizedOperations } from './authorized-operations.ts';
import { handler, type RequestContext } from './handler.ts';

type Request = RequestOf<typeof DescribeTopicPartitions>;
type Response = ResponseDraft<typeof DescribeTopicPartitions>;
type TopicAnswer = Response['topics'][number];

export const describeTopicPartitions = handler(
  DescribeTopicPartitions,
  { versions: '0-0', acl: { perResource: 'DESCRIBE on TOPIC' }, failed },
  (request, context) => {
    const { node } = context;
    const limit = Math.max(
      Math.min(node.settings.get('max.request.partition.size.limit'), request.responsePartitionLimit),
      1,
    );
    return node.metadata.read<Response>(
      image => page(image, request, limit, context),
      error => failed(request, error.code),
    );
  },
);

function page(image: MetadataImage, request: Request, limit: number, context: RequestContext): Response {
  const { cursor } = request;
  const isAll = request.topics.length === 0;
  const topics: TopicAnswer[] = [];
  let remaining = limit;
  const names = namesFrom(image, request);
  const isSeen = (name: string) =>
    isAll
      ? isQuietlyAuthorized(context, 'DESCRIBE', 'TOPIC', name)
      : isAuthorized(context, 'DESCRIBE', 'TOPIC', name);
  const seen = context.node.authorizer === undefined ? names : names.filter(isSeen);
  // Topics that one may not describe come last, and are none of all topics.
  const refused = isAll || seen.length === names.length ? [] : names.filter(name => !seen.includes(name));
  const answer = (nextCursor: Response['nextCursor']): Response => ({
    throttleTimeMs: 0,
    topics: [...topics.map(topic => withOperations(topic, context)), ...refused.map(forbiddenTopic)],
    nextCursor,
  });
  for (const name of seen) {
    if (remaining === 0) {
      return answer({ topicName: name, partitionIndex: 0 });
    }
    const topic = image.topicsByName.get(name);
    if (topic === undefined) {
      if (!isAll) topics.push(unknownTopic(name));
      continue;
    }
    const start = name === cursor?.topicName ? cursor.partitionIndex : 0;
    const end = Math.min(topic.partitions.length, start + remaining);
    topics.push(describedTopic(topic, start, end));
    if (end < topic.partitions.length) {
      return answer({ topicName: name, partitionIndex: end });
    }
    remaining -= Math.max(end - start, 0);
  }
  return answer(null);
}

function withOperations(topic: TopicAnswer, context: RequestContext): TopicAnswer {
  return { ...topic, topicAuthorizedOperations: authorizedOperations(context, 'TOPIC', topic.name ?? '') };
}

function forbiddenTopic(name: string): TopicAnswer {
  const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  return { errorCode, name, topicId: ZERO_UUID, isInternal: false, partitions: [] };
}

/** The topics asked for, by name, from the cursor's on. */
function namesFrom(image: MetadataImage, { topics, cursor }: Request): string[] {
  const asked = topics.length === 0 ? [...image.topicsByName.keys()] : topics.map(({ name }) => name);
  const names = [...new Set(asked)].filter(name => cursor === null || name >= cursor.topicName).sort();
  if (cursor === null) return names;
  if (topics.length > 0 && !names.includes(cursor.topicName)) {
    const message = `DescribeTopicPartitionsRequest topic list should contain the cursor topic: ${cursor.topicName}`;
    throw new KafkaError('INVALID_REQUEST', message);
  }
  if (cursor.partitionIndex < 0) {
    throw new KafkaError(
      'INVALID_REQUEST',
      `DescribeTopicPartitionsRequest cursor partition must be valid: Cursor(topicName='${cursor.topicName}', partitionIndex=${cursor.partitionIndex})`,
    );
  }
  return names;
}

function describedTopic({ name, id, partitions }: TopicImage, start: number, end: number): TopicAnswer {
  return {
    errorCode: ErrorCode.NONE,
    name,
    topicId: id,
    isInternal: isInternalTopic(name),
    partitions: partitions.slice(start, Math.max(end, start)).map(partition => ({
      errorCode: ErrorCode.NONE,
      partitionIndex: partition.partition,
      leaderId: partition.leader,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: partition.replicas,
      isrNodes: partition.isr,
      eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
      lastKnownElr: partition.lastKnownElr,
      offlineReplicas: [],
    })),
  };
}

function unknownTopic(name: string): TopicAnswer {
  const isLegal = problemOfTopicName(name) === null;
  return {
    errorCode: isLegal ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION,
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
  };
}

function failed(request: Request, errorCode: number): Response {
  return {
    throttleTimeMs: 0,
    topics: request.topics.map(({ name }) => ({
      errorCode,
      name,
      topicId: ZERO_UUID,
      isInternal: false,
      partitions: [],
    })),
  };
}
