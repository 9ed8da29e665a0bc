// Metadata log: an access control entry (KIP-801).

import { int8, logRecord, string, uuid } from '../../schema/field.ts';

export const AccessControlEntryRecord = logRecord({
  type: 18,
  name: 'AccessControlEntryRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: uuid,
    resourceType: int8,
    resourceName: string,
    patternType: int8,
    principal: string,
    host: string,
    operation: int8,
    permissionType: int8,
  },
});
