// Memory for the tails of logs, bounded for the whole process: a slab holds the bytes appended in this turn of the event
// loop until they are written, and afterwards serves readers at the end of the log. A log that needs a slab takes a free
// one, or one whose bytes are all written and that nobody reads (a clock hand finds the least used).

/** Several turns of busy appends; a batch that does not fit is written at once instead. */
export const SLAB_BYTES = 256 * 1024;
/** All slabs of the process. */
const SLABS_BYTES_MAX = 32 * 1024 * 1024;

export interface SlabOwner {
  /** Gives the slab up if its bytes are all written. */
  giveUpSlab(): boolean;
}

export class Slab {
  readonly buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  owner: SlabOwner | null = null;
  /** Slices of it that have not been released. */
  readers = 0;
  wasUsed = true;
}

export class SlabPool {
  readonly #slabs: Slab[] = [];
  readonly #slabsMax: number;
  #free: Slab[] = [];
  #hand = 0;

  constructor(options: { readonly bytesMax?: number } = {}) {
    this.#slabsMax = Math.max(1, Math.floor((options.bytesMax ?? SLABS_BYTES_MAX) / SLAB_BYTES));
  }

  /** null when every slab is being read or holds bytes not yet written. */
  take(owner: SlabOwner): Slab | null {
    const slab = this.#free.pop() ?? this.#allocate() ?? this.#steal();
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
    const slab = new Slab();
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
}
