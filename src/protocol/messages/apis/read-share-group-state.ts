// Reads the state of share partitions from the share coordinator.
// KIPs: 932.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE,
// NOT_COORDINATOR, INVALID_REQUEST, GROUP_ID_NOT_FOUND, FENCED_LEADER_EPOCH.

import { api, array, int8, int16, int32, offset, string, struct, uuid } from '../../schema/field.ts';

export const ReadShareGroupState = api({
  key: 84,
  name: 'ReadShareGroupState',
  versions: '0',
  flexible: '0+',
  request: {
    groupId: string,
    topics: array(
      struct({
        topicId: uuid,
        partitions: array(
          struct({
            partition: int32,
            leaderEpoch: int32,
          }),
        ),
      }),
    ),
  },
  response: {
    results: array(
      struct({
        topicId: uuid,
        partitions: array(
          struct({
            partition: int32,
            errorCode: int16,
            errorMessage: string.nullable().default(null),
            stateEpoch: int32,
            startOffset: offset,
            stateBatches: array(
              struct({
                firstOffset: offset,
                lastOffset: offset,
                deliveryState: int8,
                deliveryCount: int16,
              }),
            ),
          }),
        ),
      }),
    ),
  },
});
