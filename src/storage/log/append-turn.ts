// Joins the appends of one turn of the event loop: the first schedules one run at the end of the turn, in which every log
// that was appended to writes what it has with one call, because for
// small batches the write is most of what an append costs.

export interface PendingWriter {
  /** Writes what was appended since the last call. Throws only what a callback threw, with its own state in order. */
  writeTurn(): void;
}

export type Defer = (callback: () => void) => void;

export class AppendTurn {
  readonly #defer: Defer;
  #pending: PendingWriter[] = [];
  #isScheduled = false;
  readonly #run = (): void => this.runNow();

  constructor(defer: Defer = setImmediate) {
    this.#defer = defer;
  }

  /** Once per log and turn. */
  add(writer: PendingWriter): void {
    this.#pending.push(writer);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#defer(this.#run);
  }

  runNow(): void {
    this.#isScheduled = false;
    const pending = this.#pending;
    this.#pending = [];
    // What is told by a writer may fail in whoever is told; the other logs must be written all the same.
    let failure: unknown = null;
    for (const writer of pending) {
      try {
        writer.writeTurn();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
  }
}
