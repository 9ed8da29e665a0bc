// The file `<offset>.snapshot` of a partition: what the log knows of its producers (KIP-98). Its crc covers
// everything behind it.

import { array, int16, int32, int64, message, offset, struct, uint32 } from '../../schema/field.ts';

export const ProducerSnapshot = message({
  name: 'ProducerSnapshot',
  versions: '1',
  flexible: 'none',
  fields: {
    crc: uint32,
    producerEntries: array(
      struct({
        producerId: int64,
        epoch: int16,
        lastSequence: int32,
        lastOffset: offset,
        offsetDelta: int32,
        timestamp: int64,
        coordinatorEpoch: int32,
        currentTxnFirstOffset: offset,
      }),
    ),
  },
});
