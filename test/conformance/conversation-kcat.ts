// The conversation of kcat, a command for each step: one JSON line per step, nothing in it that differs from run to run.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MS = 60_000;
const [servers = '', prefix = ''] = process.argv.slice(2);
const topic = `${prefix}-orders`;
const directory = mkdtempSync(join(tmpdir(), 'conformance-kcat-'));

function say(step: string, result: string): void {
  process.stdout.write(`${JSON.stringify({ step, result: result.replaceAll(prefix, 'PREFIX') })}\n`);
}

interface Outcome {
  readonly status: number | null;
  readonly printed: string;
  readonly complained: string;
}

function kcat(words: readonly string[], input = ''): Outcome {
  const ended = spawnSync('kcat', ['-b', servers, ...words], {
    input,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  return { status: ended.status, printed: ended.stdout, complained: ended.stderr };
}

function sorted(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** What is printed, lines in order, with the exit status. */
function step(name: string, words: readonly string[], input = ''): void {
  const { status, printed } = kcat(words, input);
  say(name, `${status}${sorted(printed)}`);
}

interface Metadata {
  readonly brokers: readonly unknown[];
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly replicas: readonly unknown[];
      readonly isrs: readonly unknown[];
    }[];
  }[];
}

function metadata(name: string, words: readonly string[]): void {
  const { status, printed } = kcat(['-L', '-J', ...words]);
  const found = JSON.parse(printed) as Metadata;
  const topics = found.topics.filter(each => each.topic === topic);
  const partitions = topics.flatMap(each =>
    each.partitions.map(({ partition, replicas, isrs }) => [partition, replicas.length, isrs.length]),
  );
  say(name, JSON.stringify([status, found.brokers.length, topics.length, partitions]));
}

function lines(label: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `key-${index}:${label} é ${index}\n`).join('');
}

const FORMAT = '%t %p@%o %k=%s %h\n';

// A topic is made by being written to.
step(
  'produce to a new topic',
  ['-P', '-t', topic, '-K:', '-X', 'request.required.acks=-1'],
  lines('first', 20),
);
metadata('metadata of the topic', ['-t', topic]);
metadata('metadata of all topics', []);
for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
  step(`produce ${codec}`, ['-P', '-t', topic, '-K:', '-z', codec, '-H', `codec=${codec}`], lines(codec, 20));
}
step(
  'produce idempotent',
  ['-P', '-t', topic, '-K:', '-X', 'enable.idempotence=true'],
  lines('idempotent', 5),
);
step('produce acks 0', ['-P', '-t', topic, '-K:', '-X', 'acks=0'], lines('acks 0', 5));
step('produce nothing as null', ['-P', '-t', topic, '-Z', '-K:'], 'gone:\n');
const file = join(directory, 'document');
writeFileSync(file, 'a file is one message');
step('produce a file', ['-P', '-t', topic, '-p', '0', file]);
writeFileSync(file, 'x'.repeat(2_000_000));
step('produce too large', ['-P', '-t', topic, '-X', 'message.max.bytes=5000000', file]);
step('produce to an unknown partition', ['-P', '-t', topic, '-p', '9'], 'nowhere\n');
step('consume all', ['-C', '-t', topic, '-e', '-o', 'beginning', '-f', FORMAT, '-X', 'check.crcs=true']);
step('consume the last 3', ['-C', '-t', topic, '-p', '0', '-e', '-o', '-3', '-f', FORMAT]);
step('consume from an offset', ['-C', '-t', topic, '-p', '0', '-e', '-o', '100', '-f', FORMAT]);
step('consume from a time', ['-C', '-t', topic, '-p', '0', '-e', '-o', 's@0', '-c', '3', '-f', FORMAT]);
step('consume the end', ['-C', '-t', topic, '-e', '-o', 'end', '-f', FORMAT]);
step('consume an unknown partition', ['-C', '-t', topic, '-p', '9', '-e']);
step('offset by time', ['-Q', '-t', `${topic}:0:0`]);
step('latest offset', ['-Q', '-t', `${topic}:0:-1`]);
step('earliest offset', ['-Q', '-t', `${topic}:0:-2`]);
step('group reads all', [
  '-G',
  `${prefix}-group`,
  '-e',
  '-f',
  FORMAT,
  '-X',
  'auto.offset.reset=earliest',
  topic,
]);
step('produce more', ['-P', '-t', topic, '-K:'], lines('more', 3));
step('group resumes', [
  '-G',
  `${prefix}-group`,
  '-e',
  '-f',
  FORMAT,
  '-X',
  'auto.offset.reset=earliest',
  topic,
]);
step(
  'transaction',
  ['-P', '-t', topic, '-K:', '-X', `transactional.id=${prefix}-t`],
  lines('transactional', 3),
);
step('read committed', [
  ...['-C', '-t', topic, '-e', '-o', 'beginning', '-f', '%s\n'],
  ...['-X', 'isolation.level=read_committed'],
]);
step('read uncommitted', [
  ...['-C', '-t', topic, '-e', '-o', 'beginning', '-f', '%s\n'],
  ...['-X', 'isolation.level=read_uncommitted'],
]);
rmSync(directory, { recursive: true });
