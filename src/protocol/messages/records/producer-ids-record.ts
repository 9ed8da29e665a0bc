// Metadata log: a block of producer ids was handed to a broker; ids below nextProducerId are taken (KIP-730).

import { int32, int64, logRecord } from '../../schema/field.ts';

export const ProducerIdsRecord = logRecord({
  type: 15,
  name: 'ProducerIdsRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    nextProducerId: int64,
  },
});
