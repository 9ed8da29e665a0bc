// A transactional id and where its transaction stands: one immutable value, the unit that __transaction_state keeps.
// Follows Apache Kafka's TransactionMetadata; which state may follow which is decided in the files beside this one.
//
// Empty, CompleteCommit and CompleteAbort: nothing is open. Ongoing: partitions may hold records of it. PrepareCommit and
// PrepareAbort: decided for good, the markers are being written.

export const STATE_NAMES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TransactionStateName = (typeof STATE_NAMES)[number];

export const NO_PRODUCER_ID = -1n;
export const NO_PRODUCER_EPOCH = -1;
export const NO_TIME = -1;
const EPOCH_MAX = 32_767;
/** The largest epoch is the coordinator's own: with it, it can always fence (TransactionMetadata.isEpochExhausted). */
export const EPOCH_EXHAUSTED = EPOCH_MAX - 1;
/** From this transaction.version on, every end of a transaction raises the epoch (KIP-890). */
export const EPOCH_BUMP_VERSION = 2;

/** Topic to partitions, in the order in which they were added. */
export type TransactionPartitions = ReadonlyMap<string, readonly number[]>;
export const NO_PARTITIONS: TransactionPartitions = new Map();

export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  /** The id before the last change of state; usually the same. */
  readonly previousProducerId: bigint;
  /** While a transaction ends with its epochs used up: the id the producer goes on with. */
  readonly nextProducerId: bigint;
  readonly producerEpoch: number;
  /** What the producer may still believe, when the answer that raised its epoch was lost. Not in the log: -1 after a restart. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionStateName;
  readonly partitions: TransactionPartitions;
  /** -1 until there has been a transaction; stays when it is over. */
  readonly startMs: number;
  readonly lastUpdateMs: number;
  /** The transaction.version its producer goes by: 0, or 2 for KIP-890. */
  readonly clientVersion: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Who claims to be the producer of a transactional id. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= EPOCH_EXHAUSTED;
}

export function nextEpoch(producerEpoch: number): number {
  return Math.min(producerEpoch + 1, EPOCH_MAX);
}

export function isEnding({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort';
}

/** The transaction after a change: the id it had is always remembered (TransactionMetadata.prepareTransitionTo). */
export function changed(transaction: Transaction, change: Partial<Transaction>): Transaction {
  return { ...transaction, previousProducerId: transaction.producerId, ...change };
}

export function hasPartition(
  partitions: TransactionPartitions,
  { topic, partition }: TopicPartition,
): boolean {
  return partitions.get(topic)?.includes(partition) ?? false;
}

export function withPartitions(
  partitions: TransactionPartitions,
  added: readonly TopicPartition[],
): TransactionPartitions {
  const all = new Map(partitions);
  for (const { topic, partition } of added) {
    const known = all.get(topic) ?? [];
    if (!known.includes(partition)) all.set(topic, [...known, partition]);
  }
  return all;
}

export function* eachPartition(partitions: TransactionPartitions): IterableIterator<TopicPartition> {
  for (const [topic, numbers] of partitions) for (const partition of numbers) yield { topic, partition };
}
