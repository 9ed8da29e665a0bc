// Metadata log: the transaction of records before it does not count.

import { logRecord, string } from '../../schema/field.ts';

export const AbortTransactionRecord = logRecord({
  type: 25,
  name: 'AbortTransactionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    reason: string.nullable().default(null).tag(0),
  },
});
