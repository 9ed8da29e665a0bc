// Metadata: this broker, and the topics a client asks for. A topic that is missing and may be made is made, and its answer
// already names the leader: no client has to ask twice. Everything answered is durable.
// Rules: KafkaApis.handleTopicMetadataRequest.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { Metadata } from '../../protocol/messages/apis/metadata.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import { type CreatedTopic, type NewTopic, refusedTopic } from '../metadata/create-topics.ts';
import { type MetadataImage, NO_LEADER, type TopicImage, ZERO_UUID } from '../metadata/image.ts';
import { internalTopic } from '../metadata/internal-topics.ts';
import { isInternalTopic, problemOfTopicName } from '../metadata/topic-names.ts';
import { isQuietlyAuthorized } from './authorize.ts';
import { authorizedClusterOperations, authorizedOperations, NOT_ASKED } from './authorized-operations.ts';
import { handler, type RequestContext } from './handler.ts';
import { permittedTopics, type WantedTopics } from './permitted-topics.ts';

type Request = RequestOf<typeof Metadata>;
type Response = ResponseDraft<typeof Metadata>;
type TopicAnswer = Response['topics'][number];

const TOPIC_IDS_SINCE = 12;
const AUTHORIZED_OPERATIONS_SINCE = 8;

export const metadata = handler(
  Metadata,
  {
    versions: '0-13',
    acl: { perResource: 'DESCRIBE on TOPIC; to make one CREATE on CLUSTER or TOPIC' },
    failed,
  },
  (request, context) => {
    refuseUnsupportedFields(request, context.apiVersion);
    const { metadata: shard } = context.node;
    const { wanted, refused } = permittedTopics(wantedTopics(request, context), {
      context,
      createsTopics: mayCreate(request, context),
    });
    const missing =
      wanted.names === null || !mayCreate(request, context) ? [] : missingTopics(wanted.names, context);
    if (missing.length === 0) {
      return shard.read(
        image => answer(request, context, [...topicAnswers(image, wanted, context), ...refused]),
        error => failed(request, error.code),
      );
    }
    // As in Apache Kafka the quota refuses the topic, but Metadata itself is not throttled by it.
    const takeMutations = context.throttle?.uncountedMutations(true)?.take;
    const created = shard.createTopics({ topics: missing, validateOnly: false, takeMutations }, error =>
      missing.map(({ name }) => refusedTopic(name, apiErrorOf(error))),
    );
    // The image has the new topics already; what is seen of it leaves with the write, once it is durable.
    const topics = topicAnswers(shard.image, wanted, context);
    return created.map(results =>
      answer(request, context, [...withCreationErrors(topics, results), ...refused]),
    );
  },
);

function refuseUnsupportedFields({ topics }: Request, apiVersion: number): void {
  for (const { name, topicId } of topics ?? []) {
    if (name === null && apiVersion < TOPIC_IDS_SINCE) {
      throw new KafkaError('INVALID_REQUEST', `Topic name can not be null for version ${apiVersion}`);
    }
    if (topicId !== ZERO_UUID && apiVersion < TOPIC_IDS_SINCE) {
      throw new KafkaError(
        'INVALID_REQUEST',
        `Topic IDs are not supported in requests for version ${apiVersion}`,
      );
    }
  }
}

function wantedTopics({ topics }: Request, { apiVersion }: RequestContext): WantedTopics {
  // Version 0 has no null: there an empty list asks for everything.
  if (topics === null || (apiVersion === 0 && topics.length === 0)) return { names: null, ids: [] };
  const ids = new Set(topics.map(({ topicId }) => topicId).filter(id => id !== ZERO_UUID));
  // One id makes it a request by id; names beside it are passed over.
  if (ids.size > 0) return { names: [], ids: [...ids] };
  const names = new Set<string>();
  for (const { name } of topics) {
    // Neither name nor id: Apache Kafka fails over it.
    if (name === null) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    names.add(name);
  }
  return { names: [...names], ids: [] };
}

function mayCreate({ allowAutoTopicCreation }: Request, { node }: RequestContext): boolean {
  return allowAutoTopicCreation && node.settings.get('auto.create.topics.enable');
}

function missingTopics(names: readonly string[], { node }: RequestContext): NewTopic[] {
  const { topicsByName } = node.metadata.image;
  return names
    .filter(name => !topicsByName.has(name) && problemOfTopicName(name) === null)
    .map(name =>
      isInternalTopic(name)
        ? internalTopic(name, node.settings)
        : { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] },
    );
}

function topicAnswers(
  image: MetadataImage,
  { names, ids }: WantedTopics,
  context: RequestContext,
): TopicAnswer[] {
  if (names === null) {
    const topics = [...image.topicsByName.values()];
    const isSeen = ({ name }: TopicImage) => isQuietlyAuthorized(context, 'DESCRIBE', 'TOPIC', name);
    const seen = context.node.authorizer === undefined ? topics : topics.filter(isSeen);
    return seen.sort(byName).map(topicAnswer);
  }
  if (ids.length === 0) return names.map(name => namedAnswer(image, name));
  return ids.map(id => {
    const topic = image.topicsById.get(id);
    if (topic !== undefined) return topicAnswer(topic);
    return {
      errorCode: ErrorCode.UNKNOWN_TOPIC_ID,
      name: null,
      topicId: id,
      isInternal: false,
      partitions: [],
    };
  });
}

function byName(a: TopicImage, b: TopicImage): number {
  return a.name < b.name ? -1 : 1;
}

function namedAnswer(image: MetadataImage, name: string): TopicAnswer {
  const topic = image.topicsByName.get(name);
  if (topic !== undefined) return topicAnswer(topic);
  const isLegal = problemOfTopicName(name) === null;
  const errorCode = isLegal ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
  return { errorCode, name, topicId: ZERO_UUID, isInternal: isInternalTopic(name), partitions: [] };
}

function topicAnswer({ name, id, partitions }: TopicImage): TopicAnswer {
  return {
    errorCode: ErrorCode.NONE,
    name,
    topicId: id,
    isInternal: isInternalTopic(name),
    partitions: partitions.map(({ partition, leader, leaderEpoch, replicas, isr }) => ({
      errorCode: leader === NO_LEADER ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
      partitionIndex: partition,
      leaderId: leader,
      leaderEpoch,
      replicaNodes: replicas,
      isrNodes: isr,
      offlineReplicas: [],
    })),
  };
}

/** A name that may not be created (it collides, say) keeps the reason; every other failure may be tried again. */
function withCreationErrors(topics: readonly TopicAnswer[], results: readonly CreatedTopic[]): TopicAnswer[] {
  const errors = new Map(
    results.filter(({ error }) => error.code !== 0).map(({ name, error }) => [name, error.code]),
  );
  return topics.map(topic => {
    const code = errors.get(topic.name ?? '');
    if (code === undefined) return topic;
    const isFinal = code === ErrorCode.INVALID_TOPIC_EXCEPTION || code === ErrorCode.KAFKA_STORAGE_ERROR;
    const errorCode = isFinal ? code : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    return { ...topic, errorCode, topicId: ZERO_UUID, partitions: [] };
  });
}

function answer(request: Request, context: RequestContext, topics: readonly TopicAnswer[]): Response {
  const { node, connection, apiVersion } = context;
  const { nodeId, clusterId } = node.identity;
  const showsTopicOperations =
    apiVersion >= AUTHORIZED_OPERATIONS_SINCE && request.includeTopicAuthorizedOperations;
  return {
    throttleTimeMs: 0,
    brokers: [{ nodeId, ...node.advertisedEndpoint(connection), rack: node.settings.get('broker.rack') }],
    clusterId,
    controllerId: nodeId,
    topics: showsTopicOperations ? topics.map(topic => withOperations(topic, context)) : topics,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? authorizedClusterOperations(context)
      : NOT_ASKED,
    errorCode: ErrorCode.NONE,
  };
}

/** Of a topic without a name, and of one that the peer may not see, nothing is said. */
function withOperations(topic: TopicAnswer, context: RequestContext): TopicAnswer {
  const { name, errorCode } = topic;
  if (name === null || name === undefined || errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED) return topic;
  return { ...topic, topicAuthorizedOperations: authorizedOperations(context, 'TOPIC', name) };
}

function failed(request: Request, errorCode: number): Response {
  return {
    throttleTimeMs: 0,
    brokers: [],
    topics: (request.topics ?? []).map(({ name, topicId }) => ({
      errorCode,
      name: name ?? '',
      topicId,
      isInternal: false,
      partitions: [],
    })),
    errorCode,
  };
}
