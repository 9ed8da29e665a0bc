// Where in a segment readers stopped: a consumer asks next for the offset behind what it got, and its place is then known
// without a search. Some readers at once; whoever is forgotten is searched for again. Only a hint: who uses it looks at
// what lies there.

const READERS_MAX = 4;

export class ServedEnds {
  readonly #offsets: number[] = [];
  readonly #positions: number[] = [];
  #hand = 0;

  /** Where the batch that begins with the offset lies; -1 when nobody stopped there. */
  positionOf(offset: number): number {
    const index = this.#offsets.indexOf(offset);
    return index < 0 ? -1 : this.#positions[index]!;
  }

  /** A reader was given all up to `offset`; `from` is what it had asked for. */
  note({ from, offset, position }: { from: number; offset: number; position: number }): void {
    let index = this.#offsets.indexOf(from);
    if (index < 0) {
      index = this.#hand;
      this.#hand = (index + 1) % READERS_MAX;
    }
    this.#offsets[index] = offset;
    this.#positions[index] = position;
  }
}
