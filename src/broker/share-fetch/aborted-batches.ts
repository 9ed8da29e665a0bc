// Record batches of transactions that were aborted, among those that were read: what a group that reads committed records
// only must not get (Apache Kafka's SharePartition.fetchAbortedTransactionRecordBatches).

import type { AbortedTransaction } from '../../storage/log/outcomes.ts';
import type { AcquiredRange } from './acquired-range.ts';
import type { FetchedBatch } from './fetched-batches.ts';

/** `aborted` in order of their first offsets. */
export function abortedBatches(
  batches: readonly FetchedBatch[],
  aborted: readonly AbortedTransaction[],
): FetchedBatch[] {
  const open = new Set<bigint>();
  let next = 0;
  return batches.filter(batch => {
    const { producerId } = batch;
    if (producerId === null) return false;
    while (next < aborted.length && aborted[next]!.firstOffset <= batch.lastOffset) {
      open.add(aborted[next]!.producerId);
      next += 1;
    }
    if (batch.isAbortMarker) {
      open.delete(producerId);
      return false;
    }
    return batch.isTransactional && open.has(producerId);
  });
}

/** What of the ranges lies outside the batches; both are in order. */
export function withoutBatches(
  ranges: readonly AcquiredRange[],
  batches: readonly FetchedBatch[],
): AcquiredRange[] {
  const left: AcquiredRange[] = [];
  for (const range of ranges) {
    let { firstOffset } = range;
    for (const batch of batches) {
      if (batch.lastOffset < firstOffset || batch.baseOffset > range.lastOffset) continue;
      if (batch.baseOffset > firstOffset)
        left.push({ ...range, firstOffset, lastOffset: batch.baseOffset - 1 });
      firstOffset = batch.lastOffset + 1;
    }
    if (firstOffset <= range.lastOffset) left.push({ ...range, firstOffset });
  }
  return left;
}
