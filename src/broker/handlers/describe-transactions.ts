// DescribeTransactions: the state of transactional ids, for people who look for a transaction that hangs (KIP-664).
// Rules: TransactionCoordinator.handleDescribeTransactions.

import { DescribeTransactions } from '../../protocol/messages/apis/describe-transactions.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { type DescribedTransaction, notDescribed } from '../transactions/transaction-listing.ts';
import { type HandlerAnswer, handler, type Outcome } from './handler.ts';

type Response = ResponseDraft<typeof DescribeTransactions>;

export const describeTransactions = handler(
  DescribeTransactions,
  {
    versions: '0-0',
    failed: (request, errorCode) => answerOf(request.transactionalIds.map(id => notDescribed(id, errorCode))),
  },
  ({ transactionalIds }, { node }): HandlerAnswer<typeof DescribeTransactions> =>
    node.transactions.describe(transactionalIds).map<Outcome<Response>>(answerOf),
);

function answerOf(described: readonly DescribedTransaction[]): Response {
  return {
    throttleTimeMs: 0,
    transactionStates: described.map(one => ({
      errorCode: one.errorCode,
      transactionalId: one.transactionalId,
      transactionState: one.state,
      transactionTimeoutMs: one.timeoutMs,
      transactionStartTimeMs: BigInt(one.startMs),
      producerId: one.producerId,
      producerEpoch: one.producerEpoch,
      topics: Array.from(one.partitions, ([topic, partitions]) => ({ topic, partitions: [...partitions] })),
    })),
  };
}
