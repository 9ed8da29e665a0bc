// The legs of the conformance run: how each client's toolchain is found, what it needs, and the command that holds its
// conversation with a cluster. A leg whose toolchain is missing says why and is skipped.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { javaClassPath, mavenClassPath, missingJavaToolchain, SHORT_LIVED_JVM } from './reference.ts';

const here = resolve(fileURLToPath(import.meta.url), '..');

const JAVA_OPTIONS = ['-Xmx512m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];

export interface Leg {
  readonly name: string;
  /** Why it cannot run here, or null. */
  missing(): string | null;
  /** Fetches and builds what it needs; the command and its first arguments. */
  prepare(): readonly string[];
}

export function absent(tool: string, words: readonly string[]): string | null {
  return spawnSync(tool, words, { stdio: 'ignore' }).status === 0 ? null : `${tool} is not installed`;
}

function pythonEnvironment(): string {
  const environment = join(here, '.venv');
  const python = join(environment, 'bin/python');
  const wanted = readFileSync(join(here, 'requirements.txt'), 'utf8');
  const stamp = join(environment, '.installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    execFileSync('python3', ['-m', 'venv', environment]);
    execFileSync(
      python,
      ['-m', 'pip', 'install', '--quiet', '--require-virtualenv', '-r', join(here, 'requirements.txt')],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    writeFileSync(stamp, wanted);
  }
  return python;
}

function java(name: string, program: string, classPath: () => string): Leg {
  return {
    name,
    missing: missingJavaToolchain,
    prepare: () => ['java', ...JAVA_OPTIONS, '-cp', classPath(), program],
  };
}

/** A program in Go, with its dependencies locked in its folder's go.sum. */
function go(name: string, folder: string): Leg {
  return {
    name,
    missing: () => absent('go', ['version']),
    prepare: () => {
      execFileSync('go', ['build', '-o', 'bin/conversation', '.'], {
        cwd: join(here, folder),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return [join(here, folder, 'bin/conversation')];
    },
  };
}

function python(name: string, program: string): Leg {
  return {
    name,
    missing: () => absent('python3', ['-m', 'venv', '-h']),
    prepare: () => [pythonEnvironment(), join(here, program)],
  };
}

export const legs: readonly Leg[] = [
  {
    name: 'kafkajs 2.2.4',
    missing: () => null,
    prepare: () => [process.execPath, join(here, 'conversation-kafkajs.ts')],
  },
  {
    name: '@platformatic/kafka 2.12.1',
    missing: () => null,
    prepare: () => [process.execPath, join(here, 'conversation-platformatic.ts')],
  },
  java('kafka-clients 4.3.1', 'Conversation', javaClassPath),
  java('kafka-clients 4.3.1, every method of Admin', 'AdminSweep', javaClassPath),
  java('kafka-clients 4.3.1, a group rolling between both protocols', 'Migration', javaClassPath),
  java('kafka-clients 2.1.1', 'OldConversation', () => mavenClassPath(join(here, 'java-old'))),
  python('librdkafka (confluent-kafka 2.16.1)', 'conversation-confluent.py'),
  python('aiokafka 0.14.0', 'conversation-aiokafka.py'),
  python('kafka-python 2.3.3', 'conversation-kafka-python.py'),
  go('franz-go 1.22.2', 'go'),
  go('sarama 1.61.1', 'sarama'),
  go('segmentio/kafka-go 0.4.51', 'kafka-go'),
  {
    name: 'kcat',
    missing: () => absent('kcat', ['-V']),
    prepare: () => [process.execPath, join(here, 'conversation-kcat.ts')],
  },
];
