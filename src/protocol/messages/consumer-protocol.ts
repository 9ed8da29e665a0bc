// The bytes that members of classic consumer groups exchange through the coordinator, which does not need to understand
// them. Both stand behind an int16 version; a reader takes a newer version as its own newest (new fields come last).
// KIPs: 429, 792, 881.

import { array, bytes, int32, message, string, struct } from '../schema/field.ts';

/**
 * What a member of a classic consumer group subscribes to: the metadata inside JoinGroup, behind an int16
 * version. Clients encode it; the broker only reads it.
 */
export const ConsumerProtocolSubscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array(string),
    userData: bytes.nullable().default(null),
    ownedPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    )
      .since(1)
      .ignorable(),
    generationId: int32.since(2).default(-1).ignorable(),
    rackId: string.since(3).nullable().default(null).ignorable(),
  },
});

/**
 * What a member of a classic consumer group was assigned: the bytes inside SyncGroup, behind an int16
 * version.
 */
export const ConsumerProtocolAssignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ),
    userData: bytes.nullable().default(null),
  },
});
