// `.txnindex`: the aborted transactions whose abort marker lies in the segment (TransactionIndex, AbortedTxn). An entry has
// 34 bytes, big-endian:
//   int16 version 0, int64 producerId, int64 firstOffset, int64 lastOffset (of the marker), int64 lastStableOffset
//   (of the partition once the marker was there: a reader below it needs no later entry)
// In order of the markers; the file exists only once something was aborted. What a reader needs, ordered by first offset,
// is sorted when read.

import type { CachedFile } from '../fs/file-cache.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { readWholeFile } from '../fs/whole-file.ts';
import { readInt64, writeInt64 } from './int64.ts';

export const ABORTED_TRANSACTION_BYTES = 34;

export interface AbortedTransactionEntry {
  readonly producerId: bigint;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly lastStableOffset: number;
}

export class TransactionIndex {
  readonly file: CachedFile;
  readonly #fileSystem: FileSystem;
  #entries: AbortedTransactionEntry[] | null = null;
  #savedCount = 0;
  #isStale = false;

  constructor(fileSystem: FileSystem, file: CachedFile) {
    this.#fileSystem = fileSystem;
    this.file = file;
  }

  entries(): readonly AbortedTransactionEntry[] {
    if (this.#entries === null) {
      const bytes = readWholeFile(this.#fileSystem, this.file.path) ?? Buffer.alloc(0);
      this.#entries = decodeAbortedTransactions(bytes);
      this.#savedCount = this.#entries.length;
      this.#isStale = this.#savedCount * ABORTED_TRANSACTION_BYTES !== bytes.length;
    }
    return this.#entries;
  }

  get hasUnsavedEntries(): boolean {
    return this.#entries !== null && (this.#isStale || this.#savedCount < this.#entries.length);
  }

  /** Whole entries of version 0 that end inside the segment. */
  isSane(baseOffset: number): boolean {
    return (
      this.entries().every(
        entry => entry.lastOffset >= baseOffset && entry.firstOffset <= entry.lastOffset,
      ) && !this.#isStale
    );
  }

  append(entry: AbortedTransactionEntry): void {
    this.entries();
    this.#entries!.push(entry);
  }

  /** Starts over with no entries, whatever the file holds. */
  reset(options: { readonly hasFile: boolean }): void {
    this.#isStale = options.hasFile && this.#fileSystem.stat(this.file.path) !== null;
    this.#entries = [];
    this.#savedCount = 0;
  }

  /** Drops the entries whose marker is at this offset or above. */
  truncateTo(offset: number): void {
    const kept = this.entries().filter(entry => entry.lastOffset < offset);
    if (kept.length === this.#entries!.length) return;
    this.#entries = kept;
    if (this.#savedCount > kept.length) {
      this.#savedCount = kept.length;
      this.#isStale = true;
    }
  }

  /** Brings the file to exactly the entries. No file is made for none. Not synced. */
  save(): void {
    if (!this.hasUnsavedEntries) return;
    if (this.#isStale) this.file.truncate(this.#savedCount * ABORTED_TRANSACTION_BYTES);
    const bytes = encodeAbortedTransactions(this.entries().slice(this.#savedCount));
    this.file.write([bytes], this.#savedCount * ABORTED_TRANSACTION_BYTES);
    this.#savedCount = this.#entries!.length;
    this.#isStale = false;
  }
}

/** Stops at the first entry of another version. */
export function decodeAbortedTransactions(bytes: Buffer): AbortedTransactionEntry[] {
  const entries: AbortedTransactionEntry[] = [];
  for (let at = 0; at + ABORTED_TRANSACTION_BYTES <= bytes.length; at += ABORTED_TRANSACTION_BYTES) {
    if (bytes.readInt16BE(at) !== 0) break;
    entries.push({
      producerId: bytes.readBigInt64BE(at + 2),
      firstOffset: readInt64(bytes, at + 10),
      lastOffset: readInt64(bytes, at + 18),
      lastStableOffset: readInt64(bytes, at + 26),
    });
  }
  return entries;
}

export function encodeAbortedTransactions(entries: readonly AbortedTransactionEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * ABORTED_TRANSACTION_BYTES);
  entries.forEach((entry, index) => {
    const at = index * ABORTED_TRANSACTION_BYTES;
    bytes.writeInt16BE(0, at);
    bytes.writeBigInt64BE(entry.producerId, at + 2);
    writeInt64(bytes, entry.firstOffset, at + 10);
    writeInt64(bytes, entry.lastOffset, at + 18);
    writeInt64(bytes, entry.lastStableOffset, at + 26);
  });
  return bytes;
}
