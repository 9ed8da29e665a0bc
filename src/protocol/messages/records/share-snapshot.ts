// __share_group_state: the whole state of a share partition (KIP-932).

import {
  array,
  int8,
  int16,
  int32,
  int64,
  logRecord,
  offset,
  string,
  struct,
  uuid,
} from '../../schema/field.ts';

export const ShareSnapshotKey = logRecord({
  type: 0,
  name: 'ShareSnapshotKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    topicId: uuid,
    partition: int32,
  },
});

export const ShareSnapshotValue = logRecord({
  type: 0,
  name: 'ShareSnapshotValue',
  versions: '0',
  flexible: '0+',
  fields: {
    snapshotEpoch: int32,
    stateEpoch: int32,
    leaderEpoch: int32,
    startOffset: offset,
    deliveryCompleteCount: int32.default(-1).tag(0),
    createTimestamp: int64,
    writeTimestamp: int64,
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
