// Where a leader epoch ended: how a client or follower notices that its log diverged from the leader's.
// KIPs: 101, 320.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, TOPIC_AUTHORIZATION_FAILED,
// FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH.

import { api, array, int16, int32, offset, string, struct } from '../../schema/field.ts';

export const OffsetForLeaderEpoch = api({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: '2-4',
  flexible: '4+',
  request: {
    replicaId: int32.since(3).default(-2).ignorable(),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: int32.default(-1).ignorable(),
            leaderEpoch: int32,
          }),
        ),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            errorCode: int16,
            partition: int32,
            leaderEpoch: int32.default(-1).ignorable(),
            endOffset: offset.default(-1),
          }),
        ),
      }),
    ),
  },
});
