// Metadata log: a broker is unfenced. Older logs; newer ones have BrokerRegistrationChangeRecord.

import { int32, int64, logRecord } from '../../schema/field.ts';

export const UnfenceBrokerRecord = logRecord({
  type: 8,
  name: 'UnfenceBrokerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: int32,
    epoch: int64,
  },
});
