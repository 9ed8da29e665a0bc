// How the bytes of a ShareFetch are shared out: evenly over the partitions that have something to give, what is left over
// to the first (Apache Kafka's PartitionMaxBytesStrategy gives it to one at random).

export function bytesPerPartition(maxBytes: number, partitionCount: number): number[] {
  if (partitionCount === 0) return [];
  const each = Math.trunc(maxBytes / partitionCount);
  // Fewer bytes than partitions: the first get one each.
  if (each === 0) return Array.from({ length: partitionCount }, (_, index) => (index < maxBytes ? 1 : 0));
  return Array.from({ length: partitionCount }, (_, index) =>
    index === 0 ? each + (maxBytes % partitionCount) : each,
  );
}
