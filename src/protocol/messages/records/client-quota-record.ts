// Metadata log: a client quota is set or removed (KIP-546).

import { array, bool, float64, logRecord, string, struct } from '../../schema/field.ts';

export const ClientQuotaRecord = logRecord({
  type: 14,
  name: 'ClientQuotaRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    entity: array(
      struct({
        entityType: string,
        entityName: string.nullable(),
      }),
    ),
    key: string,
    value: float64,
    remove: bool,
  },
});
