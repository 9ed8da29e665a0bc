// Metadata log: a delegation token.

import { array, int64, logRecord, string } from '../../schema/field.ts';

export const DelegationTokenRecord = logRecord({
  type: 10,
  name: 'DelegationTokenRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    owner: string,
    requester: string,
    renewers: array(string),
    issueTimestamp: int64,
    maxTimestamp: int64,
    expirationTimestamp: int64,
    tokenId: string,
  },
});
