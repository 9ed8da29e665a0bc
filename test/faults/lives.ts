// One directory through many lives of the process, each under load and cut short, against a ledger of acknowledgements
// outside the broker's disk. A life ends by kill -9 after some time, at the N-th system call of a kind, after a system call
// that was made to fail, or by a power cut of its file system (loop-disk.ts). The next process must have every acknowledged record at its offset, no record of an
// idempotent producer twice, transactions wholly or not at all, ends and committed offsets that never go back, and every topic.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { randomOf } from '../../src/storage/fs/memory.ts';
import {
  type RunningMillrace,
  removeDirectory,
  startMillrace,
  temporaryDirectory,
} from '../support/millrace-process.ts';
import { createTopic } from '../support/raw-client.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { anomaliesOf, newHistory } from './history.ts';
import { look, PARTITIONS, whenSettled } from './looking.ts';
import { LoopDisk, type LoopDiskKind } from './loop-disk.ts';
import { injecting } from './strace.ts';
import {
  type Client,
  committer,
  GROUPS,
  idempotentProducer,
  type Notes,
  plainProducer,
  TOPIC,
  topicMaker,
  transactionalProducer,
} from './workload.ts';

/** How lives end: at a time, at a system call, with one that failed, or with the power of their disk. */
export type Fault = 'kill' | 'call' | 'error' | 'power' | 'power-xfs';

/** A process lives this long under load at most. */
const LIFE_MS_MAX: Record<Fault, number> = {
  kill: 250,
  call: 1_000,
  error: 600,
  power: 400,
  'power-xfs': 400,
};
/** Whose power is cut. */
const DISKS: Partial<Record<Fault, LoopDiskKind>> = { power: 'ext4', 'power-xfs': 'xfs' };
/** LEDGER_FLUSH=os: acknowledged is not synced, and power cuts must show it. */
const FLUSH = process.env['LEDGER_FLUSH'] ?? 'always';
const WORDS = ['--home', 'data', '--http-port', 'off', '--api-port', 'off', '--flush', FLUSH];
/** What a life does of each, about; where it is cut is chosen below. Counted by thread, as strace does. */
const CALLS: readonly { readonly calls: string; readonly most: number }[] = [
  { calls: 'pwrite64', most: 900 },
  { calls: 'fdatasync,fsync', most: 250 },
  { calls: 'rename', most: 30 },
  { calls: 'ftruncate', most: 60 },
  { calls: 'mkdir', most: 40 },
  { calls: 'pwrite64,fdatasync,fsync,rename,ftruncate,mkdir,unlink,rmdir', most: 1_200 },
];
const ERRORS: readonly { readonly calls: string; readonly error: string; readonly most: number }[] = [
  { calls: 'fdatasync', error: 'EIO', most: 250 },
  { calls: 'fsync', error: 'EIO', most: 60 },
  { calls: 'pwrite64', error: 'ENOSPC', most: 900 },
  { calls: 'pwrite64', error: 'EIO', most: 900 },
  { calls: 'rename', error: 'EIO', most: 30 },
  { calls: 'ftruncate', error: 'EIO', most: 60 },
];
/** How often it fails: once, some times, from then on. */
const REPEATS = [(at: number) => `${at}`, (at: number) => `${at}..${at + 20}`, (at: number) => `${at}+`];

export interface LivesOptions {
  readonly cycles: number;
  readonly seed: number;
  readonly fault: Fault;
}

/** What it came to, in words. Throws at the first anomaly; the directory and the ledger are then kept. */
export async function runLives(options: LivesOptions): Promise<string> {
  const directory = temporaryDirectory();
  const lives = new Lives(directory, options);
  try {
    const summary = await lives.run();
    if (process.env['LEDGER_KEEP'] === undefined) removeDirectory(directory);
    return summary;
  } catch (error) {
    const { cycles, seed, fault } = options;
    throw new Error(
      `The directory, with ledger.txt, is ${directory}; again: node test/faults/ledger.ts ${cycles} ${seed} ${fault}\n${lives.lastFault}`,
      { cause: error },
    );
  }
}

class Lives {
  readonly #directory: string;
  readonly #options: LivesOptions;
  readonly #random: () => number;
  readonly #ledger: number;
  readonly #notes: Notes;
  readonly #clients: readonly Client[];
  readonly #disk: LoopDisk | null;
  #acknowledgements = 0;
  #endedByFault = 0;
  #endedAtStart = 0;
  /** Requests that were answered with an error, which only a call that was made to fail may cause. */
  #refusals = 0;
  lastFault = '';

  constructor(directory: string, options: LivesOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#random = randomOf(options.seed);
    const kind = DISKS[options.fault];
    this.#disk = kind === undefined ? null : new LoopDisk(directory, kind);
    this.#ledger = openSync(join(directory, 'ledger.txt'), 'a');
    const notes: Notes = {
      history: newHistory(),
      topics: new Set(),
      acknowledged: line => {
        this.#acknowledgements += 1;
        writeSync(this.#ledger, `${line.slice(0, 200)}\n`);
      },
    };
    this.#notes = notes;
    this.#clients = [
      plainProducer(notes, 'plain', 0),
      idempotentProducer(notes, 'idempotent-a', 1),
      idempotentProducer(notes, 'idempotent-b', 1),
      transactionalProducer(notes, 'transactional-a', [2, 3]),
      transactionalProducer(notes, 'transactional-b', [3, 0]),
      ...GROUPS.map(group => committer(notes, group)),
      topicMaker(notes),
    ];
  }

  async run(): Promise<string> {
    const { cycles, seed, fault } = this.#options;
    try {
      for (let cycle = 0; cycle <= cycles; cycle++) {
        // The first process makes the topic, the last is only looked at.
        const isFaulty = cycle > 0 && cycle < cycles && fault !== 'kill';
        const under = isFaulty && this.#disk === null ? this.#nextFault() : undefined;
        const broker = await this.#start(under);
        if (broker === null) continue;
        await this.#live(broker, { cycle, isFaulty });
      }
    } finally {
      closeSync(this.#ledger);
      this.#disk?.remove();
    }
    const { history, topics } = this.#notes;
    const byFault = `${this.#endedByFault} by the fault itself, ${this.#endedAtStart} of them while starting`;
    const how =
      fault === 'kill' || this.#disk !== null
        ? ''
        : ` (${byFault}; ${this.#refusals} clients were told of an error)`;
    return `${cycles} lives${how}, ${this.#acknowledgements} acknowledgements, ${history.transactions.size} transactions, ${topics.size} topics: 0 anomalies (seed ${seed})`;
  }

  #nextFault(): string[] {
    const pick = <T>(items: readonly T[]): T => items[Math.floor(this.#random() * items.length)]!;
    // Small numbers more often: a start is short.
    const place = (most: number): number => 1 + Math.floor(most * this.#random() ** 2);
    if (this.#options.fault === 'call') {
      const { calls, most } = pick(CALLS);
      const at = place(most);
      this.lastFault = `killed at call ${at} of ${calls}`;
      return injecting(calls, 'signal=KILL', String(at));
    }
    const { calls, error, most } = pick(ERRORS);
    const when = pick(REPEATS)(place(most));
    this.lastFault = `${error} of ${calls} at ${when}`;
    return injecting(calls, `error=${error}`, when);
  }

  /** null: it ended before it was up, which a fault may do. */
  async #start(under: string[] | undefined): Promise<RunningMillrace | null> {
    try {
      return await startMillrace({ directory: this.#directory, words: WORDS, under });
    } catch (error) {
      if (under === undefined) throw error;
      this.#endedByFault += 1;
      this.#endedAtStart += 1;
      return null;
    }
  }

  async #live(
    broker: RunningMillrace,
    life: { readonly cycle: number; readonly isFaulty: boolean },
  ): Promise<void> {
    const { cycles, fault } = this.#options;
    let isOver = false;
    broker.child.once('close', () => (isOver = true));
    const port = Number(broker.ready.broker!.split(':').at(-1));
    try {
      await this.#lookAndJudge(port, life.cycle);
      if (life.cycle === cycles) return;
      const failures: Error[] = [];
      const working = this.#clients.map(client => this.#work(client, port, failures));
      await this.#untilOver(broker, 50 + this.#random() * LIFE_MS_MAX[fault]);
      if (life.isFaulty) this.#disk?.cutPower();
      if (isOver) this.#endedByFault += 1;
      else await broker.end('SIGKILL');
      await Promise.all(working);
      if (life.isFaulty) this.#disk?.remount();
      fsyncSync(this.#ledger);
      this.#refusals += failures.length;
      if (failures.length > 0 && !(life.isFaulty && (fault === 'error' || this.#disk !== null)))
        throw failures[0]!;
    } catch (error) {
      // The process is gone in the middle of a look: the next one is looked at instead.
      if (!life.isFaulty || error instanceof Anomalies) throw error;
      await new Promise(done => setTimeout(done, 50));
      if (fault === 'call' && !isOver) throw error;
      this.#endedByFault += 1;
    } finally {
      if (!isOver) await broker.end('SIGKILL');
    }
  }

  async #work(client: Client, port: number, failures: Error[]): Promise<void> {
    let own: RawConnection;
    try {
      own = await RawConnection.open(port);
    } catch {
      return;
    }
    await client.work(own).catch(error => {
      if (!own.isClosed) failures.push(error);
    });
    own.close();
  }

  async #untilOver(broker: RunningMillrace, ms: number): Promise<void> {
    await new Promise<void>(done => {
      const timer = setTimeout(done, ms);
      broker.child.once('close', () => {
        clearTimeout(timer);
        done();
      });
    });
  }

  async #lookAndJudge(port: number, cycle: number): Promise<void> {
    const connection = await RawConnection.open(port);
    if (cycle === 0)
      await createTopic(connection, {
        name: TOPIC,
        partitions: PARTITIONS,
        configs: { 'segment.bytes': '1048576' },
      });
    // As every client begins; it makes the coordinators' topics.
    for (const keyType of [0, 1])
      await connection.request(FindCoordinator, 3, { key: 'any', keyType, coordinatorKeys: [] });
    await whenSettled(connection);
    await look(connection, this.#notes);
    this.#judge();
    connection.close();
  }

  /** Reads grow with the cycles: only the two latest of each partition are compared, the older ones were. */
  #judge(): void {
    const { history } = this.#notes;
    const anomalies = anomaliesOf(history);
    if (anomalies.length > 0) {
      for (const { name, detail } of anomalies.slice(0, 20))
        console.error(`${name}: ${detail.replaceAll(/\.{4,}/g, '...').slice(0, 300)}`);
      throw new Anomalies(`${anomalies.length} anomalies`);
    }
    const kept = history.reads.splice(0).slice(-2 * PARTITIONS);
    history.reads.push(...kept);
  }
}

class Anomalies extends Error {}
