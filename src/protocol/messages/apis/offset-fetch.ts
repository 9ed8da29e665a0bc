// Reads the committed offsets of one group (up to version 7) or of several (version 8+). Null topics ask for
// everything that is committed.
// KIPs: 447, 709, 848.
// Errors: COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, UNKNOWN_MEMBER_ID,
// GROUP_AUTHORIZATION_FAILED, GROUP_ID_NOT_FOUND, UNSTABLE_OFFSET_COMMIT, UNKNOWN_TOPIC_ID,
// STALE_MEMBER_EPOCH.

import { api, array, bool, int16, int32, offset, string, struct, uuid } from '../../schema/field.ts';

export const OffsetFetch = api({
  key: 9,
  name: 'OffsetFetch',
  versions: '1-10',
  flexible: '6+',
  request: {
    groupId: string.until(7),
    topics: array(
      struct({
        name: string,
        partitionIndexes: array(int32),
      }),
    )
      .until(7)
      .nullable({ since: 2 }),
    groups: array(
      struct({
        groupId: string,
        memberId: string.since(9).nullable().default(null).ignorable(),
        memberEpoch: int32.since(9).default(-1).ignorable(),
        topics: array(
          struct({
            name: string.until(9).ignorable(),
            topicId: uuid.since(10).ignorable(),
            partitionIndexes: array(int32),
          }),
        ).nullable(),
      }),
    ).since(8),
    requireStable: bool.since(7).default(false),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: offset,
            committedLeaderEpoch: int32.since(5).default(-1).ignorable(),
            metadata: string.nullable(),
            errorCode: int16,
          }),
        ),
      }),
    ).until(7),
    errorCode: int16.since(2).until(7).default(0).ignorable(),
    groups: array(
      struct({
        groupId: string,
        topics: array(
          struct({
            name: string.until(9).ignorable(),
            topicId: uuid.since(10).ignorable(),
            partitions: array(
              struct({
                partitionIndex: int32,
                /** -1: nothing committed. */
                committedOffset: offset,
                committedLeaderEpoch: int32.default(-1).ignorable(),
                metadata: string.nullable(),
                errorCode: int16,
              }),
            ),
          }),
        ),
        errorCode: int16.default(0),
      }),
    ).since(8),
  },
});
