// The end of the active segment while it is in memory: batches of this turn wait here to be written with one call, and
// stay to be read. The copy made here is the only one an appended batch costs, and what allows its sender's buffer to be
// used again at once.

import { BATCH_OVERHEAD, sizeInBytes } from '../../protocol/records/batch-header.ts';
import type { ByteSource } from './batch-cursor.ts';
import { writeInt64 } from './int64.ts';
import type { Slab, SlabOwner, SlabPool } from './slab-pool.ts';
import { SLAB_BYTES } from './slab-pool.ts';

export interface Stamp {
  readonly baseOffset: number;
  /** Exclusive. */
  readonly endOffset: number;
  readonly leaderEpoch: number;
}

/** A file to append to: write all or throw. */
export interface AppendFile extends ByteSource {
  write(buffers: readonly Uint8Array[], position: number): void;
}

export class LogTail implements ByteSource, SlabOwner {
  readonly #pool: SlabPool;
  #file: AppendFile;
  #slab: Slab | null = null;
  /** Position in the file of the slab's first byte. */
  #start: number;
  #used = 0;
  #written = 0;
  #endOffset: number;
  #writtenEndOffset: number;

  constructor(pool: SlabPool, file: AppendFile, end: { readonly position: number; readonly offset: number }) {
    this.#pool = pool;
    this.#file = file;
    this.#start = end.position;
    this.#endOffset = end.offset;
    this.#writtenEndOffset = end.offset;
  }

  /** Exclusive: what the file has whole. */
  get writtenEndOffset(): number {
    return this.#writtenEndOffset;
  }

  /** Where the next batch goes. */
  get endPosition(): number {
    return this.#start + this.#used;
  }

  get writtenPosition(): number {
    return this.#start + this.#written;
  }

  get memoryFrom(): number {
    return this.#slab === null ? Number.POSITIVE_INFINITY : this.#start;
  }

  get hasPending(): boolean {
    return this.#written < this.#used;
  }

  /** Copies the batch and stamps the copy; a batch too large for a slab is written at once. Throws when a write fails. */
  append(batch: Buffer, stamp: Stamp): void {
    if (batch.length > SLAB_BYTES || !this.#makeRoom(batch.length)) {
      this.#writeThrough(batch, stamp);
      return;
    }
    const { buffer } = this.#slab!;
    const at = this.#used;
    batch.copy(buffer, at);
    writeInt64(buffer, stamp.baseOffset, at);
    buffer.writeInt32BE(stamp.leaderEpoch, at + 12);
    this.#used = at + batch.length;
    this.#endOffset = stamp.endOffset;
    this.#slab!.wasUsed = true;
  }

  /** One write for everything since the last. */
  writePending(): void {
    if (!this.hasPending) return;
    this.#file.write([this.#slab!.buffer.subarray(this.#written, this.#used)], this.#start + this.#written);
    this.#written = this.#used;
    this.#writtenEndOffset = this.#endOffset;
  }

  /** Forgets what was not written. */
  dropPending(): void {
    this.#used = this.#written;
    this.#endOffset = this.#writtenEndOffset;
  }

  /** The next batch goes to the start of another file. Everything must be written. */
  moveTo(file: AppendFile): void {
    this.#file = file;
    this.#startAt(0);
  }

  read(buffer: Uint8Array, position: number): number {
    const wanted = Math.min(buffer.length, this.endPosition - position);
    if (wanted <= 0) return 0;
    const fromFile = Math.max(0, Math.min(wanted, this.#start - position));
    if (fromFile > 0) {
      const got = this.#file.read(buffer.subarray(0, fromFile), position);
      if (got < fromFile) return got;
    }
    if (wanted > fromFile) {
      const at = position + fromFile - this.#start;
      buffer.set(this.#slab!.buffer.subarray(at, at + wanted - fromFile), fromFile);
    }
    return wanted;
  }

  /** Of the batch that begins at the position; 0 when it is not here. */
  batchSizeAt(position: number): number {
    const at = position - this.#start;
    if (this.#slab === null || at < 0 || at + BATCH_OVERHEAD > this.#used) return 0;
    return sizeInBytes(this.#slab.buffer, at);
  }

  /** The bytes themselves when all of them are here, with how to let them go; null otherwise. */
  lend(position: number, size: number): { readonly bytes: Buffer; readonly release: () => void } | null {
    const slab = this.#slab;
    const at = position - this.#start;
    if (slab === null || at < 0 || at + size > this.#used) return null;
    this.#pool.retain(slab);
    return { bytes: slab.buffer.subarray(at, at + size), release: () => this.#pool.release(slab) };
  }

  giveUpSlab(): boolean {
    if (this.hasPending || this.#slab === null) return false;
    this.#startAt(this.endPosition);
    return true;
  }

  #startAt(position: number): void {
    if (this.#slab !== null) this.#pool.giveBack(this.#slab);
    this.#slab = null;
    this.#start = position;
    this.#used = 0;
    this.#written = 0;
  }

  #makeRoom(size: number): boolean {
    if (this.#slab !== null && this.#used + size <= SLAB_BYTES) return true;
    this.writePending();
    this.#startAt(this.endPosition);
    this.#slab = this.#pool.take(this);
    return this.#slab !== null;
  }

  #writeThrough(batch: Buffer, stamp: Stamp): void {
    this.writePending();
    const position = this.endPosition;
    const header = Buffer.from(batch.subarray(0, BATCH_OVERHEAD));
    writeInt64(header, stamp.baseOffset, 0);
    header.writeInt32BE(stamp.leaderEpoch, 12);
    this.#file.write([header, batch.subarray(BATCH_OVERHEAD)], position);
    this.#startAt(position + batch.length);
    this.#endOffset = stamp.endOffset;
    this.#writtenEndOffset = stamp.endOffset;
  }
}
