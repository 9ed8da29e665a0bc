// DeleteTopics, by name or, from version 6 on, by id. A deleted topic is unknown at once; its data goes when the record
// of the deletion is on disk. Rules: ControllerApis.deleteTopics; the decision is in metadata/delete-topics.ts.

import { KafkaError } from '../../protocol/errors.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import type { TopicReference } from '../metadata/delete-topics.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import { handler } from './handler.ts';

type Request = RequestOf<typeof DeleteTopics>;
type Response = ResponseDraft<typeof DeleteTopics>;

/** Below it clients do not know TOPIC_DELETION_DISABLED. */
const DELETION_DISABLED_SINCE = 3;

export const deleteTopics = handler(
  DeleteTopics,
  { versions: '1-6', failed },
  (request, { node, apiVersion }) => {
    if (!node.settings.get('delete.topic.enable')) {
      throw apiVersion < DELETION_DISABLED_SINCE
        ? new KafkaError('INVALID_REQUEST', 'This version does not support topic deletion.')
        : new KafkaError('TOPIC_DELETION_DISABLED');
    }
    const references = referencesOf(request);
    return node.metadata
      .deleteTopics(references, error => references.map(topic => ({ ...topic, error: apiErrorOf(error) })))
      .map(topics => ({
        throttleTimeMs: 0,
        responses: topics.map(({ name, topicId, error }) => ({
          name,
          topicId,
          errorCode: error.code,
          errorMessage: error.message,
        })),
      }));
  },
);

function referencesOf({ topics, topicNames }: Request): TopicReference[] {
  return [...topics, ...topicNames.map(name => ({ name, topicId: ZERO_UUID }))];
}

function failed(request: Request, errorCode: number): Response {
  return {
    throttleTimeMs: 0,
    responses: referencesOf(request).map(({ name, topicId }) => ({ name, topicId, errorCode })),
  };
}
