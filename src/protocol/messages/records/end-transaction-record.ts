// Metadata log: the transaction of records before it counts.

import { logRecord } from '../../schema/field.ts';

export const EndTransactionRecord = logRecord({
  type: 24,
  name: 'EndTransactionRecord',
  versions: '0',
  flexible: '0+',
  fields: {},
});
