// Reads the start offsets of share partitions without their batches.
// KIPs: 932, 1226.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE,
// NOT_COORDINATOR, INVALID_REQUEST, GROUP_ID_NOT_FOUND, FENCED_LEADER_EPOCH.

import { api, array, int16, int32, offset, string, struct, uuid } from '../../schema/field.ts';

export const ReadShareGroupStateSummary = api({
  key: 87,
  name: 'ReadShareGroupStateSummary',
  versions: '0-1',
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
            leaderEpoch: int32,
            startOffset: offset,
            deliveryCompleteCount: int32.since(1).default(-1).ignorable(),
          }),
        ),
      }),
    ),
  },
});
