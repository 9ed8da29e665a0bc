// __remote_log_metadata: a tiered segment (KIP-405).

import {
  array,
  bool,
  bytes,
  int8,
  int32,
  int64,
  logRecord,
  offset,
  string,
  struct,
  uuid,
} from '../../schema/field.ts';

export const RemoteLogSegmentMetadataRecord = logRecord({
  type: 0,
  name: 'RemoteLogSegmentMetadataRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    remoteLogSegmentId: struct({
      topicIdPartition: struct({
        name: string,
        id: uuid,
        partition: int32,
      }),
      id: uuid,
    }),
    startOffset: offset,
    endOffset: offset,
    brokerId: int32,
    maxTimestampMs: int64,
    eventTimestampMs: int64,
    segmentLeaderEpochs: array(
      struct({
        leaderEpoch: int32,
        offset: offset,
      }),
    ),
    segmentSizeInBytes: int32,
    customMetadata: bytes.nullable().default(null),
    remoteLogSegmentState: int8,
    txnIndexEmpty: bool.tag(0),
  },
});
