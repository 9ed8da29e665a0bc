// Control record (type 3): the first of a metadata snapshot.

import { int16, int64, message } from '../../schema/field.ts';

export const SnapshotHeaderRecord = message({
  name: 'SnapshotHeaderRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16,
    lastContainedLogTimestamp: int64,
  },
});
