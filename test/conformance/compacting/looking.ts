// A compacted topic as a reader ends up with it, and as it lies in the directory.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRanges } from '../../../src/client/fetch-reader.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { LATEST, listOffsets } from '../../../src/client/list-offsets.ts';
import { valueOrThrow } from '../../../src/client/per-leader.ts';

/** Key to value, of committed records; a tombstone and no record at all are the same. */
export async function latestValues(client: KafkaClient, topic: string): Promise<Record<string, string>> {
  const isolation = 'read_committed';
  const [end] = await listOffsets([{ topic, partition: 0, timestamp: LATEST }], { client, isolation });
  const range = { topic, partition: 0, from: 0, to: valueOrThrow(end!).offset };
  const values = new Map<string, string>();
  for await (const { records } of readRanges([range], { client, isolation })) {
    for (const { key, value } of records) {
      if (value === null) values.delete(String(key));
      else values.set(String(key), String(value));
    }
  }
  return Object.fromEntries([...values].sort());
}

/** Of cleaner-offset-checkpoint; null when the log is not in it. */
export function cleanedOffset(directory: string, topic: string): number | null {
  const path = join(directory, 'cleaner-offset-checkpoint');
  if (!existsSync(path)) return null;
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find(text => text.startsWith(`${topic} 0 `));
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
