// The live tail outside React: records go into a ring of fixed size and the screen is told at most ten times a second.
// Pausing stops the screen, not the stream: what arrives meanwhile is kept (bounded) and counted.

import type { KafkaRecord } from '../../lib/api/types.ts';
import { RingBuffer } from '../../lib/ring-buffer.ts';

export const TAIL_ROWS_MAX = 2_000;
const SCREEN_INTERVAL_MS = 100;

export interface TailSnapshot {
  readonly status: 'connecting' | 'open' | 'failed';
  readonly error: unknown;
  /** Newest first. */
  readonly rows: readonly KafkaRecord[];
  readonly paused: boolean;
  /** Arrived since the pause. */
  readonly waiting: number;
  /** Arrived since the tail was opened. */
  readonly received: number;
  /** The stream was lost and opened again: what was written in between is not among the rows. */
  readonly interrupted: boolean;
}

export type TailSource = (options: {
  signal: AbortSignal;
  onOpen: () => void;
  onRecords: (records: readonly KafkaRecord[]) => void;
}) => Promise<void>;

export type Schedule = (act: () => void, delayMs: number) => void;

const START: TailSnapshot = {
  status: 'connecting',
  error: null,
  rows: [],
  paused: false,
  waiting: 0,
  received: 0,
  interrupted: false,
};

export class TailStore {
  readonly #ring = new RingBuffer<KafkaRecord>(TAIL_ROWS_MAX);
  readonly #listeners = new Set<() => void>();
  readonly #schedule: Schedule;
  #snapshot = START;
  #received = 0;
  #shown = 0;
  #scheduled = false;
  #abort: AbortController | null = null;

  constructor(schedule: Schedule = (act, delayMs) => setTimeout(act, delayMs)) {
    this.#schedule = schedule;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): TailSnapshot => this.#snapshot;

  open(source: TailSource): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    // A failure stays on the screen until the stream is open again.
    const isAgain = this.#snapshot.status === 'failed';
    if (!isAgain) this.#change({ status: 'connecting', error: null });
    source({
      signal: abort.signal,
      onOpen: () =>
        this.#change({ status: 'open', error: null, interrupted: this.#snapshot.interrupted || isAgain }),
      onRecords: records => {
        if (!abort.signal.aborted) this.#add(records);
      },
    }).catch(error => {
      if (!abort.signal.aborted) this.#change({ status: 'failed', error });
    });
  }

  close(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  pause(): void {
    this.#publish();
    this.#change({ paused: true });
  }

  resume(): void {
    this.#change({ paused: false });
    this.#publish();
  }

  clear(): void {
    this.#ring.clear();
    this.#received = 0;
    this.#shown = 0;
    this.#change({ rows: [], waiting: 0, received: 0, interrupted: false });
  }

  #add(records: readonly KafkaRecord[]): void {
    this.#ring.push(records);
    this.#received += records.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#publish();
    }, SCREEN_INTERVAL_MS);
  }

  #publish(): void {
    if (this.#snapshot.paused) {
      this.#change({ waiting: this.#received - this.#shown, received: this.#received });
      return;
    }
    this.#shown = this.#received;
    this.#change({ rows: this.#ring.newestFirst(), waiting: 0, received: this.#received });
  }

  #change(part: Partial<TailSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
    for (const listener of this.#listeners) listener();
  }
}
