// Metadata log: an access control entry is removed, by its id.

import { logRecord, uuid } from '../../schema/field.ts';

export const RemoveAccessControlEntryRecord = logRecord({
  type: 19,
  name: 'RemoveAccessControlEntryRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: uuid,
  },
});
