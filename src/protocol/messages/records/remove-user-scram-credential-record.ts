// Metadata log: a user's SCRAM credential is removed.

import { int8, logRecord, string } from '../../schema/field.ts';

export const RemoveUserScramCredentialRecord = logRecord({
  type: 22,
  name: 'RemoveUserScramCredentialRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string,
    mechanism: int8,
  },
});
