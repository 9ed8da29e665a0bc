// Walks the record batches of a file (or of the tail that is still in memory) without trusting a length: a batch that
// does not fit, is smaller than its header or has another magic than 2 is `damaged`, and so is an incomplete end. Offsets
// and checksums are the caller's to judge. One cursor keeps one buffer; nothing is allocated per batch.

import { BATCH_OVERHEAD, magic, sizeInBytes } from '../../protocol/records/batch-header.ts';

const BUFFER_BYTES_MIN = 4096;

export interface ByteSource {
  /** Fills the buffer from `position`; fewer bytes only at the end. */
  read(buffer: Uint8Array, position: number): number;
  /** What lies from here on is in memory and never was on a disk's word. */
  readonly memoryFrom?: number;
}

export class BatchCursor {
  /** Holds the header of the current batch at `at`; the whole batch when the cursor was made so. */
  buffer: Buffer = Buffer.alloc(0);
  at = 0;
  /** Of the current batch, in the file. After `damaged` or `end`: where it stopped. */
  position = 0;
  sizeInBytes = 0;
  readonly #wholeBatches: boolean;
  readonly #bufferBytes: number;
  #source: ByteSource = { read: () => 0 };
  #end = 0;
  #bufferStart = 0;
  #bufferEnd = 0;
  /** How much the next read takes, when there is so much. */
  #blockBytes = 0;

  constructor(options: { readonly bufferBytes: number; readonly wholeBatches: boolean }) {
    this.#bufferBytes = options.bufferBytes;
    this.#wholeBatches = options.wholeBatches;
  }

  /** The next `next` looks at `position`; nothing at or beyond `end` is read. `firstBytes`: of the first read, when it is known what is wanted. */
  start(source: ByteSource, position: number, end: number, firstBytes = this.#usualBytes): void {
    this.#source = source;
    this.#end = end;
    this.position = position;
    this.sizeInBytes = 0;
    this.#bufferStart = position;
    this.#bufferEnd = position;
    this.#blockBytes = firstBytes;
  }

  get #usualBytes(): number {
    return Math.max(this.#bufferBytes, BUFFER_BYTES_MIN);
  }

  /** Exclusive: nothing there or behind is read. */
  get end(): number {
    return this.#end;
  }

  /** Whether the next batch lies in the buffer whole, as far as its length can be believed. */
  get holdsNext(): boolean {
    const at = this.position + this.sizeInBytes - this.#bufferStart;
    const held = this.#bufferEnd - this.#bufferStart - at;
    return held >= BATCH_OVERHEAD && sizeInBytes(this.buffer, at) <= held;
  }

  next(): 'batch' | 'end' | 'damaged' {
    this.position += this.sizeInBytes;
    this.sizeInBytes = 0;
    const left = this.#end - this.position;
    if (left <= 0) return 'end';
    if (left < BATCH_OVERHEAD || !this.#has(BATCH_OVERHEAD)) return 'damaged';
    const size = sizeInBytes(this.buffer, this.at);
    if (size < BATCH_OVERHEAD || size > left || magic(this.buffer, this.at) !== 2) return 'damaged';
    if (this.#wholeBatches && !this.#has(size)) return 'damaged';
    this.sizeInBytes = size;
    return 'batch';
  }

  /** The current batch, whole; a view for cursors of whole batches. */
  batch(): Buffer {
    return this.buffer.subarray(this.at, this.at + this.sizeInBytes);
  }

  /** Makes `size` bytes from `position` lie in the buffer. */
  #has(size: number): boolean {
    if (this.position < this.#bufferStart || this.position + size > this.#bufferEnd) {
      // No more than the file has: most files that are read at start are small.
      const wanted = Math.min(Math.max(size, this.#blockBytes), this.#end - this.position);
      this.#blockBytes = this.#usualBytes;
      if (wanted > this.buffer.length)
        this.buffer = Buffer.allocUnsafeSlow(Math.max(wanted, BUFFER_BYTES_MIN));
      const target = wanted === this.buffer.length ? this.buffer : this.buffer.subarray(0, wanted);
      const got = this.#source.read(target, this.position);
      this.#bufferStart = this.position;
      this.#bufferEnd = this.position + got;
    }
    this.at = this.position - this.#bufferStart;
    return this.position + size <= this.#bufferEnd;
  }
}
