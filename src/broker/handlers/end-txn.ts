// EndTxn: commits or aborts. Answered when every partition has its marker. Version 5 says that the client raises its epoch
// with every transaction, and answers with the id and epoch to go on with (KIP-890). The rules are in
// transactions/end-transaction.ts and KafkaApis.handleEndTxnRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { EndTxn } from '../../protocol/messages/apis/end-txn.ts';
import { handler } from './handler.ts';

const EPOCH_BUMP_SINCE = 5;
const FENCED_SINCE = 2;

export const endTxn = handler(
  EndTxn,
  {
    versions: '0-5',
    acl: { operation: 'WRITE', on: 'TRANSACTIONAL_ID', named: ({ transactionalId }) => transactionalId },
    failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }),
  },
  ({ transactionalId, producerId, producerEpoch, committed }, { node, apiVersion }) =>
    node.transactions
      .endTransaction({
        transactionalId,
        producerId,
        producerEpoch,
        isCommit: committed,
        clientVersion: apiVersion >= EPOCH_BUMP_SINCE ? 2 : 0,
      })
      .map(answer => ({
        throttleTimeMs: 0,
        ...answer,
        errorCode: errorOfVersion(answer.errorCode, apiVersion),
      })),
);

function errorOfVersion(errorCode: number, apiVersion: number): number {
  const isUnknown = errorCode === ErrorCode.PRODUCER_FENCED && apiVersion < FENCED_SINCE;
  return isUnknown ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode;
}
