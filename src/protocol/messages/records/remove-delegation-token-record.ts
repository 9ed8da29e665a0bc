// Metadata log: a delegation token is removed.

import { logRecord, string } from '../../schema/field.ts';

export const RemoveDelegationTokenRecord = logRecord({
  type: 26,
  name: 'RemoveDelegationTokenRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    tokenId: string,
  },
});
