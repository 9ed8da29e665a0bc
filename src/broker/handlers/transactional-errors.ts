// The names under which producers know the transaction coordinator's errors: older versions of an API have older words
// (KIP-588, KIP-890). Rules: KafkaApis, AddPartitionsToTxnManager, ReplicaManager.handleProduceAppend.

import { ErrorCode, type ErrorName } from '../../protocol/errors.ts';
import type { AppendRefusal } from '../transactions/transactional-appends.ts';

export interface RefusedAppend {
  readonly errorCode: number;
  readonly message: string | null;
}

/** Clients that do not know TRANSACTION_ABORTABLE are told INVALID_TXN_STATE. */
const PRODUCE_ABORTABLE_SINCE = 11;
const OFFSETS_ABORTABLE_SINCE = 4;
/** From here on the batch itself takes its partition into the transaction. */
export const PRODUCE_ADDS_SINCE = 12;
export const OFFSETS_ADD_SINCE = 5;

/** For answers to a producer below the version that knows PRODUCER_FENCED. */
export function fencedByVersion(error: ErrorName | null, knowsFenced: boolean): number {
  if (error === null) return ErrorCode.NONE;
  return error === 'PRODUCER_FENCED' && !knowsFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : ErrorCode[error];
}

export function produceErrorOf({ error, isOfCoordinator }: AppendRefusal, apiVersion: number): RefusedAppend {
  if (!isOfCoordinator) return { errorCode: ErrorCode[error], message: null };
  const name = appendErrorName(error, apiVersion >= PRODUCE_ABORTABLE_SINCE);
  if (name === 'INVALID_TXN_STATE') {
    return { errorCode: ErrorCode[name], message: 'Partition was not added to the transaction' };
  }
  const mustSeemRetriable =
    name === 'COORDINATOR_LOAD_IN_PROGRESS' ||
    name === 'COORDINATOR_NOT_AVAILABLE' ||
    name === 'NOT_COORDINATOR' ||
    (name === 'CONCURRENT_TRANSACTIONS' && apiVersion < PRODUCE_ADDS_SINCE);
  if (!mustSeemRetriable) return { errorCode: ErrorCode[name], message: null };
  // Old producers retry this one rightly, and do not ask for metadata first.
  return {
    errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
    message: `Unable to verify the partition has been added to the transaction. Underlying error: ${name}`,
  };
}

export function offsetsErrorOf({ error, isOfCoordinator }: AppendRefusal, apiVersion: number): number {
  return ErrorCode[isOfCoordinator ? appendErrorName(error, apiVersion >= OFFSETS_ABORTABLE_SINCE) : error];
}

function appendErrorName(error: ErrorName, knowsAbortable: boolean): ErrorName {
  if (error === 'PRODUCER_FENCED') return 'INVALID_PRODUCER_EPOCH';
  return error === 'TRANSACTION_ABORTABLE' && !knowsAbortable ? 'INVALID_TXN_STATE' : error;
}
