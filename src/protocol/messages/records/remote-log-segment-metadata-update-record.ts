// __remote_log_metadata: a tiered segment changed state (KIP-405).

import { bytes, int8, int32, int64, logRecord, string, struct, uuid } from '../../schema/field.ts';

export const RemoteLogSegmentMetadataUpdateRecord = logRecord({
  type: 1,
  name: 'RemoteLogSegmentMetadataUpdateRecord',
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
    brokerId: int32,
    eventTimestampMs: int64,
    customMetadata: bytes.nullable().default(null),
    remoteLogSegmentState: int8,
  },
});
