// A compacted topic as a reader ends up with it, and as it lies in the directory.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRanges } from '../../../src/client/fetch-reader.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { LATEST, listOffsets } from '../../../src/client/list-offsets.ts';
import { valueOrThrow } from '../../../src/client/per-leader.ts';

/** Key to value. */
export type Values = Readonly<Record<string, string>>;

export async function latestValues(client: KafkaClient, topic: string): Promise<Values> {
  return (await latestValuesOf(client, topic, [0]))[0]!;
}

/** Of committed records, for each partition; a tombstone and no record at all are the same. */
export async function latestValuesOf(
  client: KafkaClient,
  topic: string,
  partitions: readonly number[],
): Promise<Values[]> {
  const isolation = 'read_committed';
  const queries = partitions.map(partition => ({ topic, partition, timestamp: LATEST }));
  const ends = (await listOffsets(queries, { client, isolation })).map(end => valueOrThrow(end).offset);
  const ranges = partitions.map((partition, index) => ({ topic, partition, from: 0, to: ends[index]! }));
  const values = new Map(partitions.map(partition => [partition, new Map<string, string>()] as const));
  for await (const { partition, records } of readRanges(ranges, { client, isolation })) {
    for (const { key, value } of records) {
      if (value === null) values.get(partition)!.delete(String(key));
      else values.get(partition)!.set(String(key), String(value));
    }
  }
  return [...values.values()].map(each => Object.fromEntries([...each].sort()));
}

/** Of cleaner-offset-checkpoint; null when the log is not in it. */
export function cleanedOffset(directory: string, topic: string, partition = 0): number | null {
  const path = join(directory, 'cleaner-offset-checkpoint');
  if (!existsSync(path)) return null;
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find(text => text.startsWith(`${topic} ${partition} `));
  return line === undefined ? null : Number(line.split(' ')[2]);
}

/** Name and digest of each segment. */
export function segmentsOf(directory: string, topic: string): string[] {
  const partition = join(directory, `${topic}-0`);
  return readdirSync(partition)
    .filter(name => name.endsWith('.log'))
    .sort()
    .map(name => {
      const bytes = readFileSync(join(partition, name));
      return `${name} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
    });
}
