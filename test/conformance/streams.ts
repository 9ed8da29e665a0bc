// npm run test:conformance: Kafka Streams with exactly_once_v2 counts words while the broker is killed under it, is killed
// itself, and goes on elsewhere with its state restored. Every count must have been committed exactly once, on Millrace as on
// Apache Kafka 4.3.1.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';
import { startMillrace } from '../support/millrace-process.ts';
import { mavenClassPath, missingJavaToolchain, SHORT_LIVED_JVM, startReference } from './reference.ts';

const run = promisify(execFile);
const here = resolve(fileURLToPath(import.meta.url), '..');
/** Enough to be killed twice in the middle; any other number by MILLRACE_TEST_LINES. */
const LINES = Number(process.env.MILLRACE_TEST_LINES ?? 1200);
/** Two words a line. */
const COUNTS = LINES * 2;
const PATIENCE_MS = 90_000;
const PREFIX = 'streams';

interface Node {
  readonly kill: () => Promise<void>;
}

/** A broker that comes back on the port and the directory it had. */
type Start = (port: number, directory: string) => Promise<Node>;

const startKafka: Start = async (port, directory) => {
  // Both look for transactions that are over their time as often: by default Apache Kafka every 10 s.
  const properties = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000' };
  const node = await startReference({ port, directory, heap: '512m', properties });
  return {
    kill: async () => {
      process.kill(node.pid, 'SIGKILL');
      await node.stop();
    },
  };
};

const startOurs: Start = async (port, directory) => {
  mkdirSync(directory, { recursive: true });
  const words = ['--port', String(port), '--home', directory, '--http-port', 'off', '--api-port', 'off'];
  const node = await startMillrace({ directory, words });
  return {
    kill: async () => {
      await node.end('SIGKILL');
    },
  };
};

function words(program: string, servers: string, ...more: readonly string[]): string[] {
  const options = ['-Xmx256m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'];
  return [
    ...options,
    '-cp',
    mavenClassPath(join(here, 'streams')),
    'WordCount',
    program,
    servers,
    PREFIX,
    ...more,
  ];
}

class Application {
  readonly #child: ChildProcess;
  #processed = 0;

  constructor(servers: string, stateDirectory: string) {
    this.#child = spawn('java', words('run', servers, stateDirectory), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      for (const [, count] of String(chunk).matchAll(/processed (\d+)/g)) this.#processed = Number(count);
    });
  }

  async hasProcessed(count: number): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.#processed < count) {
      assert.ok(Date.now() < deadline, `it went on to ${count} lines, but processed only ${this.#processed}`);
      assert.equal(this.#child.exitCode, null, 'the application runs');
      await new Promise(done => setTimeout(done, 20));
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill(signal);
    await closed;
  }
}

async function countWords(start: Start): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'conformance-streams-'));
  const port = await freePort();
  const servers = `127.0.0.1:${port}`;
  const state = (name: string): string => join(work, name);
  let node = await start(port, state('data'));
  const applications: Application[] = [];
  try {
    await run('java', words('produce', servers, '0', String(LINES / 2)));
    const first = new Application(servers, state('first'));
    applications.push(first);
    await first.hasProcessed(LINES / 6);
    await node.kill();
    node = await start(port, state('data'));
    await first.hasProcessed(LINES / 3);
    await first.end('SIGKILL');
    await run('java', words('produce', servers, String(LINES / 2), String(LINES)));
    const second = new Application(servers, state('second'));
    applications.push(second);
    const { stdout } = await run('java', words('read', servers, String(COUNTS)), {
      timeout: PATIENCE_MS * 2,
    });
    return stdout.split('\n').filter(line => line.startsWith('{'));
  } finally {
    for (const application of applications) await application.end('SIGKILL');
    await node.kill();
    rmSync(work, { recursive: true, force: true });
  }
}

describe('Kafka Streams 4.3.1 with exactly_once_v2', { skip: missingJavaToolchain() ?? false }, () => {
  let expected: string[] = [];
  let actual: string[] = [];

  before(async () => {
    [expected, actual] = await Promise.all([countWords(startKafka), countWords(startOurs)]);
  });

  it('counts every word once on Apache Kafka', () => {
    assert.ok(expected.includes(`{"step":"counts in all","result":"${COUNTS}"}`), expected.join('\n'));
  });

  it('counts every word once on Millrace', () => {
    assert.ok(actual.includes(`{"step":"counts in all","result":"${COUNTS}"}`), actual.join('\n'));
  });

  it('ends with the same counts, topics, settings and group', () => {
    assert.deepEqual(actual, expected);
  });
});
