// Metadata log: records up to the end or abort record belong together (KIP-868).

import { logRecord, string } from '../../schema/field.ts';

export const BeginTransactionRecord = logRecord({
  type: 23,
  name: 'BeginTransactionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string.nullable().default(null).tag(0),
  },
});
