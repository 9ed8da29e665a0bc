// Metadata log: one configuration key of a resource; a null value removes it. resourceName "" is the
// cluster-wide default of brokers.

import { int8, logRecord, string } from '../../schema/field.ts';

export const ConfigRecord = logRecord({
  type: 4,
  name: 'ConfigRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    /** 2: topic; 4: broker; 16: client metrics; 32: group. */
    resourceType: int8,
    resourceName: string,
    name: string,
    value: string.nullable(),
  },
});
