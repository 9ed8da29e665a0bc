// Compactions that Millrace did not come to the end of: of a topic whose partitions all hold the same, each is left as the
// process leaves it that dies before another operation of the disk: with `.cleaned`, `.swap` and `.deleted` files in every
// mixture. Whoever comes next must find every key's value, and nothing that was not there.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alterTopicConfigs, createTopic } from '../../../src/client/admin.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { readPartitionMetadata } from '../../../src/storage/data-dir/partition-metadata.ts';
import type { FileSystem } from '../../../src/storage/fs/file-system.ts';
import { MemoryFileSystem } from '../../../src/storage/fs/memory.ts';
import { readWholeFile } from '../../../src/storage/fs/whole-file.ts';
import { DEFAULT_LOG_SETTINGS } from '../../../src/storage/log/log-settings.ts';
import { age, UPKEEP } from '../../../src/storage/test-support/aging.ts';
import { Harness } from '../../../src/storage/test-support/harness.ts';
import { until } from '../handover/asking.ts';
import { COMPACTED_TOPIC, DIRTY_RATIO } from './actions.ts';
import { linesOf } from './lines.ts';
import { cleanedOffset, latestValues, latestValuesOf, type Values } from './looking.ts';

export const INTERRUPTED = 'interrupted';
const PARTITIONS = 30;
const CHANGES = ['write', 'truncate', 'rename', 'remove'];
/** Of the data directory, what a log needs to be opened. */
const OF_DIRECTORY = ['meta.properties', 'recovery-point-offset-checkpoint', '.kafka_cleanshutdown'];

const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);

export async function createInterrupted(client: KafkaClient): Promise<void> {
  await createTopic(client, { name: INTERRUPTED, partitions: PARTITIONS, configs: COMPACTED_TOPIC });
}

/** What partition 0 holds goes to all; then each is compacted, and its broker dies. Answers the kinds of files left over. */
export function interruptEach(directory: string): Set<string> {
  const first = join(directory, `${INTERRUPTED}-0`);
  const leftOver = new Set<string>();
  for (const partition of partitions.slice(1)) {
    const copy = join(directory, `${INTERRUPTED}-${partition}`);
    rmSync(copy, { recursive: true, force: true });
    cpSync(first, copy, { recursive: true });
  }
  repeatEntries(join(directory, 'recovery-point-offset-checkpoint'));
  for (const partition of partitions) {
    for (const name of compactUntil(directory, partition, partition + 1))
      leftOver.add(/\.[a-z]+(\.(?:cleaned|swap|deleted))$/.exec(name)?.[1] ?? '');
  }
  // A process that died leaves none.
  rmSync(join(directory, '.kafka_cleanshutdown'));
  return leftOver;
}

/** The entry of partition 0 counts for all of them. */
function repeatEntries(path: string): void {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(2);
  const offset = lines.find(line => line.startsWith(`${INTERRUPTED} 0 `))!.split(' ')[2];
  const entries = [
    ...lines.filter(line => !line.startsWith(`${INTERRUPTED} `)),
    ...partitions.map(partition => `${INTERRUPTED} ${partition} ${offset}`),
  ];
  writeFileSync(path, `0\n${entries.length}\n${entries.join('\n')}\n`);
}

/** Dies before the N-th change of a file of the partition. Answers the names of what is there then. */
function compactUntil(directory: string, partition: number, changes: number): string[] {
  const name = `${INTERRUPTED}-${partition}`;
  const disk = new MemoryFileSystem({ manualSyncs: true, nowMs: Date.now });
  disk.makeDirectory('/data');
  disk.makeDirectory(`/data/${name}`);
  for (const file of OF_DIRECTORY) copyIn(join(directory, file), disk, `/data/${file}`);
  for (const file of readdirSync(join(directory, name)))
    copyIn(join(directory, name, file), disk, `/data/${name}/${file}`);
  const harness = new Harness({ fileSystem: disk, nowMs: Date.now() });
  harness.store.ensure({
    topic: INTERRUPTED,
    partition,
    topicId: readPartitionMetadata(disk, `/data/${name}`)!.topicId,
    settings: { ...DEFAULT_LOG_SETTINGS, cleanupPolicy: ['compact'], minCleanableDirtyRatio: 0 },
  });
  harness.store.startUpkeep(() => UPKEEP);
  let left = changes;
  disk.onOperation = (operation, path) => {
    if (!path.startsWith(`/data/${name}/`) || !CHANGES.includes(operation)) return;
    left -= 1;
    if (left <= 0) throw new Error('died');
  };
  try {
    age(harness, 20_000);
  } catch (error) {
    assert.equal((error as Error).message, 'died');
  }
  disk.kill();
  rmSync(join(directory, name), { recursive: true });
  mkdirSync(join(directory, name));
  const names = disk.list(`/data/${name}`).map(entry => entry.name);
  for (const file of names)
    writeFileSync(join(directory, name, file), readWholeFile(disk, `/data/${name}/${file}`)!);
  return names;
}

function copyIn(from: string, disk: FileSystem, to: string): void {
  const file = disk.open(to, 'create');
  file.write([readFileSync(from)], 0);
  file.syncNow();
  file.close();
}

/** What partition 0 held before anything was interrupted. */
export interface Whole {
  readonly values: Values;
  readonly lines: ReadonlySet<string>;
}

export async function wholeOf(client: KafkaClient): Promise<Whole> {
  return {
    values: await latestValues(client, INTERRUPTED),
    lines: new Set(recordsOf(await linesOf(client, { topic: INTERRUPTED }))),
  };
}

export async function checkInterrupted(client: KafkaClient, whole: Whole, by: string): Promise<void> {
  const values = await latestValuesOf(client, INTERRUPTED, partitions);
  for (const partition of partitions) {
    const what = `${by}: died before change ${partition + 1} of a compaction`;
    assert.deepEqual(values[partition], whole.values, what);
    const lines = recordsOf(await linesOf(client, { topic: INTERRUPTED, partition }));
    assert.deepEqual(
      lines.filter(line => !whole.lines.has(line)),
      [],
      what,
    );
  }
}

/** Cleans what was not cleaned to the end. Answers what each partition holds then. */
export async function cleanInterrupted(client: KafkaClient, directory: string): Promise<string[][]> {
  await alterTopicConfigs(client, { topic: INTERRUPTED, set: { [DIRTY_RATIO]: '0' }, remove: [] });
  await until('all that was interrupted is cleaned', async () =>
    partitions.every(partition => cleanedOffset(directory, INTERRUPTED, partition) !== null),
  );
  await alterTopicConfigs(client, { topic: INTERRUPTED, set: { [DIRTY_RATIO]: '1' }, remove: [] });
  const found: string[][] = [];
  for (const partition of partitions) found.push(await linesOf(client, { topic: INTERRUPTED, partition }));
  return found;
}

function recordsOf(lines: readonly string[]): string[] {
  return lines.filter(line => !line.startsWith('batch '));
}
