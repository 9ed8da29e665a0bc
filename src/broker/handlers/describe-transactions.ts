// DescribeTransactions: the state of transactional ids, for people who look for a transaction that hangs (KIP-664).
// Rules: TransactionCoordinator.handleDescribeTransactions.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeTransactions } from '../../protocol/messages/apis/describe-transactions.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { type DescribedTransaction, notDescribed } from '../transactions/transaction-listing.ts';
import { isAuthorized } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome } from './handler.ts';

type Response = ResponseDraft<typeof DescribeTransactions>;

export const describeTransactions = handler(
  DescribeTransactions,
  {
    versions: '0-0',
    acl: { perResource: 'DESCRIBE on TRANSACTIONAL_ID and TOPIC' },
    failed: (request, errorCode) => answerOf(request.transactionalIds.map(id => notDescribed(id, errorCode))),
  },
  ({ transactionalIds }, context): HandlerAnswer<typeof DescribeTransactions> => {
    const isRefused = (id: string) => !isAuthorized(context, 'DESCRIBE', 'TRANSACTIONAL_ID', id);
    const refused = new Set(transactionalIds.filter(isRefused));
    const asked = transactionalIds.filter(id => !refused.has(id));
    return context.node.transactions.describe(asked).map<Outcome<Response>>(described => {
      let next = 0;
      const inOrder = transactionalIds.map(id =>
        refused.has(id)
          ? notDescribed(id, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
          : described[next++]!,
      );
      return answerOf(inOrder, topic => isAuthorized(context, 'DESCRIBE', 'TOPIC', topic));
    });
  },
);

function answerOf(
  described: readonly DescribedTransaction[],
  isShown: (topic: string) => boolean = () => true,
): Response {
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
      topics: [...one.partitions]
        .filter(([topic]) => isShown(topic))
        .map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
    })),
  };
}
