// Commands of Apache Kafka's command line tools, run by Tools.java against one cluster: what each printed, and how it ended.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { javaClassPath, SHORT_LIVED_JVM } from '../reference.ts';
import type { Command } from './commands.ts';
import { comparable } from './printed.ts';

export interface Answer {
  readonly status: number;
  readonly printed: string;
}

/** Runs the commands in one JVM, because starting one for each would take minutes. */
export async function runAll(commands: readonly Command[], bootstrapServers: string): Promise<Answer[]> {
  const child = spawn(
    'java',
    [
      '-Xmx256m',
      ...SHORT_LIVED_JVM,
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

export function linesOf(answer: Answer | undefined, command: Command): unknown {
  return answer === undefined
    ? null
    : { status: answer.status, printed: comparable(answer.printed, command) };
}
