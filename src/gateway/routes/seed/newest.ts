// The newest messages of a topic: the last of each partition are read, and of these the newest by their timestamps are
// kept, in the order of /consume (partition, offset).

import { type ReadRange, readRanges } from '../../../client/fetch-reader.ts';

interface Placed<Value> {
  readonly rangeIndex: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly value: Value;
}

/** `ranges` already begin no further back than `limit` before their ends. */
export async function newestOf<Value>(
  ranges: readonly ReadRange[],
  options: {
    readonly limit: number;
    readonly read: Parameters<typeof readRanges>[1];
    readonly valueOf: (value: Buffer | null) => Value;
  },
): Promise<Value[]> {
  const found: Placed<Value>[] = [];
  for (const [rangeIndex, range] of ranges.entries()) {
    for await (const { records } of readRanges([range], options.read)) {
      for (const { offset, timestamp, value } of records) {
        found.push({ rangeIndex, offset, timestamp: Number(timestamp), value: options.valueOf(value) });
      }
    }
  }
  return found
    .sort((a, b) => b.timestamp - a.timestamp || b.rangeIndex - a.rangeIndex || b.offset - a.offset)
    .slice(0, options.limit)
    .sort((a, b) => a.rangeIndex - b.rangeIndex || a.offset - b.offset)
    .map(({ value }) => value);
}
