// Metadata log: a broker is fenced. Older logs; newer ones have BrokerRegistrationChangeRecord.

import { int32, int64, logRecord } from '../../schema/field.ts';

export const FenceBrokerRecord = logRecord({
  type: 7,
  name: 'FenceBrokerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: int32,
    epoch: int64,
  },
});
