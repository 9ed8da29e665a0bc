// AddOffsetsToTxn: takes a group's offsets into a transaction, that is the partition of __consumer_offsets they are in.
// Producers of KIP-890 do not ask; their TxnOffsetCommit does it. Rules: KafkaApis.handleAddOffsetsToTxnRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { AddOffsetsToTxn } from '../../protocol/messages/apis/add-offsets-to-txn.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { OFFSETS_TOPIC } from '../groups/group-coordinator.ts';
import { Deferred } from '../runtime/deferred.ts';
import { requireGroup, requireTransactionalId } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome } from './handler.ts';
import { fencedByVersion } from './transactional-errors.ts';

type Response = ResponseDraft<typeof AddOffsetsToTxn>;

const FENCED_SINCE = 2;

export const addOffsetsToTxn = handler(
  AddOffsetsToTxn,
  {
    versions: '0-4',
    acl: { perResource: 'WRITE on TRANSACTIONAL_ID, READ on GROUP' },
    failed: (_request, errorCode) => answerOf(errorCode),
  },
  (request, context): HandlerAnswer<typeof AddOffsetsToTxn> => {
    const { node, apiVersion } = context;
    const { transactionalId, producerId, producerEpoch, groupId } = request;
    requireTransactionalId(context, 'WRITE', transactionalId);
    requireGroup(context, 'READ', groupId);
    const answer = new Deferred<Outcome<Response>>();
    // Its producer may be the first to need the topic, before any consumer looked for the group's coordinator.
    node.metadata.ensureInternalTopic(OFFSETS_TOPIC).whenComplete(errorCode => {
      if (errorCode !== 0) return answer.complete(answerOf(ErrorCode.COORDINATOR_NOT_AVAILABLE));
      const partitions = [{ topic: OFFSETS_TOPIC, partition: node.groups.partitionOf(groupId) }];
      node.transactions
        .addPartitions({ transactionalId, producerId, producerEpoch, partitions, clientVersion: 0 })
        .whenComplete(error => answer.complete(answerOf(fencedByVersion(error, apiVersion >= FENCED_SINCE))));
    });
    return answer;
  },
);

function answerOf(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode };
}
