// npm run test:conformance: Apache Kafka's own command line tools talk to Apache Kafka 4.3.1 and to Millrace, and must print
// the same. All commands for a cluster run in one JVM, because starting one for each would take minutes.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { before, describe, it } from 'node:test';
import { startWorkbench } from '../support/workbench.ts';
import { javaClassPath, missingJavaToolchain, startReference } from './reference.ts';
import { type Command, CommandFiles, commandsOf } from './tools/commands.ts';
import { comparable } from './tools/printed.ts';

interface Answer {
  readonly status: number;
  readonly printed: string;
}

const noReference = missingJavaToolchain();
const files = new CommandFiles();
const commands = commandsOf(files);

async function runAll(bootstrapServers: string): Promise<Answer[]> {
  const child = spawn(
    'java',
    [
      '-Xmx256m',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=off',
      '-cp',
      javaClassPath(),
      'Tools',
      bootstrapServers,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(
    commands.map(({ name, className, words }) => `${[name, className, ...words].join('\t')}\n`).join(''),
  );
  await once(child, 'close');
  return Buffer.concat(chunks)
    .toString()
    .split('\n')
    .filter(line => line.startsWith('answer '))
    .map((line): Answer => {
      const [, status, printed = ''] = line.split(' ');
      return { status: Number(status), printed: Buffer.from(printed, 'base64').toString() };
    });
}

function linesOf(answer: Answer | undefined, command: Command): unknown {
  return answer === undefined
    ? null
    : { status: answer.status, printed: comparable(answer.printed, command) };
}

describe("Apache Kafka's command line tools, beside Apache Kafka 4.3.1", {
  skip: noReference ?? false,
}, () => {
  let expected: Answer[] = [];
  let actual: Answer[] = [];

  before(async () => {
    const [reference, millrace] = await Promise.all([startReference(), startWorkbench()]);
    try {
      [expected, actual] = await Promise.all([
        runAll(reference.bootstrapServers),
        runAll(millrace.addresses.broker ?? ''),
      ]);
    } finally {
      files.close();
      await Promise.all([reference.stop(), millrace.stop()]);
    }
  });

  it('has answered every command', () => {
    assert.equal(expected.length, commands.length);
    assert.equal(actual.length, commands.length);
  });

  for (const [index, command] of commands.entries()) {
    it(command.name, { skip: command.apart ?? false }, () => {
      assert.deepEqual(linesOf(actual[index], command), linesOf(expected[index], command));
    });
  }
});
