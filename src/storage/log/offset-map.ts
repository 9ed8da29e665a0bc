// For each key the last offset at which it was seen, while a log is cleaned (SkimpyOffsetMap). Keys are kept as the first
// 16 bytes of their SHA-256, so the memory is bounded whatever the keys are: 24 bytes a slot, all taken at the beginning.
// Two keys with the same 16 bytes would lose a record; that is as likely as a disk returning wrong bytes unnoticed.

import type { hash as Hash } from 'node:crypto';
import process from 'node:process';
import { readInt64, writeInt64 } from './int64.ts';

const DIGEST_BYTES = 16;
export const OFFSET_MAP_SLOT_BYTES = DIGEST_BYTES + 8;

export class OffsetMap {
  readonly slots: number;
  /** Up to which offset the map tells the truth; -1 for none. */
  latestOffset = -1;
  readonly #bytes: Buffer;
  #size = 0;

  constructor(slots: number) {
    this.slots = slots;
    this.#bytes = Buffer.alloc(slots * OFFSET_MAP_SLOT_BYTES);
  }

  /** Keys. */
  get size(): number {
    return this.#size;
  }

  /** There must be a free slot. */
  put(key: Buffer, offset: number): void {
    const digest = digestOf(key);
    const at = this.#find(digest);
    if (this.#isEmpty(at)) {
      if (this.#size >= this.slots) throw new RangeError(`The offset map is full (${this.slots} keys).`);
      digest.copy(this.#bytes, at, 0, DIGEST_BYTES);
      this.#size += 1;
    }
    // One more, so that offset 0 is told from an empty slot.
    writeInt64(this.#bytes, offset + 1, at + DIGEST_BYTES);
  }

  /** -1 when the key was not seen. */
  get(key: Buffer): number {
    if (this.#size === 0) return -1;
    const at = this.#find(digestOf(key));
    return readInt64(this.#bytes, at + DIGEST_BYTES) - 1;
  }

  /** The key's slot, or the empty one where it would go; a full map without the key ends where it began. */
  #find(digest: Buffer): number {
    const start = digest.readUInt32BE(0) % this.slots;
    for (let step = 0; step < this.slots; step++) {
      const at = ((start + step) % this.slots) * OFFSET_MAP_SLOT_BYTES;
      if (this.#isEmpty(at) || digest.compare(this.#bytes, at, at + DIGEST_BYTES, 0, DIGEST_BYTES) === 0)
        return at;
    }
    throw new RangeError(`The offset map is full (${this.slots} keys).`);
  }

  #isEmpty(at: number): boolean {
    return readInt64(this.#bytes, at + DIGEST_BYTES) === 0;
  }
}

/** Used at once: the next call overwrites it. A buffer of its own for each key would cost more than the hash. */
const digest = Buffer.alloc(32);
/** Loaded by the first cleaning: node:crypto is 5 ms of a start. */
let sha256: typeof Hash | undefined;

function digestOf(key: Buffer): Buffer {
  sha256 ??= process.getBuiltinModule('node:crypto').hash;
  digest.write(sha256('sha256', key, 'binary'), 'binary');
  return digest;
}
