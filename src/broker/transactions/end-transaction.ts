// The end of a transaction: who may ask for it, and the states it goes through. Prepare decides for good and is written
// before any marker; Complete follows when every partition has its marker. With KIP-890 (client version 2) every end
// raises the epoch, so that nothing that was late in one transaction can get into the next; a repeated request is known
// by the epoch before. Follows TransactionCoordinator.endTransaction and endTransactionWithTV1.
//
//                     | abort by the epoch before | abort | commit by the epoch before | commit     (client version 2)
//   Empty             | PRODUCER_FENCED           | bump  | PRODUCER_FENCED            | INVALID_TXN_STATE
//   CompleteAbort     | none                      | bump  | INVALID_TXN_STATE          | INVALID_TXN_STATE
//   CompleteCommit    | INVALID_TXN_STATE         | bump  | none                       | INVALID_TXN_STATE
//
// Abort is accepted with nothing open, because a client need not know whether anything of it reached a partition.

import type { ErrorName } from '../../protocol/errors.ts';
import {
  changed,
  EPOCH_BUMP_VERSION,
  EPOCH_EXHAUSTED,
  isEnding,
  isEpochExhausted,
  NO_PARTITIONS,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  nextEpoch,
  type ProducerIdentity,
  type Transaction,
} from './transaction.ts';

export interface EndCommand extends ProducerIdentity {
  readonly transactionalId: string;
  readonly isCommit: boolean;
  /** 2 when the producer raises its epoch with every transaction, else 0. */
  readonly clientVersion: number;
}

export interface EndContext {
  readonly nowMs: number;
  readonly newProducerId: bigint | null;
}

export type EndDecision =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  | { readonly kind: 'needs-producer-id' }
  /** It has been done before: success again. */
  | { readonly kind: 'repeated'; readonly transaction: Transaction }
  | { readonly kind: 'prepared'; readonly next: Transaction };

export function decideEndTransaction(
  transaction: Transaction | undefined,
  command: EndCommand,
  context: EndContext,
): EndDecision {
  if (transaction === undefined) return refused('INVALID_PRODUCER_ID_MAPPING');
  return command.clientVersion >= EPOCH_BUMP_VERSION
    ? decideWithBump(transaction, command, context)
    : decideWithoutBump(transaction, command, context);
}

function decideWithoutBump(transaction: Transaction, command: EndCommand, context: EndContext): EndDecision {
  if (transaction.producerId !== command.producerId) return refused('INVALID_PRODUCER_ID_MAPPING');
  if (transaction.producerEpoch !== command.producerEpoch) return refused('PRODUCER_FENCED');
  if (transaction.state === 'Ongoing') return prepared(transaction, command, context);
  if (isEnding(transaction)) return refused('CONCURRENT_TRANSACTIONS');
  const isSame = transaction.state === (command.isCommit ? 'CompleteCommit' : 'CompleteAbort');
  return isSame ? { kind: 'repeated', transaction } : refused('INVALID_TXN_STATE');
}

function decideWithBump(transaction: Transaction, command: EndCommand, context: EndContext): EndDecision {
  // First of all, because the id and the epoch are about to change.
  if (isEnding(transaction)) return refused('CONCURRENT_TRANSACTIONS');
  const isAfterRotation = isRepeatAfterRotation(transaction, command);
  if (transaction.producerId !== command.producerId && !isAfterRotation)
    return refused('INVALID_PRODUCER_ID_MAPPING');
  const isComplete = transaction.state === 'CompleteCommit' || transaction.state === 'CompleteAbort';
  const isOneBehind = transaction.producerEpoch === command.producerEpoch + 1;
  if (isComplete && (isOneBehind || isAfterRotation)) return repeated(transaction, command);
  if (transaction.producerEpoch !== command.producerEpoch) return refused('PRODUCER_FENCED');
  return transaction.state === 'Ongoing' || !command.isCommit
    ? prepared(transaction, command, context)
    : refused('INVALID_TXN_STATE');
}

/** The request that used up the last epoch, once more: the producer has another id by now. */
function isRepeatAfterRotation(transaction: Transaction, command: EndCommand): boolean {
  return (
    transaction.previousProducerId === command.producerId &&
    command.producerEpoch === EPOCH_EXHAUSTED &&
    transaction.producerEpoch === 0
  );
}

function repeated(transaction: Transaction, { isCommit }: EndCommand): EndDecision {
  const isSame = transaction.state === (isCommit ? 'CompleteCommit' : 'CompleteAbort');
  return isSame ? { kind: 'repeated', transaction } : refused('INVALID_TXN_STATE');
}

function prepared(transaction: Transaction, command: EndCommand, context: EndContext): EndDecision {
  const next = prepare(transaction, { ...command, ...context });
  return next === 'needs-producer-id' ? { kind: next } : { kind: 'prepared', next };
}

interface Preparation extends EndContext {
  readonly isCommit: boolean;
  readonly clientVersion: number;
}

/** TransactionMetadata.prepareAbortOrCommit */
function prepare(
  transaction: Transaction,
  { isCommit, clientVersion, nowMs, newProducerId }: Preparation,
): Transaction | 'needs-producer-id' {
  const bumps = clientVersion >= EPOCH_BUMP_VERSION;
  const needsProducerId = bumps && isEpochExhausted(transaction.producerEpoch);
  if (needsProducerId && newProducerId === null) return 'needs-producer-id';
  const epochs = bumps
    ? { producerEpoch: nextEpoch(transaction.producerEpoch), lastProducerEpoch: transaction.producerEpoch }
    : {};
  return changed(transaction, {
    ...epochs,
    state: isCommit ? 'PrepareCommit' : 'PrepareAbort',
    nextProducerId: needsProducerId && newProducerId !== null ? newProducerId : NO_PRODUCER_ID,
    startMs: transaction.state === 'Ongoing' ? transaction.startMs : nowMs,
    lastUpdateMs: nowMs,
    clientVersion: bumps ? clientVersion : 0,
  });
}

/** An abort that the producer did not ask for: its epoch is raised in any case, which fences it. */
export function fencedAbort(
  transaction: Transaction,
  { serverVersion, ...context }: EndContext & { readonly serverVersion: number },
): Transaction | 'needs-producer-id' {
  const fenced =
    serverVersion >= EPOCH_BUMP_VERSION
      ? transaction
      : {
          ...transaction,
          producerEpoch: nextEpoch(transaction.producerEpoch),
          lastProducerEpoch: NO_PRODUCER_EPOCH,
        };
  return prepare(fenced, { ...context, isCommit: false, clientVersion: serverVersion });
}

/** The timeout of a transaction has passed (TransactionStateManager.timedOutTransactions). */
export function isTimedOut({ state, startMs, timeoutMs }: Transaction, nowMs: number): boolean {
  return state === 'Ongoing' && startMs + timeoutMs < nowMs;
}

/** Every partition has its marker (TransactionMetadata.prepareComplete). */
export function completed(transaction: Transaction, nowMs: number): Transaction {
  const rotates =
    transaction.clientVersion >= EPOCH_BUMP_VERSION && transaction.nextProducerId !== NO_PRODUCER_ID;
  return changed(transaction, {
    ...(rotates ? { producerId: transaction.nextProducerId, producerEpoch: 0 } : {}),
    state: transaction.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    nextProducerId: NO_PRODUCER_ID,
    partitions: NO_PARTITIONS,
    lastUpdateMs: nowMs,
  });
}

function refused(error: ErrorName): EndDecision {
  return { kind: 'refused', error };
}
