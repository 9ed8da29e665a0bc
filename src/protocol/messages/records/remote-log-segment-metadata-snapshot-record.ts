// __remote_log_metadata: a tiered segment, in a snapshot file (KIP-405).

import {
  array,
  bool,
  bytes,
  int8,
  int32,
  int64,
  logRecord,
  offset,
  struct,
  uuid,
} from '../../schema/field.ts';

export const RemoteLogSegmentMetadataSnapshotRecord = logRecord({
  type: 3,
  name: 'RemoteLogSegmentMetadataSnapshotRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    segmentId: uuid,
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
