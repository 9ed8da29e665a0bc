// Memory for the tails of logs, bounded for the whole process: a slab holds the bytes appended in this turn of the event
// loop until they are written, and afterwards serves readers at the end of the log. A log that needs a slab takes a free
// one, or one whose bytes are all written and that nobody reads (a clock hand finds the least used). All lie in one
// region, of which only what was used takes memory: large enough that it goes back to the operating system as a whole
// when every slab has been idle for a while (smaller pieces, once freed, stay in the C library's heap).

import { detach, type IdleMemory, type IdlePool } from './idle-memory.ts';

/** Several turns of busy appends; a batch that does not fit is written at once instead. */
export const SLAB_BYTES = 256 * 1024;
/** All slabs of the process. */
const SLABS_BYTES_MAX = 32 * 1024 * 1024;

export interface SlabOwner {
  /** Gives the slab up if its bytes are all written. */
  giveUpSlab(): boolean;
}

export class Slab {
  readonly buffer: Buffer;
  owner: SlabOwner | null = null;
  /** Slices of it that have not been released. */
  readers = 0;
  wasUsed = true;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }
}

export class SlabPool implements IdlePool {
  readonly #idle: IdleMemory;
  #region: Buffer | null = null;
  #slabs: Slab[] = [];
  readonly #slabsMax: number;
  #free: Slab[] = [];
  #hand = 0;

  constructor(idle: IdleMemory, options: { readonly bytesMax?: number } = {}) {
    this.#idle = idle;
    this.#slabsMax = Math.max(1, Math.floor((options.bytesMax ?? SLABS_BYTES_MAX) / SLAB_BYTES));
  }

  /** null when every slab is being read or holds bytes not yet written. */
  take(owner: SlabOwner): Slab | null {
    const slab = this.#free.pop() ?? this.#allocate() ?? this.#steal();
    this.#idle.used(this);
    if (slab !== null) {
      slab.owner = owner;
      slab.wasUsed = true;
    }
    return slab;
  }

  /** The owner is done with it; readers may not be. */
  giveBack(slab: Slab): void {
    slab.owner = null;
    if (slab.readers === 0) this.#free.push(slab);
  }

  retain(slab: Slab): void {
    slab.readers += 1;
    slab.wasUsed = true;
  }

  release(slab: Slab): void {
    slab.readers -= 1;
    if (slab.readers === 0 && slab.owner === null) this.#free.push(slab);
  }

  #allocate(): Slab | null {
    if (this.#slabs.length >= this.#slabsMax) return null;
    this.#region ??= Buffer.allocUnsafeSlow(this.#slabsMax * SLAB_BYTES);
    const at = this.#slabs.length * SLAB_BYTES;
    const slab = new Slab(this.#region.subarray(at, at + SLAB_BYTES));
    this.#slabs.push(slab);
    return slab;
  }

  #steal(): Slab | null {
    for (let step = 0; step < 2 * this.#slabs.length; step++) {
      this.#hand = (this.#hand + 1) % this.#slabs.length;
      const slab = this.#slabs[this.#hand]!;
      if (slab.wasUsed) slab.wasUsed = false;
      else if (slab.readers === 0 && slab.owner?.giveUpSlab() === true) return this.#free.pop() ?? null;
    }
    return null;
  }

  /** All of it or nothing. Of a log whose records are not yet in the file nothing is taken. */
  giveBackIdle(): boolean {
    let isIdle = true;
    for (const slab of this.#slabs) {
      isIdle &&= !slab.wasUsed && slab.readers === 0;
      slab.wasUsed = false;
    }
    if (!isIdle) return false;
    for (const slab of this.#slabs) if (slab.owner !== null && !slab.owner.giveUpSlab()) return false;
    if (this.#region !== null) detach(this.#region);
    this.#region = null;
    this.#slabs = [];
    this.#free = [];
    this.#hand = 0;
    return true;
  }
}
