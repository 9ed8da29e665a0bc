// npm run test:conformance: Kafka Streams with exactly_once_v2 counts words while the broker is killed under it, is killed
// itself, and goes on elsewhere with its state restored. Every count must have been committed exactly once, on Millrace as on
// Apache Kafka 4.3.1.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { startMillrace } from '../support/millrace-process.ts';
import { missingJavaToolchain, startReference } from './reference.ts';
import { Application, runProgram } from './streams-application.ts';

/** Enough to be killed twice in the middle; any other number by MILLRACE_TEST_LINES. */
const LINES = Number(process.env.MILLRACE_TEST_LINES ?? 1200);
/** Two words a line. */
const COUNTS = LINES * 2;
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

async function countWords(start: Start): Promise<string[]> {
  const work = mkdtempSync(join(tmpdir(), 'conformance-streams-'));
  const port = await freePort();
  const wordCount = { servers: `127.0.0.1:${port}`, prefix: PREFIX };
  const state = (name: string): string => join(work, name);
  let node = await start(port, state('data'));
  const applications: Application[] = [];
  try {
    await runProgram(wordCount, 'produce', 0, LINES / 2);
    const first = new Application(wordCount, state('first'));
    applications.push(first);
    await first.hasProcessed(LINES / 6);
    await node.kill();
    node = await start(port, state('data'));
    await first.hasProcessed(LINES / 3);
    await first.end('SIGKILL');
    await runProgram(wordCount, 'produce', LINES / 2, LINES);
    const second = new Application(wordCount, state('second'));
    applications.push(second);
    return await runProgram(wordCount, 'read', COUNTS);
  } finally {
    for (const application of applications) await application.end('SIGKILL');
    await node.kill();
    rmSync(work, { recursive: true, force: true });
  }
}

const isRight = (lines: readonly string[]): boolean =>
  lines.includes(`{"step":"counts in all","result":"${COUNTS}"}`);

/** Apache Kafka, killed without a sync, was once seen to count some words twice: it is then asked once more. */
async function countOnKafka(): Promise<string[]> {
  const lines = await countWords(startKafka);
  return isRight(lines) ? lines : countWords(startKafka);
}

describe('Kafka Streams 4.3.1 with exactly_once_v2', { skip: missingJavaToolchain() ?? false }, () => {
  let expected: string[] = [];
  let actual: string[] = [];

  before(async () => {
    [expected, actual] = await Promise.all([countOnKafka(), countWords(startOurs)]);
  });

  it('counts every word once on Apache Kafka', () => {
    assert.ok(isRight(expected), expected.join('\n'));
  });

  it('counts every word once on Millrace', () => {
    assert.ok(isRight(actual), actual.join('\n'));
  });

  it('ends with the same counts, topics, settings and group', () => {
    assert.deepEqual(actual, expected);
  });
});
