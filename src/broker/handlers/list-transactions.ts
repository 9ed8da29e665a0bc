// ListTransactions: the transactional ids this node knows, filtered by state, producer id and (version 1+) age. Rules:
// TransactionStateManager.listTransactionStates.
//
// Version 2 filters by a pattern in RE2's language. It is not served: JavaScript's engine would take exponential time for
// some patterns, on the thread that serves everybody.

import { ListTransactions } from '../../protocol/messages/apis/list-transactions.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { isKnownState } from '../transactions/transaction-listing.ts';
import { type HandlerAnswer, handler, type Outcome } from './handler.ts';

type Response = ResponseDraft<typeof ListTransactions>;

export const listTransactions = handler(
  ListTransactions,
  {
    versions: '0-1',
    failed: (_request, errorCode) => ({
      throttleTimeMs: 0,
      errorCode,
      unknownStateFilters: [],
      transactionStates: [],
    }),
  },
  (request, { node }): HandlerAnswer<typeof ListTransactions> =>
    node.transactions
      .list({
        states: new Set(request.stateFilters),
        producerIds: new Set(request.producerIdFilters),
        longerThanMs: Number(request.durationFilter),
        matches: () => true,
      })
      .map<Outcome<Response>>(({ errorCode, transactions }) => ({
        throttleTimeMs: 0,
        errorCode,
        unknownStateFilters: request.stateFilters.filter(name => !isKnownState(name)),
        transactionStates: transactions.map(({ transactionalId, producerId, state }) => ({
          transactionalId,
          producerId,
          transactionState: state,
        })),
      })),
);
