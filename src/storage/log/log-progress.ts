// How far a log is safe: the high watermark, who waits for it, who is told when it moves, and the failure that ended
// appending. Callbacks come in the order of their offsets, waiters before listeners.

import type { KafkaError } from '../../protocol/errors.ts';
import { type DurableCallback, DurableWaiters } from './durable-waiters.ts';

export class LogProgress {
  readonly #waiters = new DurableWaiters();
  readonly #listeners = new Set<() => void>();
  #highWatermark: number;
  #failure: KafkaError | null = null;

  constructor(highWatermark: number) {
    this.#highWatermark = highWatermark;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** Why nothing can be appended any more. */
  get failure(): KafkaError | null {
    return this.#failure;
  }

  whenSafe(endOffset: number, callback: DurableCallback): void {
    if (endOffset <= this.#highWatermark) callback(null);
    else if (this.#failure !== null) callback(this.#failure);
    else this.#waiters.add(endOffset, callback);
  }

  listen(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** `onMove` runs after the high watermark has moved and before anybody is told. */
  advance(safeOffset: number, onMove: () => void): void {
    if (safeOffset <= this.#highWatermark) return;
    this.#highWatermark = safeOffset;
    onMove();
    this.#waiters.release(safeOffset);
    this.tell();
  }

  /** A listener may stop or begin to listen while it is called. */
  tell(): void {
    if (this.#listeners.size > 0) for (const listener of [...this.#listeners]) listener();
  }

  /** What lies above the offset was taken back. */
  takeBack(endOffset: number, error: KafkaError): void {
    this.#waiters.failAbove(endOffset, error);
  }

  /** For good. False when it had failed before. */
  fail(error: KafkaError): boolean {
    if (this.#failure !== null) return false;
    this.#failure = error;
    this.#waiters.failAbove(this.#highWatermark, error);
    return true;
  }
}
