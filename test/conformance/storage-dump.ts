// npm run test:conformance: `millrace storage dump` prints the files of Apache Kafka's own directories as Apache Kafka's
// DumpLogSegments does, line by line. DUMP_DIRECTORIES=path,path adds data directories, of brokers that are stopped.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dumpFile } from '../../src/cli/storage/file-dump.ts';
import { NodeFileSystem } from '../../src/storage/fs/node.ts';
import { javaClassPath, missingJavaToolchain, SHORT_LIVED_JVM } from './reference.ts';

const golden = fileURLToPath(new URL('../golden/disk', import.meta.url));
const DIRECTORIES = [
  ...['rich-standalone', 'rich-static', 'killed-standalone', 'clean-static'].map(tree =>
    join(golden, tree, 'data'),
  ),
  ...(process.env['DUMP_DIRECTORIES'] ?? '').split(',').filter(path => path !== ''),
];
const DUMPED = /\.(log|index|timeindex|txnindex|snapshot|checkpoint)$/;
const BY_TOPIC: readonly (readonly [prefix: string, flag: string])[] = [
  ['__cluster_metadata-', '--cluster-metadata-decoder'],
  ['__consumer_offsets-', '--offsets-decoder'],
  ['__transaction_state-', '--transaction-log-decoder'],
  ['__share_group_state-', '--share-group-state-decoder'],
  ['', '--print-data-log'],
];

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(name => DUMPED.test(name) && !name.includes('bootstrap') && !name.includes('-delete/'))
    .map(name => join(directory, name))
    .sort();
}

function flagFor(path: string): string {
  return BY_TOPIC.find(([prefix]) => basename(dirname(path)).startsWith(prefix))![1];
}

/** Two of its habits are left out: "-1 is followed by N" for a segment that does not begin at 0, and notes on indexes. */
function linesOf(printed: string): string[] {
  const lines = printed.split('\n').filter(line => line !== '');
  const alarm = lines.findIndex(line => line.startsWith('Non-consecutive offsets in'));
  return (alarm < 0 ? lines : lines.slice(0, alarm)).map(line =>
    line.trimEnd().replace(JAVA_DOUBLE, numberOf),
  );
}

/** Java writes 1.0 and 2.5E7 where JSON elsewhere has 1 and 25000000. */
const JAVA_DOUBLE = /(?<="value":)\d+\.\d+(E\d+)?/g;

function numberOf(text: string): string {
  return String(Number(text));
}

function dumpedByKafka(files: readonly string[], flag: string): string[] {
  const printed = execFileSync(
    'java',
    [
      '-Xmx256m',
      ...SHORT_LIVED_JVM,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=off',
      '-cp',
      javaClassPath(),
      'org.apache.kafka.tools.DumpLogSegments',
      flag,
      '--files',
      files.join(','),
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return linesOf(printed);
}

function dumpedByMillrace(files: readonly string[]): string[] {
  const options = { withRecords: true, fromOffset: 0, untilOffset: Number.POSITIVE_INFINITY };
  return files.flatMap(file =>
    [...dumpFile(new NodeFileSystem(), file, options)].map(({ text }) => text.trimEnd()),
  );
}

describe("storage dump, beside Apache Kafka's DumpLogSegments", {
  skip: missingJavaToolchain() ?? false,
}, () => {
  for (const [, flag] of BY_TOPIC) {
    const files = DIRECTORIES.flatMap(filesOf).filter(path => flagFor(path) === flag);
    it(`${flag}: ${files.length} files`, () => {
      assert.deepEqual(dumpedByMillrace(files), dumpedByKafka(files, flag));
    });
  }
});
