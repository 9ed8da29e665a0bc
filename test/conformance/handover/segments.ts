// What a start must leave alone: no segment becomes shorter or goes. Two exceptions: the metadata log before a snapshot
// that stands for it, where a broker is told to keep no more of that log than it must; and segments of records that were
// deleted (DeleteRecords), which go half a minute after a start, if a slow machine lets the broker live so long.

import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const METADATA_LOG = '__cluster_metadata-0';

/** Sizes of the segments, without what is being deleted. */
export function segmentSizes(directory: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const partition of readdirSync(directory, { withFileTypes: true })) {
    if (!partition.isDirectory() || partition.name.endsWith('-delete')) continue;
    for (const file of readdirSync(join(directory, partition.name))) {
      if (file.endsWith('.log'))
        sizes.set(`${partition.name}/${file}`, statSync(join(directory, partition.name, file)).size);
    }
  }
  return sizes;
}

export function assertNothingCut(directory: string, before: ReadonlyMap<string, number>, by: string): void {
  const now = segmentSizes(directory);
  for (const [name, size] of before) {
    const sizeNow = now.get(name);
    if (sizeNow === undefined && isInSnapshot(directory, name)) continue;
    if (sizeNow === undefined && isBeforeLogStart(directory, name)) continue;
    assert.ok((sizeNow ?? -1) >= size, `${by} cut ${name} from ${size} to ${sizeNow ?? 'nothing'} bytes`);
  }
}

/** Of the metadata log: what is left of it, and the offset up to which a snapshot stands for what is not. */
export function metadataFiles(directory: string): {
  readonly logStart: number;
  readonly snapshotEnd: number;
} {
  const files = readdirSync(join(directory, METADATA_LOG));
  const offsets = (suffix: string): number[] =>
    files.filter(name => name.endsWith(suffix)).map(name => Number.parseInt(name, 10));
  return {
    logStart: Math.min(...offsets('.log')),
    snapshotEnd: Math.max(-1, ...offsets('.checkpoint')),
  };
}

/** What is left of the log begins later; that nothing but what was deleted is gone, the comparison of views shows. */
function isBeforeLogStart(directory: string, name: string): boolean {
  const [partition, file] = name.split('/') as [string, string];
  if (!partition.startsWith('deleted-records-')) return false;
  const left = readdirSync(join(directory, partition)).filter(other => other.endsWith('.log'));
  return left.length > 0 && left.every(other => Number.parseInt(other, 10) > Number.parseInt(file, 10));
}

function isInSnapshot(directory: string, name: string): boolean {
  const [partition, file] = name.split('/') as [string, string];
  if (partition !== METADATA_LOG) return false;
  const { logStart, snapshotEnd } = metadataFiles(directory);
  return Number.parseInt(file, 10) < logStart && logStart <= snapshotEnd;
}
