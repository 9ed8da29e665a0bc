// StreamsGroupHeartbeat (KIP-1071): threads of Kafka Streams join, stay, and leave. The rules are in groups/streams. The
// internal topics that a topology needs are created here, in the name of the member that asks.

import { KafkaError } from '../../protocol/errors.ts';
import { StreamsGroupHeartbeat } from '../../protocol/messages/apis/streams-group-heartbeat.ts';
import { clientHostOf } from '../groups/client-host.ts';
import type { InternalTopic } from '../groups/streams/configure-topology.ts';
import { type Status, StatusCode } from '../groups/streams/status.ts';
import type { HeartbeatAnswer, HeartbeatRequest } from '../groups/streams/streams-decision.ts';
import { refusal } from '../groups/streams/streams-groups.ts';
import { isInternalTopic, problemOfTopicName } from '../metadata/topic-names.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isQuietlyAuthorized, requireGroup, splitByAuthorized } from './authorize.ts';
import { requireGroupProtocol } from './group-protocol.ts';
import { handler, type RequestContext } from './handler.ts';

/** How many failures of topics a member is told at once. */
const FAILURES_TOLD_MAX = 3;
/** A failure is remembered for so many heartbeats. */
const FAILURE_HEARTBEATS = 2;

export const streamsGroupHeartbeat = handler(
  StreamsGroupHeartbeat,
  {
    versions: '0-0',
    acl: {
      perResource:
        'READ on GROUP, DESCRIBE on every TOPIC of the topology; CREATE on CLUSTER or TOPIC for internal topics',
    },
    failed: (_request, errorCode) => refusal(errorCode, null),
  },
  (request, context) => {
    const { node, clientId, connection } = context;
    requireGroupProtocol(context, 'streams');
    requireGroup(context, 'READ', request.groupId);
    const refused = topicRefusal(request, context);
    if (refused !== null) return refused;
    return node.groups.streams
      .heartbeat({ request, clientId, clientHost: clientHostOf(connection.remoteAddress) })
      .map(({ answer, topicsToCreate }) => withInternalTopics(answer, topicsToCreate, context));
  },
);

/** Topics that no topology may name, or that the member may not know of. */
function topicRefusal({ topology }: HeartbeatRequest, context: RequestContext): HeartbeatAnswer | null {
  if (topology === null) return null;
  const topics = topicsOf(topology);
  const prohibited = topics.filter(isInternalTopic);
  if (prohibited.length > 0)
    return invalid(
      `Use of Kafka internal topics ${prohibited.join(',')} in a Kafka Streams topology is prohibited.`,
    );
  const misnamed = topics.filter(topic => problemOfTopicName(topic) !== null);
  if (misnamed.length > 0) return invalid(`Topic names ${misnamed.join(',')} are not valid topic names.`);
  const needed = { operation: 'DESCRIBE', resource: 'TOPIC' } as const;
  const { unauthorized } = splitByAuthorized(context, needed, topics, topic => topic);
  if (unauthorized.length > 0) throw new KafkaError('TOPIC_AUTHORIZATION_FAILED');
  return null;
}

function topicsOf({ subtopologies }: NonNullable<HeartbeatRequest['topology']>): string[] {
  const topics = subtopologies.flatMap(subtopology => [
    ...subtopology.sourceTopics,
    ...subtopology.repartitionSinkTopics,
    ...subtopology.repartitionSourceTopics.map(({ name }) => name),
    ...subtopology.stateChangelogTopics.map(({ name }) => name),
  ]);
  return [...new Set(topics)];
}

function invalid(message: string): HeartbeatAnswer {
  return refusal(new KafkaError('STREAMS_INVALID_TOPOLOGY').code, message);
}

/** The next heartbeat finds the topics; until then this one's status says that they are missing, and why they stay so. */
function withInternalTopics(
  answer: HeartbeatAnswer,
  topics: ReadonlyMap<string, InternalTopic>,
  context: RequestContext,
): HeartbeatAnswer {
  if (topics.size === 0) return answer;
  const forbidden = forbiddenTopics([...topics.keys()], context);
  if (forbidden.length > 0)
    return withDetail(answer, `; Unauthorized to CREATE on topics ${forbidden.join(', ')}.`);
  const { internalTopics } = context.node.groups.streams;
  const failures = [...internalTopics.failuresOf(topics.keys())];
  internalTopics.create({
    topics: topics.values(),
    failureTtlMs: answer.heartbeatIntervalMs * FAILURE_HEARTBEATS,
    takeMutations: context.throttle?.mutations(true)?.take,
  });
  if (failures.length === 0) return answer;
  const told = failures.slice(0, FAILURES_TOLD_MAX).map(([topic, message]) => `${topic} (${message})`);
  const more = failures.length - told.length;
  return withDetail(answer, `; Creation failed: ${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`);
}

function forbiddenTopics(topics: readonly string[], context: RequestContext): readonly string[] {
  if (isQuietlyAuthorized(context, 'CREATE', 'CLUSTER', CLUSTER_NAME)) return [];
  const needed = { operation: 'CREATE', resource: 'TOPIC' } as const;
  return splitByAuthorized(context, needed, topics, topic => topic).unauthorized;
}

function withDetail(answer: HeartbeatAnswer, detail: string): HeartbeatAnswer {
  const status = (answer.status ?? []).map((one): Pick<Status, 'statusDetail'> & { statusCode: number } =>
    one.statusCode === StatusCode.MISSING_INTERNAL_TOPICS
      ? { ...one, statusDetail: one.statusDetail + detail }
      : one,
  );
  return { ...answer, status };
}
