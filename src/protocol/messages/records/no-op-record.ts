// Metadata log: nothing; keeps the log moving (KIP-835).

import { logRecord } from '../../schema/field.ts';

export const NoOpRecord = logRecord({
  type: 20,
  name: 'NoOpRecord',
  versions: '0',
  flexible: '0+',
  fields: {},
});
