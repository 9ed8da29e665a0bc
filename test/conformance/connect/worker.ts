// One worker of Kafka Connect 4.3.1 in distributed mode, as a process of its own, and the REST calls that are made to it.
// It is ended by its own pid. Every wait has an end.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.ts';
import { mavenClassPath, SHORT_LIVED_JVM } from '../reference.ts';

const here = resolve(fileURLToPath(import.meta.url), '..');
const PATIENCE_MS = 90_000;
const PAUSE_MS = 50;
const OPTIONS = ['-Xmx256m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];

/** What the workers of a cluster have in common. Times are short, so that a worker that is gone is missed soon. */
const SHARED = {
  'group.id': 'workers',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.storage.topic': 'connect-offsets',
  'offset.storage.partitions': '3',
  'offset.storage.replication.factor': '1',
  'config.storage.topic': 'connect-configs',
  'config.storage.replication.factor': '1',
  'status.storage.topic': 'connect-status',
  'status.storage.partitions': '2',
  'status.storage.replication.factor': '1',
  'exactly.once.source.support': 'enabled',
  'plugin.discovery': 'service_load',
  'offset.flush.interval.ms': '500',
  'heartbeat.interval.ms': '500',
  'session.timeout.ms': '6000',
  'scheduled.rebalance.max.delay.ms': '0',
};

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of a foreign program, looked at field by field
  readonly body: any;
}

export class Worker {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(address: string, child: ChildProcess) {
    this.address = address;
    this.#child = child;
  }

  static async start(bootstrapServers: string, directory: string): Promise<Worker> {
    const address = `127.0.0.1:${await freePort()}`;
    const file = join(directory, `worker-${address.replace(':', '-')}.properties`);
    const settings = { ...SHARED, 'bootstrap.servers': bootstrapServers, listeners: `http://${address}` };
    writeFileSync(
      file,
      Object.entries(settings)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    const program = 'org.apache.kafka.connect.cli.ConnectDistributed';
    const child = spawn('java', [...OPTIONS, '-cp', mavenClassPath(here), program, file], {
      stdio: ['ignore', 'ignore', process.env.MILLRACE_TEST_OUTPUT === undefined ? 'ignore' : 'inherit'],
    });
    const worker = new Worker(address, child);
    await eventually(
      'the worker answers',
      async () => (await worker.ask('GET', '/connectors')).status === 200,
    );
    return worker;
  }

  /** Status 0: nobody answers there yet. */
  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    assert.equal(this.#child.exitCode, null, 'the worker runs');
    try {
      const response = await fetch(`http://${this.address}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    } catch (error) {
      return { status: 0, body: String(error) };
    }
  }

  /** Asks until the workers are not in the midst of a rebalance (409). */
  async askCalm(method: string, path: string, body?: unknown): Promise<Answer> {
    let answer: Answer = { status: 0, body: null };
    await eventually(`${method} ${path} is not told to wait`, async () => {
      answer = await this.ask(method, path, body);
      return answer.status !== 0 && !(answer.status === 409 && /rebalance/.test(answer.body?.message ?? ''));
    });
    return answer;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill(signal);
    await closed;
  }
}

/** Waits for what another process brings about, and says what did not come. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `within ${PATIENCE_MS / 1000} s ${what}`);
    await new Promise(done => setTimeout(done, PAUSE_MS));
  }
}
