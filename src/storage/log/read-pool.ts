// Buffers that reads of files are made into, lent until `release`. A new buffer of this size costs more than reading into
// it, so a bounded number is kept; beyond that buffers are made and left to the garbage collector.

const SMALL_BYTES = 64 * 1024;
export const LARGE_BYTES = 1024 * 1024;
/** 16 MB and 4 MB: fetches in flight to some dozen consumers. */
const LARGE_KEPT_MAX = 16;
const SMALL_KEPT_MAX = 64;

export class ReadPool {
  readonly #small: Buffer[] = [];
  readonly #large: Buffer[] = [];

  /** At least `size` bytes, for sizes up to LARGE_BYTES. */
  take(size: number): Buffer {
    if (size <= SMALL_BYTES) return this.#small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES);
    return this.#large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES);
  }

  giveBack(buffer: Buffer): void {
    if (buffer.length === SMALL_BYTES) {
      if (this.#small.length < SMALL_KEPT_MAX) this.#small.push(buffer);
    } else if (this.#large.length < LARGE_KEPT_MAX) {
      this.#large.push(buffer);
    }
  }
}
