// Millrace and Apache Kafka as the same thing: a process on a data directory, to be asked, stopped or killed. What each
// of them prints and leaves in the directory is judged here, too.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMillrace } from '../../support/millrace-process.ts';
import { type ReferenceOptions, startReference } from '../reference.ts';
import { until } from './asking.ts';
import { PATIENT_GROUPS } from './fill-consumer-groups.ts';
import { type Circumstances, complaintsIn } from './kafka-log.ts';

export interface Node {
  readonly name: string;
  readonly bootstrapServers: string;
  readonly output: () => string;
  stop(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
}

export interface KafkaOptions
  extends Pick<ReferenceOptions, 'release' | 'releaseVersion' | 'hasStaticVoters' | 'properties'> {
  readonly circumstances: Circumstances;
}

/** Apache Kafka as its quickstart runs it, but with what would change data on its own as rare as Millrace has it. */
export async function startKafka(
  directory: string,
  { circumstances, ...options }: KafkaOptions,
): Promise<Node> {
  const name = `Apache Kafka ${options.release ?? '4.3.1'}`;
  const reference = await startReference({
    heap: '512m',
    ...options,
    properties: { ...PATIENT_GROUPS, ...options.properties },
    directory,
  });
  const check = (): void => {
    assert.deepEqual(
      complaintsIn(reference.log(), circumstances),
      [],
      `${name} complains about ${directory}`,
    );
    assertNothingSetAside(directory, name);
  };
  try {
    check();
  } catch (error) {
    await reference.stop();
    throw error;
  }
  return {
    name,
    bootstrapServers: reference.bootstrapServers,
    output: reference.log,
    stop: async () => {
      await reference.stop();
      check();
    },
    kill: async () => {
      process.kill(reference.pid, 'SIGKILL');
      await reference.stop();
      check();
    },
  };
}

export async function startMillraceOn(
  directory: string,
  {
    found,
    properties = {},
  }: {
    readonly found: 'new' | 'millrace' | 'kafka';
    readonly properties?: Readonly<Record<string, string>>;
  },
): Promise<Node> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-home-'));
  const millrace = await startMillrace({
    directory: home,
    words: [
      ...['--home', home, '--data', directory, '--http-port', 'off', '--api-port', 'off'],
      ...Object.entries({ ...PATIENT_GROUPS, ...properties }).flatMap(([key, value]) => [
        '-c',
        `${key}=${value}`,
      ]),
    ],
  });
  const output = (): string => `${millrace.output().stdout}${millrace.output().stderr}`;
  try {
    await until('Millrace says where everything is', async () => output().includes('Stop with'));
    assertNothingSetAside(directory, 'Millrace');
    assert.match(output(), FOUND[found], 'Millrace says what it found');
    assert.deepEqual(remarksIn(millrace.output().stderr), [], 'Millrace has something to say about the data');
  } catch (error) {
    await millrace.end('SIGKILL');
    throw error;
  }
  return {
    name: 'Millrace',
    bootstrapServers: millrace.ready.broker!,
    output,
    stop: async () => {
      const { exitCode, stderr } = await millrace.end('SIGTERM');
      assert.equal(exitCode, 0, `Millrace stops: ${stderr}`);
    },
    kill: async () => {
      await millrace.end('SIGKILL');
    },
  };
}

const FOUND = {
  new: /\(new; metadata\.version 25\)/,
  millrace: /\(last written by Millrace; .*metadata\.version \d+/,
  kafka: /\(last written by Apache Kafka; .*metadata\.version \d+/,
};

/** Without what a build says that had to come first. */
function remarksIn(stderr: string): string[] {
  return stderr.split('\n').filter(line => line !== '' && !line.startsWith('  dist/'));
}

function assertNothingSetAside(directory: string, by: string): void {
  const stray = readdirSync(directory).filter(name => name.endsWith('-stray') || name.endsWith('-future'));
  assert.deepEqual(stray, [], `${by} set partitions aside`);
}
