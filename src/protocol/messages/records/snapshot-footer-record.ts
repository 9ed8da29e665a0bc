// Control record (type 4): the last of a metadata snapshot.

import { int16, message } from '../../schema/field.ts';

export const SnapshotFooterRecord = message({
  name: 'SnapshotFooterRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16,
  },
});
