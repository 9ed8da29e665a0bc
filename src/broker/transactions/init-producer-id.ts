// InitProducerId with a transactional id: who gets which producer id and epoch, and who is fenced. A producer that comes
// anew raises the epoch, which fences its predecessor; one that names its id and epoch (KIP-360) is let on only if nobody
// else came in between. What the predecessor left open is aborted first, and then the question is put again.
// Follows TransactionCoordinator.prepareInitProducerIdTransit and TransactionMetadata.prepareIncrementProducerEpoch.

import type { ErrorName } from '../../protocol/errors.ts';
import { fencedAbort } from './end-transaction.ts';
import {
  changed,
  isEnding,
  isEpochExhausted,
  NO_PARTITIONS,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_TIME,
  type ProducerIdentity,
  type Transaction,
} from './transaction.ts';

export interface InitCommand {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** What the producer says it is; null when it comes anew. */
  readonly expected: ProducerIdentity | null;
}

export interface InitContext {
  readonly nowMs: number;
  /** One nobody has, in case it is needed; null when none was fetched yet. */
  readonly newProducerId: bigint | null;
  /** The finalized transaction.version: aborts that no client asked for follow it. */
  readonly serverVersion: number;
}

export type InitDecision =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  /** Ask again with a new producer id. */
  | { readonly kind: 'needs-producer-id' }
  /** A transaction is being ended: ask again when it is over. */
  | { readonly kind: 'wait' }
  /** The open transaction is aborted: ask again when that is done. */
  | { readonly kind: 'abort'; readonly next: Transaction }
  | { readonly kind: 'ready'; readonly next: Transaction };

export function decideInitProducerId(
  transaction: Transaction | undefined,
  command: InitCommand,
  context: InitContext,
): InitDecision {
  if (transaction === undefined) return newcomer(command, context);
  if (isEnding(transaction)) return { kind: 'wait' };
  const { expected } = command;
  if (expected !== null && !mayClaim(transaction, expected)) return refused('PRODUCER_FENCED');
  if (transaction.state === 'Ongoing') {
    const next = fencedAbort(transaction, context);
    return next === 'needs-producer-id' ? { kind: next } : { kind: 'abort', next };
  }
  if (isEpochExhausted(transaction.producerEpoch) && ownsEpoch(transaction, expected)) {
    return rotated(transaction, command, context);
  }
  const epochs = raisedEpoch(transaction, expected);
  return epochs === null
    ? refused('PRODUCER_FENCED')
    : ready(transaction, { ...epochs, ...emptied(command, context) });
}

function newcomer(command: InitCommand, context: InitContext): InitDecision {
  if (context.newProducerId === null) return { kind: 'needs-producer-id' };
  const next: Transaction = {
    transactionalId: command.transactionalId,
    producerId: context.newProducerId,
    previousProducerId: context.newProducerId,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: 0,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    clientVersion: 0,
    ...emptied(command, context),
  };
  return { kind: 'ready', next };
}

/** The present id (its epoch is looked at later), or the former one when its epochs were used up. */
function mayClaim(transaction: Transaction, expected: ProducerIdentity): boolean {
  return (
    expected.producerId === transaction.producerId ||
    (expected.producerId === transaction.previousProducerId && isEpochExhausted(expected.producerEpoch))
  );
}

function ownsEpoch(transaction: Transaction, expected: ProducerIdentity | null): boolean {
  return expected === null || expected.producerEpoch === transaction.producerEpoch;
}

/** Null: fenced. */
function raisedEpoch(
  { producerEpoch, lastProducerEpoch }: Transaction,
  expected: ProducerIdentity | null,
): Pick<Transaction, 'producerEpoch' | 'lastProducerEpoch'> | null {
  if (expected === null) return { producerEpoch: producerEpoch + 1, lastProducerEpoch: NO_PRODUCER_EPOCH };
  if (expected.producerEpoch === producerEpoch) {
    return { producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch };
  }
  // The answer that raised it was lost: it gets the same again. Anybody who came in between has set the last epoch to -1.
  return expected.producerEpoch === lastProducerEpoch ? { producerEpoch, lastProducerEpoch } : null;
}

function rotated(transaction: Transaction, command: InitCommand, context: InitContext): InitDecision {
  if (context.newProducerId === null) return { kind: 'needs-producer-id' };
  return ready(transaction, {
    producerId: context.newProducerId,
    producerEpoch: 0,
    lastProducerEpoch: command.expected === null ? NO_PRODUCER_EPOCH : transaction.producerEpoch,
    ...emptied(command, context),
  });
}

function emptied({ timeoutMs }: InitCommand, { nowMs }: InitContext) {
  return {
    state: 'Empty',
    timeoutMs,
    partitions: NO_PARTITIONS,
    startMs: NO_TIME,
    lastUpdateMs: nowMs,
  } as const;
}

function ready(transaction: Transaction, change: Partial<Transaction>): InitDecision {
  return { kind: 'ready', next: changed(transaction, change) };
}

function refused(error: ErrorName): InitDecision {
  return { kind: 'refused', error };
}
