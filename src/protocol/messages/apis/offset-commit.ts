// Stores the offsets a group has consumed up to. Classic groups send their generation, consumer groups
// (KIP-848, version 9+) their member epoch. From version 10 on topics are named by id.
// KIPs: 211, 345, 848.
// Errors: COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, ILLEGAL_GENERATION,
// UNKNOWN_MEMBER_ID, INVALID_COMMIT_OFFSET_SIZE, GROUP_AUTHORIZATION_FAILED, GROUP_ID_NOT_FOUND,
// UNKNOWN_TOPIC_ID, FENCED_MEMBER_EPOCH, STALE_MEMBER_EPOCH.

import { api, array, int16, int32, int64, offset, string, struct, uuid } from '../../schema/field.ts';

export const OffsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  versions: '2-10',
  flexible: '8+',
  request: {
    groupId: string,
    /** -1: an administrator or a consumer without group membership. */
    generationIdOrMemberEpoch: int32.default(-1).ignorable(),
    memberId: string.ignorable(),
    groupInstanceId: string.since(7).nullable().default(null),
    retentionTimeMs: int64.until(4).default(-1n).ignorable(),
    topics: array(
      struct({
        name: string.until(9).ignorable(),
        topicId: uuid.since(10).ignorable(),
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: offset,
            committedLeaderEpoch: int32.since(6).default(-1).ignorable(),
            committedMetadata: string.nullable(),
          }),
        ),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    topics: array(
      struct({
        name: string.until(9).ignorable(),
        topicId: uuid.since(10).ignorable(),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
          }),
        ),
      }),
    ),
  },
});
