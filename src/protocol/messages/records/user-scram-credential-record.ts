// Metadata log: a user's SCRAM credential (KIP-900).

import { bytes, int8, int32, logRecord, string } from '../../schema/field.ts';

export const UserScramCredentialRecord = logRecord({
  type: 11,
  name: 'UserScramCredentialRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string,
    mechanism: int8,
    salt: bytes,
    storedKey: bytes,
    serverKey: bytes,
    iterations: int32,
  },
});
