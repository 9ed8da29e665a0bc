// Compressed batches that take long to look at, validated one at a time in a thread of their own, so that 12 KB which
// decompress to 128 MiB hold up nobody but the connection they came on. The thread runs the very function that the loop
// runs (validate.ts): where a batch is looked at must never change its answer. It starts with the first such batch and
// ends when none has come for a while, which gives its memory back.
//
// What waits is copied, and bounded: beyond the bound a batch is REQUEST_TIMED_OUT, which producers send again.

import type { Worker } from 'node:worker_threads';
import { type ProduceOutcome, refusedAloud } from '../../protocol/records/produce-outcome.ts';
import type { Patience, ProduceRules } from '../../protocol/records/validate.ts';
import type { Timer, Timers } from '../runtime/clock.ts';

/** What the loop looks at itself: some milliseconds. A full default batch of 16 KB, even of 1 MiB, stays below. */
export const AT_ONCE: Patience = { recordsMax: 100_000, decompressedBytesMax: 8 * 1024 * 1024 };

const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** The worst batch takes seconds: those behind more of them would be given up by their clients before their turn. */
const WAITING_MAX = 64;
/** A start costs 50 ms and more. */
const IDLE_MS = 5_000;

export interface LargeBatch {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly rules: ProduceRules;
}

interface Job extends LargeBatch {
  readonly sizeInBytes: number;
  readonly resolve: (outcome: ProduceOutcome) => void;
  readonly reject: (error: Error) => void;
}

export class LargeBatches {
  readonly #timers: Timers;
  /** The first is being looked at. */
  readonly #jobs: Job[] = [];
  #bytes = 0;
  #worker: Worker | null = null;
  #idle: Timer | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The records are copied before this returns. */
  validate(records: Buffer, rules: ProduceRules): Promise<ProduceOutcome> {
    const sizeInBytes = records.length;
    const isFull = this.#jobs.length >= WAITING_MAX || this.#bytes + sizeInBytes > WAITING_BYTES_MAX;
    if (this.#jobs.length > 0 && isFull) {
      const text = 'Too many large compressed batches are waiting to be checked; send this one again.';
      return Promise.resolve(refusedAloud('parse', 'REQUEST_TIMED_OUT', text));
    }
    this.#idle?.cancel();
    this.#idle = null;
    this.#bytes += sizeInBytes;
    return new Promise((resolve, reject) => {
      this.#jobs.push({ records: new Uint8Array(records), rules, sizeInBytes, resolve, reject });
      if (this.#jobs.length === 1) this.#next();
    });
  }

  #next(): void {
    const job = this.#jobs[0];
    if (job === undefined) {
      this.#worker?.unref();
      this.#idle = this.#timers.schedule(IDLE_MS, () => this.#end());
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.ref();
    const { records, rules } = job;
    this.#worker.postMessage({ records, rules } satisfies LargeBatch, [records.buffer]);
  }

  #start(): Worker {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const file = import.meta.url.endsWith('.ts') ? './large-batches-thread.ts' : './large-batches.cjs';
    const worker = new Worker(new URL(file, import.meta.url));
    let failure = new Error('The thread that checks large batches ended.');
    worker.on('message', (outcome: ProduceOutcome) => this.#finish(job => job.resolve(received(outcome))));
    worker.on('error', error => {
      failure = error as Error;
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      if (this.#jobs.length > 0) this.#finish(job => job.reject(failure));
    });
    return worker;
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
  }

  #finish(tell: (job: Job) => void): void {
    const job = this.#jobs.shift()!;
    this.#bytes -= job.sizeInBytes;
    tell(job);
    this.#next();
  }
}

/** Buffers cross the border as plain arrays of bytes. */
function received(outcome: ProduceOutcome): ProduceOutcome {
  if (!outcome.ok) return outcome;
  const { buffer, byteOffset, byteLength } = outcome.batch;
  return { ...outcome, batch: Buffer.from(buffer, byteOffset, byteLength) };
}
