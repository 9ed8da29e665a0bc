// Takes partitions into a transaction, and says whether one is in it: a partition may hold records of a transaction only
// when the coordinator knows it, durably, because only then it gets a marker (KIP-890). Follows TransactionCoordinator
// handleAddPartitionsToTransaction and handleVerifyPartitionsInTransaction.

import type { ErrorName } from '../../protocol/errors.ts';
import {
  changed,
  hasPartition,
  isEnding,
  type ProducerIdentity,
  type TopicPartition,
  type Transaction,
  withPartitions,
} from './transaction.ts';

export interface AddCommand extends ProducerIdentity {
  readonly transactionalId: string;
  readonly partitions: readonly TopicPartition[];
  /** 2 when the producer raises its epoch with every transaction, else 0. */
  readonly clientVersion: number;
}

export interface AddDecision {
  readonly error: ErrorName | null;
  /** Null: nothing changes. */
  readonly next: Transaction | null;
}

export function decideAddPartitions(
  transaction: Transaction | undefined,
  command: AddCommand,
  nowMs: number,
): AddDecision {
  // First of all, because the id and the epoch may be about to change.
  if (transaction !== undefined && isEnding(transaction))
    return { error: 'CONCURRENT_TRANSACTIONS', next: null };
  const error = identityError(transaction, command);
  if (transaction === undefined || error !== null) return { error, next: null };
  const isOngoing = transaction.state === 'Ongoing';
  if (isOngoing && command.partitions.every(partition => hasPartition(transaction.partitions, partition))) {
    return { error: null, next: null };
  }
  const next = changed(transaction, {
    state: 'Ongoing',
    partitions: withPartitions(transaction.partitions, command.partitions),
    startMs: isOngoing ? transaction.startMs : nowMs,
    lastUpdateMs: nowMs,
    clientVersion: command.clientVersion,
  });
  return { error: null, next };
}

/** Why a record of this producer may not stand in the partition, or null. */
export function verificationError(
  transaction: Transaction | undefined,
  identity: ProducerIdentity,
  partition: TopicPartition,
): ErrorName | null {
  const error = identityError(transaction, identity);
  if (transaction === undefined || error !== null) return error;
  if (isEnding(transaction)) return 'CONCURRENT_TRANSACTIONS';
  return hasPartition(transaction.partitions, partition) ? null : 'TRANSACTION_ABORTABLE';
}

/** Why this is not the producer of the transaction, or null. */
function identityError(
  transaction: Transaction | undefined,
  { producerId, producerEpoch }: ProducerIdentity,
): ErrorName | null {
  if (transaction?.producerId !== producerId) return 'INVALID_PRODUCER_ID_MAPPING';
  return transaction.producerEpoch === producerEpoch ? null : 'PRODUCER_FENCED';
}
