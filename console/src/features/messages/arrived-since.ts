// How many records came since a page was read, told from the offsets the page was read at.

import type { OffsetRange, RecordPage } from '../../lib/api/types.ts';

export interface ArrivedOptions {
  readonly page: Pick<RecordPage, 'watermarks'> | undefined;
  readonly topic: { readonly partitions: readonly OffsetRange[] };
  /** Empty means all. */
  readonly partitions: readonly number[];
}

export function arrivedSince({ page, topic, partitions }: ArrivedOptions): bigint {
  if (page === undefined) return 0n;
  const readTo = new Map(page.watermarks.map(range => [range.partition, BigInt(range.latest)]));
  return topic.partitions
    .filter(({ partition }) => partitions.length === 0 || partitions.includes(partition))
    .reduce((sum, { partition, earliest, latest }) => {
      const from = readTo.get(partition) ?? BigInt(earliest);
      const grown = BigInt(latest) - from;
      return grown > 0n ? sum + grown : sum;
    }, 0n);
}
