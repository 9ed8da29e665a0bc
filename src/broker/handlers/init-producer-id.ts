// InitProducerId: gives an idempotent producer its id, from blocks that the metadata log reserves. Transactions are not
// served: a transactional id is refused with a fatal error, before the producer has sent anything, because a producer that
// believes in a transaction which is none would lose exactly what it asked for. Rules: KafkaApis.handleInitProducerIdRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { InitProducerId } from '../../protocol/messages/apis/init-producer-id.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { type HandlerAnswer, handler, type Outcome } from './handler.ts';

const NO_PRODUCER_ID = -1n;
const NO_PRODUCER_EPOCH = -1;
const FIRST_EPOCH = 0;

type Request = RequestOf<typeof InitProducerId>;
type Response = ResponseDraft<typeof InitProducerId>;

export const initProducerId = handler(
  InitProducerId,
  { versions: '0-5', failed: (_request, errorCode) => refused(errorCode) },
  (request, context): HandlerAnswer<typeof InitProducerId> => {
    if (isHalfNamed(request)) return refused(ErrorCode.INVALID_REQUEST);
    if (request.transactionalId !== null) {
      if (request.transactionalId !== '') {
        context.report(
          `it asked for the transactional id "${request.transactionalId}", but this version of Millrace has no transactions ` +
            'yet. It was refused before any record was sent. Use an idempotent producer (no transactional.id) meanwhile.',
        );
      }
      return refused(ErrorCode.INVALID_REQUEST);
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

/** An id and its epoch come together or not at all. */
function isHalfNamed({ producerId, producerEpoch }: Request): boolean {
  return (producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_PRODUCER_EPOCH);
}

function refused(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode, producerId: NO_PRODUCER_ID, producerEpoch: NO_PRODUCER_EPOCH };
}
