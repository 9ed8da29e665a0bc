// __share_group_state: what changed in a share partition since its snapshot.

import { array, int8, int16, int32, logRecord, offset, string, struct, uuid } from '../../schema/field.ts';

export const ShareUpdateKey = logRecord({
  type: 1,
  name: 'ShareUpdateKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    topicId: uuid,
    partition: int32,
  },
});

export const ShareUpdateValue = logRecord({
  type: 1,
  name: 'ShareUpdateValue',
  versions: '0',
  flexible: '0+',
  fields: {
    snapshotEpoch: int32,
    leaderEpoch: int32,
    startOffset: offset,
    deliveryCompleteCount: int32.default(-1).tag(0),
    stateBatches: array(
      struct({
        firstOffset: offset,
        lastOffset: offset,
        deliveryState: int8,
        deliveryCount: int16,
      }),
    ),
  },
});
