// A queue that gives the least first. Among equals it gives what java.util.PriorityQueue gives, so that the same group is
// assigned the same tasks as by Apache Kafka: the way of an item up and down the heap is fixed, not only its end.

export class LeastFirst<Item> {
  readonly #items: Item[] = [];
  readonly #weightOf: (item: Item) => number;

  constructor(items: Iterable<Item>, weightOf: (item: Item) => number) {
    this.#weightOf = weightOf;
    for (const item of items) this.add(item);
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    const weight = this.#weightOf(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (weight >= this.#weightOf(items[parent]!)) break;
      items[index] = items[parent]!;
      index = parent;
    }
    items[index] = item;
  }

  /** The least, taken out. */
  take(): Item | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (items.length > 0) this.#sink(last!);
    return least;
  }

  #sink(item: Item): void {
    const items = this.#items;
    const weight = this.#weightOf(item);
    let index = 0;
    while (index < items.length >> 1) {
      let child = 2 * index + 1;
      const right = child + 1;
      if (right < items.length && this.#weightOf(items[child]!) > this.#weightOf(items[right]!))
        child = right;
      if (weight <= this.#weightOf(items[child]!)) break;
      items[index] = items[child]!;
      index = child;
    }
    items[index] = item;
  }
}
