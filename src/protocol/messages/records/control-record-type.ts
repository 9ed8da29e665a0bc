// The key of every control record: which type it has.

import { int16, message } from '../../schema/field.ts';

export const ControlRecordTypeSchema = message({
  name: 'ControlRecordTypeSchema',
  versions: '0',
  flexible: 'none',
  fields: {
    /**
     * 0: abort; 1: commit; 2: leader change; 3: snapshot header; 4: snapshot footer; 5: KRaft version; 6:
     * voters.
     */
    type: int16,
  },
});
