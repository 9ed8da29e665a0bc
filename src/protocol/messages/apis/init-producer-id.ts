// Gives a producer its id and epoch; with a transactional id it also fences the predecessor and ends what it
// left open. Version 6 (two-phase commit, KIP-939) is not final.
// KIPs: 98, 360, 890, 939.
// Errors: COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
// CLUSTER_AUTHORIZATION_FAILED, INVALID_REQUEST, INVALID_PRODUCER_EPOCH, INVALID_TRANSACTION_TIMEOUT,
// CONCURRENT_TRANSACTIONS, TRANSACTIONAL_ID_AUTHORIZATION_FAILED, PRODUCER_FENCED.

import { api, bool, int16, int32, int64, string } from '../../schema/field.ts';

export const InitProducerId = api({
  key: 22,
  name: 'InitProducerId',
  versions: '0-6',
  latestStable: 5,
  flexible: '2+',
  request: {
    transactionalId: string.nullable(),
    transactionTimeoutMs: int32,
    producerId: int64.since(3).default(-1n),
    producerEpoch: int16.since(3).default(-1),
    enable2Pc: bool.since(6).default(false),
    keepPreparedTxn: bool.since(6).default(false),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    errorCode: int16,
    producerId: int64.default(-1n),
    producerEpoch: int16,
    ongoingTxnProducerId: int64.since(6).default(-1n),
    ongoingTxnProducerEpoch: int16.since(6).default(-1),
  },
});
