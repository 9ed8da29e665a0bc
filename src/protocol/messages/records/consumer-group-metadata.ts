// __consumer_offsets: a consumer group (KIP-848): its epoch.

import { int32, int64, logRecord, string } from '../../schema/field.ts';

export const ConsumerGroupMetadataKey = logRecord({
  type: 3,
  name: 'ConsumerGroupMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const ConsumerGroupMetadataValue = logRecord({
  type: 3,
  name: 'ConsumerGroupMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32,
    metadataHash: int64.default(0n).tag(0),
  },
});
