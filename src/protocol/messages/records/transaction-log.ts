// __transaction_state: a transactional id and the state of its transaction (KIP-98, KIP-890, KIP-915). A null
// value: it has expired.

import { array, int8, int16, int32, int64, logRecord, string, struct } from '../../schema/field.ts';

export const TransactionLogKey = logRecord({
  type: 0,
  name: 'TransactionLogKey',
  versions: '0',
  flexible: 'none',
  fields: {
    transactionalId: string,
  },
});

export const TransactionLogValue = logRecord({
  type: 0,
  name: 'TransactionLogValue',
  versions: '0-1',
  flexible: '1+',
  fields: {
    producerId: int64,
    previousProducerId: int64.since(1).default(-1n).tag(0),
    nextProducerId: int64.since(1).default(-1n).tag(1),
    producerEpoch: int16,
    nextProducerEpoch: int16.since(1).default(-1).tag(3),
    transactionTimeoutMs: int32,
    /**
     * 0: empty; 1: ongoing; 2: prepare commit; 3: prepare abort; 4: complete commit; 5: complete abort; 6:
     * dead; 7: prepare epoch fence.
     */
    transactionStatus: int8,
    transactionPartitions: array(
      struct({
        topic: string,
        partitionIds: array(int32),
      }),
    ).nullable(),
    transactionLastUpdateTimestampMs: int64,
    transactionStartTimestampMs: int64,
    clientTransactionVersion: int16.since(1).default(0).tag(2),
  },
});
