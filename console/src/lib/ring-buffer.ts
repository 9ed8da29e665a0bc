// The last N items, newest first when read. Keeps a long-open live tail at a constant size and counts what it let go.

export class RingBuffer<Item> {
  readonly capacity: number;
  #items: Item[] = [];
  #dropped = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Items that fell out because newer ones came. */
  get dropped(): number {
    return this.#dropped;
  }

  push(items: readonly Item[]): void {
    this.#items.push(...items.slice(-this.capacity));
    const excess = Math.max(0, this.#items.length - this.capacity);
    this.#dropped += excess + Math.max(0, items.length - this.capacity);
    if (excess > 0) this.#items.splice(0, excess);
  }

  clear(): void {
    this.#items = [];
    this.#dropped = 0;
  }

  newestFirst(): Item[] {
    return this.#items.toReversed();
  }
}
