// KRaft: reads a snapshot of the metadata log.
// Between brokers and controllers only.
// KIPs: 630, 853.

import {
  api,
  array,
  int16,
  int32,
  int64,
  offset,
  records,
  string,
  struct,
  uint16,
  uuid,
} from '../../schema/field.ts';

export const FetchSnapshot = api({
  key: 59,
  name: 'FetchSnapshot',
  versions: '0-1',
  flexible: '0+',
  request: {
    clusterId: string.nullable().default(null).tag(0),
    replicaId: int32.default(-1),
    maxBytes: int32.default(0x7fffffff),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: int32,
            snapshotId: struct({
              endOffset: offset,
              epoch: int32,
            }),
            position: int64,
            replicaDirectoryId: uuid.since(1).tag(0).ignorable(),
          }),
        ),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    errorCode: int16,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            index: int32,
            errorCode: int16,
            snapshotId: struct({
              endOffset: offset,
              epoch: int32,
            }),
            currentLeader: struct({
              leaderId: int32,
              leaderEpoch: int32,
            }).tag(0),
            size: int64,
            position: int64,
            unalignedRecords: records,
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32,
        host: string,
        port: uint16,
      }),
    )
      .since(1)
      .tag(0),
  },
});
