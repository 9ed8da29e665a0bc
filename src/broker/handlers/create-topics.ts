// CreateTopics: a topic is live when this answers, its record on disk and its logs open. Rules: ControllerApis.createTopics;
// the decision is in metadata/create-topics.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { CreateTopics } from '../../protocol/messages/apis/create-topics.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { effectiveTopicConfigs } from '../config/described-config.ts';
import { apiError, apiErrorOf } from '../metadata/api-error.ts';
import { type CreatedTopic, refusedTopic } from '../metadata/create-topics.ts';
import { CLUSTER_METADATA_TOPIC } from '../metadata/topic-names.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { countsOf, isAuthorized, isQuietlyAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { isTimeUp } from './time-is-up.ts';

type Request = RequestOf<typeof CreateTopics>;
type Response = ResponseDraft<typeof CreateTopics>;

const DETAILS_SINCE = 5;
/** Below it clients do not know THROTTLING_QUOTA_EXCEEDED. */
const QUOTA_IS_STRICT_SINCE = 6;
const FORBIDDEN = apiError('TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.');

export const createTopics = handler(
  CreateTopics,
  {
    versions: '2-7',
    acl: { perResource: 'CREATE on CLUSTER or TOPIC; DESCRIBE_CONFIGS on TOPIC for the details' },
    failed,
  },
  (request, context) => {
    const forbidden = forbiddenTopics(request, context);
    const topics = request.topics.filter(({ name }) => !forbidden.has(name));
    if (isTimeUp(request) && hasAnyToMake(topics)) {
      return failed(request, ErrorCode.REQUEST_TIMED_OUT, null);
    }
    const refused = Array.from(forbidden, name => refusedTopic(name, FORBIDDEN));
    return context.node.metadata
      .createTopics({ ...request, topics, takeMutations: mutationsOf(context) }, error =>
        topics.map(({ name }) => refusedTopic(name, apiErrorOf(error))),
      )
      .map(results => answer([...results, ...refused], context));
  },
);

/** Names that stand alone; those that are named twice are refused without a look at the clock. */
function hasAnyToMake(topics: Request['topics']): boolean {
  const counts = countsOf(topics);
  return topics.some(({ name }) => counts.get(name) === 1 && name !== CLUSTER_METADATA_TOPIC);
}

function mutationsOf({ throttle, apiVersion }: RequestContext) {
  return throttle?.mutations(apiVersion >= QUOTA_IS_STRICT_SINCE)?.take;
}

function forbiddenTopics({ topics }: Request, context: RequestContext): ReadonlySet<string> {
  if (context.node.authorizer === undefined) return new Set();
  if (isQuietlyAuthorized(context, 'CREATE', 'CLUSTER', CLUSTER_NAME)) return new Set();
  const counts = countsOf(topics);
  const isForbidden = (name: string) =>
    counts.get(name) === 1 &&
    name !== CLUSTER_METADATA_TOPIC &&
    !isAuthorized(context, 'CREATE', 'TOPIC', name);
  return new Set([...counts.keys()].filter(isForbidden));
}

function answer(topics: readonly CreatedTopic[], context: RequestContext): Response {
  return { throttleTimeMs: 0, topics: topics.map(topic => answerOf(topic, context)) };
}

function answerOf(
  { name, error, topicId, numPartitions, replicationFactor, configs }: CreatedTopic,
  context: RequestContext,
): Response['topics'][number] {
  const { node, apiVersion } = context;
  const named = { name, topicId, errorCode: error.code, errorMessage: error.message };
  if (configs !== null && !isQuietlyAuthorized(context, 'DESCRIBE_CONFIGS', 'TOPIC', name)) {
    const topicConfigErrorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    return { ...named, topicConfigErrorCode, numPartitions: -1, replicationFactor: -1, configs: [] };
  }
  return {
    ...named,
    topicConfigErrorCode: 0,
    numPartitions,
    replicationFactor,
    configs:
      configs === null || apiVersion < DETAILS_SINCE
        ? []
        : effectiveTopicConfigs(node.settings, configs).map(config => ({
            name: config.name,
            value: config.value,
            readOnly: config.isReadOnly,
            configSource: config.source,
            isSensitive: config.isSensitive,
          })),
  };
}

function failed({ topics }: Request, errorCode: number, errorMessage: string | null): Response {
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => ({ name, errorCode, errorMessage, configs: [] })),
  };
}
