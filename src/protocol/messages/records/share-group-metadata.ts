// __consumer_offsets: a share group (KIP-932): its epoch.

import { int32, int64, logRecord, string } from '../../schema/field.ts';

export const ShareGroupMetadataKey = logRecord({
  type: 11,
  name: 'ShareGroupMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const ShareGroupMetadataValue = logRecord({
  type: 11,
  name: 'ShareGroupMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32,
    metadataHash: int64,
  },
});
