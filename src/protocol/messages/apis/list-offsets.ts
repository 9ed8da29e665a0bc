// Finds offsets by timestamp, or the special ones: -1 latest, -2 earliest, -3 maximum timestamp (version 7+),
// -4 earliest local (8+), -5 last tiered (9+), -6 earliest pending upload (11+).
// KIPs: 79, 405, 734, 1005, 1023, 1075.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, TOPIC_AUTHORIZATION_FAILED,
// UNSUPPORTED_VERSION, INVALID_REQUEST, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH.

import { api, array, int8, int16, int32, int64, offset, string, struct } from '../../schema/field.ts';

export const ListOffsets = api({
  key: 2,
  name: 'ListOffsets',
  versions: '1-11',
  flexible: '6+',
  request: {
    /** -1: a consumer. */
    replicaId: int32,
    /** 0: read_uncommitted; 1: read_committed. */
    isolationLevel: int8.since(2),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            currentLeaderEpoch: int32.since(4).default(-1).ignorable(),
            timestamp: int64,
          }),
        ),
      }),
    ),
    timeoutMs: int32.since(10).ignorable(),
  },
  response: {
    throttleTimeMs: int32.since(2).ignorable(),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            timestamp: int64.default(-1n),
            offset: offset.default(-1),
            leaderEpoch: int32.since(4).default(-1),
          }),
        ),
      }),
    ),
  },
});
