// Metadata log: a broker's registration is gone.

import { int32, int64, logRecord } from '../../schema/field.ts';

export const UnregisterBrokerRecord = logRecord({
  type: 1,
  name: 'UnregisterBrokerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
  },
});
