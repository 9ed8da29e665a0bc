// Reads the records of partitions between two offsets, in order, batch by batch: what a consumer would see, without
// being one. With read_committed, records of aborted transactions are left out (KIP-98: the broker lists the aborted
// transactions of the range, the reader drops their batches); control records are never shown. It ends at `to`, so it
// never waits for records that do not exist yet.

import { KafkaError } from '../protocol/errors.ts';
import { decodeRecordSet, type FetchedRecord } from './batches.ts';
import { type FetchedPartition, type FetchOptions, type FetchPosition, fetchOnce } from './fetch.ts';
import { type TopicPartition, valueOrThrow } from './per-leader.ts';

export interface ReadRange extends TopicPartition {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface RecordsRead extends TopicPartition {
  readonly records: FetchedRecord[];
  /** Where the partition goes on; equal to or beyond `to` when it is done. */
  readonly nextOffset: number;
}

export type ReadOptions = Omit<FetchOptions, 'maxWaitMs'>;

/** The broker has the records already; it is only given the time to look for them. */
const MAX_WAIT_MS = 100;

/** Yields what each answer brought, for all ranges side by side. */
export async function* readRanges(
  ranges: readonly ReadRange[],
  options: ReadOptions,
): AsyncGenerator<RecordsRead> {
  let open: ReadRange[] = ranges.filter(range => range.from < range.to);
  while (open.length > 0) {
    options.signal?.throwIfAborted();
    const positions = open.map(({ topic, partition, from }) => ({ topic, partition, offset: from }));
    const outcomes = await fetchOnce(positions, { ...options, maxWaitMs: MAX_WAIT_MS });
    const still: ReadRange[] = [];
    for (const [index, range] of open.entries()) {
      const read = recordsOf(positions[index]!, valueOrThrow(outcomes[index]!), { ...options, to: range.to });
      // No bytes, or none that move on: what is left of the range was compacted away or deleted meanwhile.
      const nextOffset = read.nextOffset > range.from ? read.nextOffset : range.to;
      yield { ...read, nextOffset };
      if (nextOffset < range.to) still.push({ ...range, from: nextOffset });
    }
    open = still;
  }
}

/** The records in one partition's answer, from the position on. */
export function recordsOf(
  position: FetchPosition,
  fetched: FetchedPartition,
  options: Pick<FetchOptions, 'isolation'> & { readonly to?: number },
): RecordsRead {
  const { topic, partition, offset: from } = position;
  const aborted = options.isolation === 'read_committed' ? fetched.abortedTransactions : [];
  try {
    return { topic, partition, ...decodeRecordSet(fetched.records, { from, to: options.to, aborted }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KafkaError(
      'CORRUPT_MESSAGE',
      `Partition ${partition} of topic "${topic}" cannot be read at offset ${from}: ${reason}`,
    );
  }
}
