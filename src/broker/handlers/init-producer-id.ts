// InitProducerId: gives an idempotent producer its id, from blocks that the metadata log reserves, and a transactional one
// the id and epoch of its transactional id, which fences whoever had them before and aborts what was left open. The rules
// are in transactions/init-producer-id.ts and KafkaApis.handleInitProducerIdRequest.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { InitProducerId } from '../../protocol/messages/apis/init-producer-id.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import type { Deferred } from '../runtime/deferred.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isAuthorizedOnSome, isQuietlyAuthorized, requireTransactionalId } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome, type RequestContext } from './handler.ts';

const NO_PRODUCER_ID = -1n;
const NO_PRODUCER_EPOCH = -1;
const FIRST_EPOCH = 0;
const FENCED_SINCE = 4;

type Request = RequestOf<typeof InitProducerId>;
type Response = ResponseDraft<typeof InitProducerId>;

export const initProducerId = handler(
  InitProducerId,
  {
    versions: '0-5',
    acl: { perResource: 'WRITE on TRANSACTIONAL_ID, or IDEMPOTENT_WRITE on CLUSTER or WRITE on any TOPIC' },
    failed: (_request, errorCode) => refused(errorCode),
  },
  (request, context): HandlerAnswer<typeof InitProducerId> => {
    const { transactionalId } = request;
    if (transactionalId !== null) requireTransactionalId(context, 'WRITE', transactionalId);
    else if (!mayWriteIdempotently(context)) throw new KafkaError('CLUSTER_AUTHORIZATION_FAILED');
    if (isHalfNamed(request)) return refused(ErrorCode.INVALID_REQUEST);
    if (request.transactionalId !== null) {
      return initialized(request, request.transactionalId, context);
    }
    return context.node.producerIds.next<Outcome<Response>>(
      producerId => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        producerId,
        producerEpoch: FIRST_EPOCH,
      }),
      error => refused(error.code),
    );
  },
);

function initialized(
  { transactionTimeoutMs, producerId, producerEpoch }: Request,
  transactionalId: string,
  { node, apiVersion }: RequestContext,
): Deferred<Outcome<Response>> {
  const expected = producerId === NO_PRODUCER_ID ? null : { producerId, producerEpoch };
  return node.transactions
    .initProducerId({ transactionalId, timeoutMs: transactionTimeoutMs, expected })
    .map<Outcome<Response>>(answer => {
      const isFenced = answer.errorCode === ErrorCode.PRODUCER_FENCED && apiVersion < FENCED_SINCE;
      return {
        throttleTimeMs: 0,
        ...answer,
        errorCode: isFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : answer.errorCode,
      };
    });
}

/** Whoever may write to some topic may do it idempotently (KIP-679). */
function mayWriteIdempotently(context: RequestContext): boolean {
  return (
    isQuietlyAuthorized(context, 'IDEMPOTENT_WRITE', 'CLUSTER', CLUSTER_NAME) ||
    isAuthorizedOnSome(context, 'WRITE', 'TOPIC')
  );
}

/** An id and its epoch come together or not at all. */
function isHalfNamed({ producerId, producerEpoch }: Request): boolean {
  return (producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_PRODUCER_EPOCH);
}

function refused(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode, producerId: NO_PRODUCER_ID, producerEpoch: NO_PRODUCER_EPOCH };
}
