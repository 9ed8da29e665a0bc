// One file of the memory disk: what the process sees (`live`) and what a power cut would leave (`durable`), with the
// sectors that differ. A sync makes durable what was written before it began, nothing later. A crash decides sector by
// sector: old, new, or torn in the middle; bytes that were synced are in both and survive.

/** What a disk writes at once. */
export const SECTOR_BYTES = 512;

export type Random = () => number;

export class MemoryFileContent {
  #live = Buffer.alloc(0);
  #liveSize = 0;
  #durable = Buffer.alloc(0);
  #durableSize = 0;
  /** Sectors changed since the last sync began. */
  readonly #dirty = new Set<number>();
  /** Sectors a sync took that has not ended. */
  readonly #syncing = new Set<number>();
  #syncsBegun = 0;
  #lastSyncEnded = 0;
  readonly #tracksDurability: boolean;
  modifiedMs = 0;

  constructor(options: { readonly tracksDurability: boolean }) {
    this.#tracksDurability = options.tracksDurability;
  }

  get size(): number {
    return this.#liveSize;
  }

  get hasUnsyncedData(): boolean {
    return this.#dirty.size > 0 || this.#syncing.size > 0 || this.#liveSize !== this.#durableSize;
  }

  read(buffer: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(buffer.length, this.#liveSize - position));
    if (count > 0) buffer.set(this.#live.subarray(position, position + count));
    return count;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    this.#live = grown(this.#live, end);
    if (position > this.#liveSize) this.#live.fill(0, this.#liveSize, position);
    this.#markDirty(Math.min(position, this.#liveSize), end);
    this.#live.set(bytes, position);
    this.#liveSize = Math.max(this.#liveSize, end);
  }

  truncate(size: number): void {
    this.#live = grown(this.#live, size);
    if (size > this.#liveSize) this.#live.fill(0, this.#liveSize, size);
    this.#markDirty(Math.min(size, this.#liveSize), Math.max(size, this.#liveSize));
    this.#liveSize = size;
  }

  /** Takes what is to become durable; calling the answer makes it so. */
  beginSync(): () => void {
    if (!this.#tracksDurability) return () => {};
    const size = this.#liveSize;
    const sequence = ++this.#syncsBegun;
    const sectors = [...this.#dirty, ...this.#syncing].map(sector => ({
      sector,
      bytes: Buffer.from(this.#sectorOf(this.#live, sector, size)),
    }));
    for (const sector of this.#dirty) this.#syncing.add(sector);
    this.#dirty.clear();
    return () => {
      if (sequence < this.#lastSyncEnded) return;
      this.#lastSyncEnded = sequence;
      this.#durable = grown(this.#durable, size);
      if (size > this.#durableSize) this.#durable.fill(0, this.#durableSize, size);
      for (const { sector, bytes } of sectors)
        if (bytes.length > 0) this.#durable.set(bytes, sector * SECTOR_BYTES);
      this.#durableSize = size;
      if (sequence === this.#syncsBegun) this.#syncing.clear();
    };
  }

  afterCrash(random: Random): MemoryFileContent {
    const survivor = new MemoryFileContent({ tracksDurability: this.#tracksDurability });
    const [low, high] = [
      Math.min(this.#durableSize, this.#liveSize),
      Math.max(this.#durableSize, this.#liveSize),
    ];
    const dice = random();
    const size =
      dice < 0.4
        ? this.#durableSize
        : dice < 0.8
          ? this.#liveSize
          : low + Math.floor(random() * (high - low + 1));
    const content = Buffer.alloc(size);
    content.set(this.#durable.subarray(0, Math.min(size, this.#durableSize)));
    const keep = random();
    for (const sector of new Set([...this.#syncing, ...this.#dirty])) {
      const start = sector * SECTOR_BYTES;
      const fresh = this.#sectorOf(this.#live, sector, Math.min(size, this.#liveSize));
      if (fresh.length === 0) continue;
      const fate = random();
      if (fate < keep) content.set(fresh, start);
      else if (fate < keep + 0.1) content.set(fresh.subarray(0, Math.floor(random() * fresh.length)), start);
    }
    survivor.#live = content;
    survivor.#liveSize = size;
    survivor.#durable = Buffer.from(content);
    survivor.#durableSize = size;
    survivor.modifiedMs = this.modifiedMs;
    return survivor;
  }

  #sectorOf(bytes: Buffer, sector: number, size: number): Buffer {
    return bytes.subarray(Math.min(sector * SECTOR_BYTES, size), Math.min((sector + 1) * SECTOR_BYTES, size));
  }

  #markDirty(start: number, end: number): void {
    if (!this.#tracksDurability) return;
    for (let sector = Math.floor(start / SECTOR_BYTES); sector * SECTOR_BYTES < end; sector++)
      this.#dirty.add(sector);
  }
}

function grown(buffer: Buffer, size: number): Buffer<ArrayBuffer> {
  if (size <= buffer.length) return buffer as Buffer<ArrayBuffer>;
  const larger = Buffer.alloc(Math.max(size, 2 * buffer.length, 256));
  larger.set(buffer);
  return larger;
}
