// What the cleaner knows of transactions while it walks a log from its start (CleanedTransactionMetadata): which batches
// belong to aborted ones and may go, which markers have no data left, which entries of the transaction index stay.

import { isTransactional, lastOffset, producerId } from '../../protocol/records/batch-header.ts';
import { controlTypeOf } from '../../protocol/records/control-records.ts';
import { iterateRecords } from '../../protocol/records/read-records.ts';
import type { AbortedTransactionEntry } from './transaction-index.ts';

interface OngoingAborted {
  readonly entry: AbortedTransactionEntry;
  hasData: boolean;
}

export class CleanedTransactions {
  /** Told of each aborted transaction that still has data: its index entry stays. */
  onKept: (entry: AbortedTransactionEntry) => void = () => {};
  readonly #committed = new Set<bigint>();
  readonly #aborted = new Map<bigint, OngoingAborted>();
  /** Not reached yet, by first offset. */
  #ahead: AbortedTransactionEntry[] = [];

  /** Those that overlap the segment about to be walked. */
  expect(entries: readonly AbortedTransactionEntry[]): void {
    if (entries.length === 0) return;
    this.#ahead = [...this.#ahead, ...entries].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether the batch may go: its transaction was aborted, or, for a marker, has no data left. The whole batch, from its first byte. */
  onBatch(batch: Buffer, options: { readonly isControl: boolean }): boolean {
    this.#reach(lastOffset(batch, 0));
    if (options.isControl) return this.#onMarker(batch);
    if (!isTransactional(batch, 0)) return false;
    const aborted = this.#aborted.get(producerId(batch, 0));
    if (aborted === undefined) {
      this.#committed.add(producerId(batch, 0));
      return false;
    }
    aborted.hasData = true;
    return true;
  }

  #onMarker(batch: Buffer): boolean {
    // Without records it was cleaned before.
    const record = iterateRecords(batch).next();
    if (record.done === true) return true;
    const type = controlTypeOf(record.value.key);
    const id = producerId(batch, 0);
    if (type === 'COMMIT') return !this.#committed.delete(id);
    if (type !== 'ABORT') return false;
    const aborted = this.#aborted.get(id);
    this.#aborted.delete(id);
    if (aborted === undefined || !aborted.hasData) return true;
    this.onKept(aborted.entry);
    return false;
  }

  #reach(offset: number): void {
    let reached = 0;
    for (; reached < this.#ahead.length && this.#ahead[reached]!.firstOffset <= offset; reached++) {
      const entry = this.#ahead[reached]!;
      if (!this.#aborted.has(entry.producerId))
        this.#aborted.set(entry.producerId, { entry, hasData: false });
    }
    if (reached > 0) this.#ahead = this.#ahead.slice(reached);
  }
}
