// Metadata log: a feature's finalized level; `metadata.version` is one.

import { int16, logRecord, string } from '../../schema/field.ts';

export const FeatureLevelRecord = logRecord({
  type: 12,
  name: 'FeatureLevelRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string,
    featureLevel: int16,
  },
});
