// The producers of one partition and their transactions (ProducerStateManager, ProducerAppendInfo): what may be appended
// next, what is a resend, where the last stable offset is. `check` reads only; `apply` changes, and is called with exactly
// the batches that are in the log, so that replaying the log rebuilds the same state.

import type { ErrorName } from '../../protocol/errors.ts';
import { incrementSequence, NO_PRODUCER_EPOCH, NO_SEQUENCE } from '../../protocol/records/batch-header.ts';
import type { BatchMetadata } from './producer-entry.ts';
import { isNextSequence, ProducerEntry } from './producer-entry.ts';

/** The header fields that matter here. */
export interface ProducedBatch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastOffsetDelta: number;
  readonly maxTimestamp: number;
  readonly isTransactional: boolean;
  /** Of a control batch that ends a transaction. */
  readonly marker: TransactionMarker | null;
  /** Other control batches do not touch producers. */
  readonly isControl: boolean;
}

export interface TransactionMarker {
  readonly isCommit: boolean;
  readonly coordinatorEpoch: number;
}

export interface ProducerCheck {
  readonly checksSequence: boolean;
  /** 2: a marker's epoch must have grown (KIP-890); below: must not have shrunk. */
  readonly transactionVersion: number;
}

export type ProducerVerdict =
  | { readonly kind: 'duplicate'; readonly batch: BatchMetadata }
  | { readonly kind: 'refused'; readonly error: ErrorName; readonly message: string };

interface Transaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface CompletedTransaction extends Transaction {
  /** Of the marker. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
  /** What the transaction index records: nothing below is undecided any more. */
  readonly lastStableOffset: number;
}

export class ProducerState {
  readonly #entries = new Map<bigint, ProducerEntry>();
  /** By first offset, ascending, because transactions begin in the order of the log. */
  readonly #ongoing = new Map<number, Transaction>();
  /** Ended, but the marker is not yet below the high watermark. */
  #unreplicated: CompletedTransaction[] = [];

  get size(): number {
    return this.#entries.size;
  }

  entries(): IterableIterator<ProducerEntry> {
    return this.#entries.values();
  }

  entry(producerId: bigint): ProducerEntry | undefined {
    return this.#entries.get(producerId);
  }

  hasOngoingTransaction(producerId: bigint): boolean {
    return (this.#entries.get(producerId)?.currentTransactionFirstOffset ?? -1) >= 0;
  }

  /** null: may be appended. */
  check(batch: ProducedBatch, options: ProducerCheck): ProducerVerdict | null {
    const entry = this.#entries.get(batch.producerId);
    if (batch.isControl)
      return batch.marker === null || entry === undefined
        ? null
        : checkMarker(entry, batch, batch.marker, options);
    if (entry === undefined) return null;
    if (options.checksSequence) {
      const lastSequence = lastSequenceOf(batch);
      const duplicate = entry.findBatch({
        producerEpoch: batch.producerEpoch,
        firstSequence: batch.baseSequence,
        lastSequence,
      });
      if (duplicate !== null) return { kind: 'duplicate', batch: duplicate };
    }
    if (batch.producerEpoch < entry.producerEpoch) return staleEpoch(entry, batch.producerEpoch);
    if (options.checksSequence) {
      const refused = checkSequence(entry, batch);
      if (refused !== null) return refused;
    }
    if (entry.currentTransactionFirstOffset >= 0 && !batch.isTransactional) {
      return refuse(
        'INVALID_TXN_STATE',
        `Producer ${batch.producerId} has a transaction open and sent a batch that is not part of it.`,
      );
    }
    return null;
  }

  /** Takes the batch at `baseOffset` into the state. Answers the transaction it ended. */
  apply(batch: ProducedBatch, baseOffset: number): CompletedTransaction | null {
    if (batch.isControl && batch.marker === null) return null;
    let entry = this.#entries.get(batch.producerId);
    if (entry === undefined) {
      entry = new ProducerEntry(batch.producerId);
      this.#entries.set(batch.producerId, entry);
    }
    if (batch.marker !== null)
      return this.#applyMarker(entry, batch, batch.marker, baseOffset + batch.lastOffsetDelta);
    entry.addBatch(batch.producerEpoch, {
      lastSequence: lastSequenceOf(batch),
      lastOffset: baseOffset + batch.lastOffsetDelta,
      offsetDelta: batch.lastOffsetDelta,
      timestamp: batch.maxTimestamp,
    });
    if (batch.isTransactional && entry.currentTransactionFirstOffset < 0) {
      entry.currentTransactionFirstOffset = baseOffset;
      this.#ongoing.set(baseOffset, { producerId: batch.producerId, firstOffset: baseOffset });
    }
    return null;
  }

  #applyMarker(
    entry: ProducerEntry,
    batch: ProducedBatch,
    marker: TransactionMarker,
    offset: number,
  ): CompletedTransaction | null {
    const firstOffset = entry.currentTransactionFirstOffset;
    entry.startEpoch(batch.producerEpoch);
    entry.coordinatorEpoch = marker.coordinatorEpoch;
    entry.currentTransactionFirstOffset = -1;
    entry.lastTimestamp = batch.maxTimestamp;
    if (firstOffset < 0) return null;
    this.#ongoing.delete(firstOffset);
    const completed = {
      producerId: entry.producerId,
      firstOffset,
      lastOffset: offset,
      isAborted: !marker.isCommit,
      lastStableOffset: this.firstUndecidedOffset() ?? offset + 1,
    };
    this.#unreplicated.push(completed);
    return completed;
  }

  /** The first offset of the oldest open transaction. */
  firstUndecidedOffset(): number | null {
    for (const firstOffset of this.#ongoing.keys()) return firstOffset;
    return null;
  }

  /** Also counts ended transactions whose marker could still be lost. */
  firstUnstableOffset(): number | null {
    let first = this.firstUndecidedOffset();
    for (const transaction of this.#unreplicated) {
      if (first === null || transaction.firstOffset < first) first = transaction.firstOffset;
    }
    return first;
  }

  onHighWatermark(highWatermark: number): void {
    if (this.#unreplicated.length > 0) {
      this.#unreplicated = this.#unreplicated.filter(transaction => transaction.lastOffset >= highWatermark);
    }
  }

  /** From a snapshot, into an empty state. */
  load(entries: readonly ProducerEntry[]): void {
    for (const entry of entries) this.#entries.set(entry.producerId, entry);
    const open = entries.filter(entry => entry.currentTransactionFirstOffset >= 0);
    open.sort((a, b) => a.currentTransactionFirstOffset - b.currentTransactionFirstOffset);
    for (const { producerId, currentTransactionFirstOffset: firstOffset } of open)
      this.#ongoing.set(firstOffset, { producerId, firstOffset });
  }

  /** producer.id.expiration.ms; producers with an open transaction stay. */
  removeExpired(options: { readonly nowMs: number; readonly expirationMs: number }): void {
    for (const [producerId, entry] of this.#entries)
      if (isExpired(entry, options)) this.#entries.delete(producerId);
  }
}

export function isExpired(
  entry: ProducerEntry,
  { nowMs, expirationMs }: { readonly nowMs: number; readonly expirationMs: number },
): boolean {
  return entry.currentTransactionFirstOffset < 0 && nowMs - entry.lastTimestamp >= expirationMs;
}

function lastSequenceOf(batch: ProducedBatch): number {
  return batch.baseSequence === NO_SEQUENCE
    ? NO_SEQUENCE
    : incrementSequence(batch.baseSequence, batch.lastOffsetDelta);
}

function checkSequence(entry: ProducerEntry, batch: ProducedBatch): ProducerVerdict | null {
  if (batch.producerEpoch !== entry.producerEpoch) {
    if (batch.baseSequence === 0 || entry.producerEpoch === NO_PRODUCER_EPOCH) return null;
    return refuse(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      `Producer ${batch.producerId} began epoch ${batch.producerEpoch} with sequence number ${batch.baseSequence}; a new epoch begins at 0 (its epoch was ${entry.producerEpoch}).`,
    );
  }
  if (entry.producerEpoch === NO_PRODUCER_EPOCH || isNextSequence(entry.lastSequence, batch.baseSequence))
    return null;
  return refuse(
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    `Out of order sequence number for producer ${batch.producerId}: ${batch.baseSequence} came after ${entry.lastSequence}.`,
  );
}

function checkMarker(
  entry: ProducerEntry,
  batch: ProducedBatch,
  marker: TransactionMarker,
  options: ProducerCheck,
): ProducerVerdict | null {
  const epoch = batch.producerEpoch;
  // A marker written again after its answer was lost: the transaction has ended, the epoch has already grown (KAFKA-19999).
  const isRepeated =
    epoch === entry.producerEpoch && (entry.currentTransactionFirstOffset < 0 || epoch === 32_767);
  const isStale =
    options.transactionVersion >= 2
      ? epoch <= entry.producerEpoch && !isRepeated
      : epoch < entry.producerEpoch;
  if (isStale) return staleEpoch(entry, epoch);
  if (marker.coordinatorEpoch >= entry.coordinatorEpoch) return null;
  return refuse(
    'TRANSACTION_COORDINATOR_FENCED',
    `A marker of producer ${batch.producerId} came from coordinator epoch ${marker.coordinatorEpoch}; ${entry.coordinatorEpoch} was seen already.`,
  );
}

function staleEpoch(entry: ProducerEntry, producerEpoch: number): ProducerVerdict {
  return refuse(
    'INVALID_PRODUCER_EPOCH',
    `Epoch of producer ${entry.producerId} is ${producerEpoch}, which is smaller than the last seen epoch ${entry.producerEpoch}.`,
  );
}

function refuse(error: ErrorName, message: string): ProducerVerdict {
  return { kind: 'refused', error, message };
}
