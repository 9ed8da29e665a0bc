// Who waits for which offset to be safe. Almost always asked in ascending order, and answered in the order asked for a log.

import type { KafkaError } from '../../protocol/errors.ts';

export type DurableCallback = (error: KafkaError | null) => void;

export class DurableWaiters {
  #offsets: number[] = [];
  #callbacks: DurableCallback[] = [];
  #head = 0;

  add(endOffset: number, callback: DurableCallback): void {
    this.#offsets.push(endOffset);
    this.#callbacks.push(callback);
  }

  /** Calls all that wait for this offset or less; one that waits for more holds back those behind it. */
  release(safeOffset: number): void {
    while (this.#head < this.#offsets.length && this.#offsets[this.#head]! <= safeOffset)
      this.#callNext(null);
    this.#compact();
  }

  /** Those that wait for more than this offset learn that it will not come. */
  failAbove(offset: number, error: KafkaError): void {
    const failed: DurableCallback[] = [];
    const offsets: number[] = [];
    const callbacks: DurableCallback[] = [];
    for (let index = this.#head; index < this.#offsets.length; index++) {
      if (this.#offsets[index]! > offset) {
        failed.push(this.#callbacks[index]!);
      } else {
        offsets.push(this.#offsets[index]!);
        callbacks.push(this.#callbacks[index]!);
      }
    }
    this.#offsets = offsets;
    this.#callbacks = callbacks;
    this.#head = 0;
    for (const callback of failed) callback(error);
  }

  #callNext(error: KafkaError | null): void {
    const callback = this.#callbacks[this.#head]!;
    this.#head += 1;
    callback(error);
  }

  #compact(): void {
    if (this.#head === this.#offsets.length) {
      this.#offsets = [];
      this.#callbacks = [];
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#offsets = this.#offsets.slice(this.#head);
      this.#callbacks = this.#callbacks.slice(this.#head);
      this.#head = 0;
    }
  }
}
