// What is kept in memory of files that can be read again at any time, bounded for all of a store together. Which content
// goes is found by a clock hand (used since the hand last passed: skipped once). What cannot be given up, because its file
// does not have all of it, stays.

/** The indexes of some ten gigabytes of records. */
const CONTENTS_BYTES_MAX = 64 * 1024 * 1024;

export interface LoadedContent {
  wasUsed: boolean;
  /** False when it has to stay. */
  unload(): boolean;
}

export class LoadedContents {
  readonly #bytesMax: number;
  /** In the order in which the hand comes to them. */
  readonly #contents = new Map<LoadedContent, number>();
  #bytes = 0;

  constructor(options: { readonly bytesMax?: number } = {}) {
    this.#bytesMax = options.bytesMax ?? CONTENTS_BYTES_MAX;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** It was just loaded; others may have to go for it. */
  admit(content: LoadedContent, bytes: number): void {
    this.forget(content);
    for (let step = 2 * this.#contents.size; step > 0 && this.#bytes + bytes > this.#bytesMax; step--) {
      const [next, size] = this.#contents.entries().next().value!;
      if (!next.wasUsed && next.unload()) {
        this.forget(next);
        continue;
      }
      next.wasUsed = false;
      this.#contents.delete(next);
      this.#contents.set(next, size);
    }
    this.#contents.set(content, bytes);
    this.#bytes += bytes;
  }

  /** It is in memory no more. */
  forget(content: LoadedContent): void {
    this.#bytes -= this.#contents.get(content) ?? 0;
    this.#contents.delete(content);
  }
}
