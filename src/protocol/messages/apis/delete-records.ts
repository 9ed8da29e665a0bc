// Moves the log start offset forward: records below it are gone. Offset -1 means the high watermark.
// KIPs: 107.
// Errors: OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER,
// TOPIC_AUTHORIZATION_FAILED, POLICY_VIOLATION.

import { api, array, int16, int32, offset, string, struct } from '../../schema/field.ts';

export const DeleteRecords = api({
  key: 21,
  name: 'DeleteRecords',
  versions: '0-2',
  flexible: '2+',
  request: {
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            /** -1: the high watermark. */
            offset: offset,
          }),
        ),
      }),
    ),
    timeoutMs: int32,
  },
  response: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            lowWatermark: offset,
            errorCode: int16,
          }),
        ),
      }),
    ),
  },
});
