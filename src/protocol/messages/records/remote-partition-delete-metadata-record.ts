// __remote_log_metadata: a tiered partition is being deleted (KIP-405).

import { int8, int32, int64, logRecord, string, struct, uuid } from '../../schema/field.ts';

export const RemotePartitionDeleteMetadataRecord = logRecord({
  type: 2,
  name: 'RemotePartitionDeleteMetadataRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    topicIdPartition: struct({
      name: string,
      id: uuid,
      partition: int32,
    }),
    brokerId: int32,
    eventTimestampMs: int64,
    remotePartitionDeleteState: int8,
  },
});
