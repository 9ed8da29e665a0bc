// Deletes the start offsets of a share group's topics.
// KIPs: 932.
// Errors: UNKNOWN_SERVER_ERROR, UNKNOWN_TOPIC_OR_PARTITION, COORDINATOR_LOAD_IN_PROGRESS,
// COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, TOPIC_AUTHORIZATION_FAILED, GROUP_AUTHORIZATION_FAILED,
// INVALID_REQUEST, KAFKA_STORAGE_ERROR, NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND.

import { api, array, int16, int32, string, struct, uuid } from '../../schema/field.ts';

export const DeleteShareGroupOffsets = api({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  versions: '0',
  flexible: '0+',
  request: {
    groupId: string,
    topics: array(
      struct({
        topicName: string,
      }),
    ),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    responses: array(
      struct({
        topicName: string,
        topicId: uuid,
        errorCode: int16,
        errorMessage: string.nullable().default(null),
      }),
    ),
  },
});
