// Control record of the metadata log (type 5): the finalized kraft.version (KIP-853).

import { int16, message } from '../../schema/field.ts';

export const KRaftVersionRecord = message({
  name: 'KRaftVersionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16,
    kRaftVersion: int16,
  },
});
