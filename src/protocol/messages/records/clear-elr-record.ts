// Metadata log: forget eligible leader replicas, of one topic or of all (KIP-966).

import { logRecord, string } from '../../schema/field.ts';

export const ClearElrRecord = logRecord({
  type: 28,
  name: 'ClearElrRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    topicName: string,
  },
});
