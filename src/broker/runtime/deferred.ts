// An answer that is known later: made by a handler or a shard, completed once by whoever learns the outcome (the log's
// durable callback, a timer). Unlike a promise it completes in the same turn and costs one object, which is why the
// hot path (Produce, OffsetCommit) uses it. It must never complete twice.

import { assert } from '../../protocol/assert.ts';

export class Deferred<T> {
  #value: T | undefined;
  #settled = false;
  /** `never` keeps a deferred of a narrower value usable as one of a wider. */
  #callback: ((value: never) => void) | null = null;

  static completed<T>(value: T): Deferred<T> {
    const deferred = new Deferred<T>();
    deferred.complete(value);
    return deferred;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  complete(value: T): void {
    assert(!this.#settled, 'a deferred answer completes once');
    this.#settled = true;
    this.#value = value;
    const callback = this.#callback as ((value: T) => void) | null;
    this.#callback = null;
    callback?.(value);
  }

  /** Calls back at once if the value is there already. One listener: an answer has one reader. */
  whenComplete(callback: (value: T) => void): void {
    if (this.#settled) {
      callback(this.#value as T);
      return;
    }
    assert(this.#callback === null, 'a deferred answer has one reader');
    this.#callback = callback;
  }

  map<U>(transform: (value: T) => U): Deferred<U> {
    const mapped = new Deferred<U>();
    this.whenComplete(value => mapped.complete(transform(value)));
    return mapped;
  }

  /** Goes on with another answer that is known later. (Not `then`: that would make it look like a promise.) */
  andThen<U>(next: (value: T) => Deferred<U>): Deferred<U> {
    const answer = new Deferred<U>();
    this.whenComplete(value => next(value).whenComplete(result => answer.complete(result)));
    return answer;
  }

  promise(): Promise<T> {
    return new Promise(resolve => this.whenComplete(resolve));
  }
}

/** Completes when all have, with their values in order. */
export function allOf<T>(deferreds: readonly Deferred<T>[]): Deferred<T[]> {
  const all = new Deferred<T[]>();
  const values: T[] = new Array(deferreds.length);
  let missing = deferreds.length;
  if (missing === 0) all.complete(values);
  deferreds.forEach((deferred, index) => {
    deferred.whenComplete(value => {
      values[index] = value;
      missing -= 1;
      if (missing === 0) all.complete(values);
    });
  });
  return all;
}
