// DeleteTopics, by name or, from version 6 on, by id. A deleted topic is unknown at once; its data goes when the record
// of the deletion is on disk. Rules: ControllerApis.deleteTopics; the decision is in metadata/delete-topics.ts.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { apiError, apiErrorOf } from '../metadata/api-error.ts';
import type { DeletedTopic, TopicReference } from '../metadata/delete-topics.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { countsOf, isAuthorized, isQuietlyAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { isTimeUp } from './time-is-up.ts';

type Request = RequestOf<typeof DeleteTopics>;
type Response = ResponseDraft<typeof DeleteTopics>;

/** Below it clients do not know TOPIC_DELETION_DISABLED. */
const DELETION_DISABLED_SINCE = 3;
/** Below it they do not know THROTTLING_QUOTA_EXCEEDED. */
const QUOTA_IS_STRICT_SINCE = 5;

export const deleteTopics = handler(
  DeleteTopics,
  {
    versions: '1-6',
    acl: { perResource: 'DELETE on CLUSTER or TOPIC; without DESCRIBE on TOPIC it looks unknown' },
    failed,
  },
  (request, context) => {
    const { node, apiVersion } = context;
    if (!node.settings.get('delete.topic.enable')) {
      throw apiVersion < DELETION_DISABLED_SINCE
        ? new KafkaError('INVALID_REQUEST', 'This version does not support topic deletion.')
        : new KafkaError('TOPIC_DELETION_DISABLED');
    }
    if (isTimeUp(request) && hasAnyToFind(referencesOf(request))) {
      return failed(request, ErrorCode.REQUEST_TIMED_OUT);
    }
    const { permitted, refused } = sortByRight(referencesOf(request), context);
    return node.metadata
      .deleteTopics(
        permitted,
        error => permitted.map(topic => ({ ...topic, error: apiErrorOf(error) })),
        context.throttle?.mutations(apiVersion >= QUOTA_IS_STRICT_SINCE)?.take,
      )
      .map(topics => ({
        throttleTimeMs: 0,
        responses: [...refused, ...topics].map(({ name, topicId, error }) => ({
          name,
          topicId,
          errorCode: error.code,
          errorMessage: error.message,
        })),
      }));
  },
);

/** References that name one topic each, whether it exists or not. */
function hasAnyToFind(references: readonly TopicReference[]): boolean {
  const counts = countsOf(references);
  return references.some(({ name, topicId }) =>
    name === null ? topicId !== ZERO_UUID : topicId === ZERO_UUID && counts.get(name) === 1,
  );
}

/** What is wrong with a reference itself is said first; a topic that one may not describe looks as if unknown. */
function sortByRight(references: readonly TopicReference[], context: RequestContext) {
  const permitted: TopicReference[] = [];
  const refused: DeletedTopic[] = [];
  const mayDeleteAll = isQuietlyAuthorized(context, 'DELETE', 'CLUSTER', CLUSTER_NAME);
  const counts = countsOf(references);
  const { topicsById, topicsByName } = context.node.metadata.image;
  for (const reference of references) {
    const { topicId } = reference;
    const name = reference.name ?? topicsById.get(topicId)?.name;
    const isFaulty = reference.name !== null && (topicId !== ZERO_UUID || counts.get(reference.name) !== 1);
    if (mayDeleteAll || isFaulty || name === undefined) {
      permitted.push(reference);
      continue;
    }
    const mayDescribe = isAuthorized(context, 'DESCRIBE', 'TOPIC', name);
    const mayDelete = isAuthorized(context, 'DELETE', 'TOPIC', name);
    const isUnknown = mayDescribe && !topicsByName.has(name);
    if ((mayDelete && mayDescribe) || isUnknown || (mayDelete && reference.name === null)) {
      permitted.push(reference);
      continue;
    }
    const shown = reference.name !== null || mayDescribe ? name : null;
    refused.push({ name: shown, topicId, error: apiError('TOPIC_AUTHORIZATION_FAILED') });
  }
  return { permitted, refused };
}

function referencesOf({ topics, topicNames }: Request): TopicReference[] {
  return [...topics, ...topicNames.map(name => ({ name, topicId: ZERO_UUID }))];
}

function failed(request: Request, errorCode: number): Response {
  return {
    throttleTimeMs: 0,
    responses: referencesOf(request).map(({ name, topicId }) => ({ name, topicId, errorCode })),
  };
}
