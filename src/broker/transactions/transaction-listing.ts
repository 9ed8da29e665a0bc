// DescribeTransactions and ListTransactions: what the coordinator knows, for people who look for a transaction that hangs
// (KIP-664). Reads only.

import { ErrorCode } from '../../protocol/errors.ts';
import { NO_PARTITIONS, STATE_NAMES, type Transaction, type TransactionPartitions } from './transaction.ts';

export interface DescribedTransaction {
  readonly transactionalId: string;
  readonly errorCode: number;
  readonly state: string;
  readonly timeoutMs: number;
  readonly startMs: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly partitions: TransactionPartitions;
}

export interface TransactionFilter {
  /** Empty: any. Names of states that do not exist match nothing. */
  readonly states: ReadonlySet<string>;
  /** Empty: any. */
  readonly producerIds: ReadonlySet<bigint>;
  /** Only those that began longer ago; negative: any. */
  readonly longerThanMs: number;
  readonly matches: (transactionalId: string) => boolean;
}

export interface ListedTransaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly state: string;
}

export function describeTransaction(
  transactionalId: string,
  transaction: Transaction | undefined,
): DescribedTransaction {
  if (transaction === undefined) return notDescribed(transactionalId, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
  const { state, timeoutMs, startMs, producerId, producerEpoch, partitions } = transaction;
  return { transactionalId, errorCode: 0, state, timeoutMs, startMs, producerId, producerEpoch, partitions };
}

export function notDescribed(transactionalId: string, errorCode: number): DescribedTransaction {
  return {
    transactionalId,
    errorCode,
    state: '',
    timeoutMs: 0,
    startMs: 0,
    producerId: 0n,
    producerEpoch: 0,
    partitions: NO_PARTITIONS,
  };
}

export function isKnownState(name: string): boolean {
  return STATE_NAMES.some(known => known === name);
}

export function listTransactions(
  transactions: Iterable<Transaction>,
  filter: TransactionFilter,
  nowMs: number,
): ListedTransaction[] {
  const listed: ListedTransaction[] = [];
  for (const { transactionalId, producerId, state, startMs } of transactions) {
    if (filter.producerIds.size > 0 && !filter.producerIds.has(producerId)) continue;
    if (filter.states.size > 0 && !filter.states.has(state)) continue;
    if (filter.longerThanMs >= 0 && nowMs - startMs <= filter.longerThanMs) continue;
    if (filter.matches(transactionalId)) listed.push({ transactionalId, producerId, state });
  }
  return listed;
}
