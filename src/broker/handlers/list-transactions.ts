// ListTransactions: the transactional ids this node knows, filtered by state, producer id, age (version 1+) and pattern
// (version 2+, RE2's language). Rules: TransactionStateManager.listTransactionStates.

import { ErrorCode } from '../../protocol/errors.ts';
import { ListTransactions } from '../../protocol/messages/apis/list-transactions.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { compileRegex, RegexSyntaxError } from '../regex/regex.ts';
import { isKnownState } from '../transactions/transaction-listing.ts';
import { isAuthorized } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome } from './handler.ts';

type Response = ResponseDraft<typeof ListTransactions>;

export const listTransactions = handler(
  ListTransactions,
  {
    versions: '0-2',
    acl: { perResource: 'DESCRIBE on TRANSACTIONAL_ID' },
    failed: (_request, errorCode) => failed(errorCode),
  },
  (request, context): HandlerAnswer<typeof ListTransactions> => {
    const matches = matcherOf(request.transactionalIdPattern);
    if (matches === null) return failed(ErrorCode.INVALID_REGULAR_EXPRESSION);
    return context.node.transactions
      .list({
        states: new Set(request.stateFilters),
        producerIds: new Set(request.producerIdFilters),
        longerThanMs: Number(request.durationFilter),
        matches,
      })
      .map<Outcome<Response>>(({ errorCode, transactions }) => ({
        ...failed(errorCode),
        unknownStateFilters: request.stateFilters.filter(name => !isKnownState(name)),
        transactionStates: transactions
          .filter(({ transactionalId }) =>
            isAuthorized(context, 'DESCRIBE', 'TRANSACTIONAL_ID', transactionalId),
          )
          .map(({ transactionalId, producerId, state }) => ({
            transactionalId,
            producerId,
            transactionState: state,
          })),
      }));
  },
);

/** Null: not a pattern. */
function matcherOf(pattern: string | null): ((transactionalId: string) => boolean) | null {
  if (pattern === null || pattern === '') return () => true;
  try {
    const { matches } = compileRegex(pattern);
    return matches;
  } catch (error) {
    if (error instanceof RegexSyntaxError) return null;
    throw error;
  }
}

function failed(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode, unknownStateFilters: [], transactionStates: [] };
}
