// Deletes topics by name or (version 6+) by id.
// KIPs: 4, 516, 599.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, INVALID_REQUEST, TOPIC_DELETION_DISABLED,
// THROTTLING_QUOTA_EXCEEDED, UNKNOWN_TOPIC_ID.

import { api, array, int16, int32, string, struct, uuid } from '../../schema/field.ts';

export const DeleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  versions: '1-6',
  flexible: '4+',
  request: {
    topics: array(
      struct({
        name: string.nullable().default(null),
        topicId: uuid,
      }),
    ).since(6),
    topicNames: array(string).until(5).ignorable(),
    timeoutMs: int32,
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    responses: array(
      struct({
        name: string.nullable({ since: 6 }),
        topicId: uuid.since(6).ignorable(),
        errorCode: int16,
        errorMessage: string.since(5).nullable().default(null).ignorable(),
      }),
    ),
  },
});
