// Buffers that reads of files are made into, lent until `release`. A new buffer of this size costs more than reading into
// it, so a bounded number is kept; beyond that buffers are made and left to the garbage collector.

import { detach, type IdleMemory, type IdlePool } from './idle-memory.ts';

const SMALL_BYTES = 64 * 1024;
export const LARGE_BYTES = 1024 * 1024;
/** 16 MB and 4 MB: fetches in flight to some dozen consumers. */
const LARGE_KEPT_MAX = 16;
const SMALL_KEPT_MAX = 64;

export class ReadPool implements IdlePool {
  readonly #idle: IdleMemory;
  readonly #small: Buffer[] = [];
  readonly #large: Buffer[] = [];

  constructor(idle: IdleMemory) {
    this.#idle = idle;
  }

  /** At least `size` bytes, for sizes up to LARGE_BYTES. */
  take(size: number): Buffer {
    if (size <= SMALL_BYTES) return this.#small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES);
    return this.#large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES);
  }

  giveBack(buffer: Buffer): void {
    this.#idle.used(this);
    if (buffer.length === SMALL_BYTES) {
      if (this.#small.length < SMALL_KEPT_MAX) this.#small.push(buffer);
    } else if (this.#large.length < LARGE_KEPT_MAX) {
      this.#large.push(buffer);
    }
  }

  /** Empties the list, so that a second call gives back nothing. */
  giveBackAll(buffers: Buffer[]): void {
    for (const buffer of buffers) this.giveBack(buffer);
    buffers.length = 0;
  }

  giveBackIdle(): boolean {
    for (const buffer of this.#small.splice(0)) detach(buffer);
    for (const buffer of this.#large.splice(0)) detach(buffer);
    return true;
  }
}
