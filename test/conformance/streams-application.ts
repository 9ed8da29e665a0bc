// The word count of Kafka Streams (streams/src/WordCount.java) as suites start it: produced for, run, read and looked at, each
// in a JVM of its own.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mavenClassPath, SHORT_LIVED_JVM } from './reference.ts';

const run = promisify(execFile);
const here = resolve(fileURLToPath(import.meta.url), '..');
export const PATIENCE_MS = 90_000;

export interface WordCount {
  readonly servers: string;
  /** Of the names of its topics and its group. */
  readonly prefix: string;
}

function words({ servers, prefix }: WordCount, program: string, more: readonly string[]): string[] {
  const options = ['-Xmx256m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'];
  const classPath = mavenClassPath(join(here, 'streams'));
  return [...options, '-cp', classPath, 'WordCount', program, servers, prefix, ...more];
}

/** One of its programs, to its end; the steps that it tells. */
export async function runProgram(
  wordCount: WordCount,
  program: 'produce' | 'configure' | 'read' | 'describe',
  ...more: readonly (string | number)[]
): Promise<string[]> {
  const { stdout } = await run('java', words(wordCount, program, more.map(String)), {
    timeout: PATIENCE_MS * 2,
  });
  return stdout.split('\n').filter(line => line.startsWith('{'));
}

export class Application {
  readonly #child: ChildProcess;
  #processed = 0;

  /** `options`: of Kafka Streams, "key=value". */
  constructor(wordCount: WordCount, stateDirectory: string, options: readonly string[] = []) {
    this.#child = spawn('java', words(wordCount, 'run', [stateDirectory, ...options]), {
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
