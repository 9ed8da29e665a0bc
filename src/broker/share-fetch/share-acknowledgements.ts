// The acknowledgements of a request, ShareAcknowledge's or those that ride on a ShareFetch: checked, sorted out and handed
// to their share partitions; one outcome for each partition, when all are written (KafkaApis.handleAcknowledgements).

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { allOf, Deferred } from '../runtime/deferred.ts';
import type { AcknowledgementBatch, ShareError } from './acknowledge-records.ts';
import { AcknowledgeType } from './record-state.ts';
import type { SharePartitions } from './share-partitions.ts';
import { partitionKey, type SessionKey, type SessionPartition } from './share-session.ts';

export interface PartitionAcknowledgements extends SessionPartition {
  readonly batches: readonly AcknowledgementBatch[];
}

export interface AcknowledgementOutcome extends SessionPartition {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface AcknowledgementsCommand extends SessionKey {
  readonly acknowledgements: readonly PartitionAcknowledgements[];
  readonly knowsRenew: boolean;
  /** The request says that it renews locks. */
  readonly isRenewal: boolean;
  /** What the peer is told instead of being asked; 0: nothing speaks against it. */
  readonly refusalOf: (partition: SessionPartition) => number;
}

export function acknowledgeAll(
  partitions: SharePartitions,
  command: AcknowledgementsCommand,
): Deferred<AcknowledgementOutcome[]> {
  const { groupId, memberId } = command;
  const named = new Map(command.acknowledgements.map(each => [partitionKey(each), each]));
  const outcomes: AcknowledgementOutcome[] = [];
  const empty: AcknowledgementOutcome[] = [];
  const pending: Deferred<AcknowledgementOutcome>[] = [];
  for (const { topicId, partition, batches } of named.values()) {
    const of = { topicId, partition };
    const errorCode = refusalOf({ topicId, partition, batches }, command);
    if (errorCode !== ErrorCode.NONE) {
      outcomes.push({ ...of, errorCode, errorMessage: null });
    } else if (batches.length === 0) {
      empty.push({ ...of, errorCode, errorMessage: null });
    } else {
      pending.push(
        partitions
          .acknowledge({ groupId, ...of }, memberId, batches)
          .map(error => ({ ...of, ...wireErrorOf(error) })),
      );
    }
  }
  // Apache Kafka forgets the empty ones when there are no others.
  if (pending.length === 0) return Deferred.completed(outcomes);
  return allOf(pending).map(done => [...done, ...outcomes, ...empty]);
}

function wireErrorOf(error: ShareError | null) {
  if (error === null) return { errorCode: ErrorCode.NONE, errorMessage: null };
  const errorCode = ErrorCode[error.error];
  return { errorCode, errorMessage: error.message ?? errorOf(errorCode).text };
}

function refusalOf(partition: PartitionAcknowledgements, command: AcknowledgementsCommand): number {
  const refusal = command.refusalOf(partition);
  if (refusal === ErrorCode.UNKNOWN_TOPIC_ID) return refusal;
  return areSound(partition.batches, command) ? refusal : ErrorCode.INVALID_REQUEST;
}

/** KafkaApis.validateAcknowledgementBatches */
function areSound(
  batches: readonly AcknowledgementBatch[],
  { knowsRenew, isRenewal }: AcknowledgementsCommand,
): boolean {
  let lastOffset = -1;
  for (const { firstOffset, lastOffset: last, acknowledgeTypes: types } of batches) {
    if (firstOffset > last || firstOffset < lastOffset || types.length === 0) return false;
    if (types.length > 1 && last - firstOffset !== types.length - 1) return false;
    const typeMax = isRenewal && knowsRenew ? AcknowledgeType.RENEW : AcknowledgeType.REJECT;
    if (types.some(type => type < AcknowledgeType.GAP || type > typeMax)) return false;
    lastOffset = last;
  }
  return true;
}
