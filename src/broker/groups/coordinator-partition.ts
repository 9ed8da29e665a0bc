// Which partition of a coordinator's topic a group or a transactional id belongs to. The rule is part of the data on
// disk and of every client's expectations: Java's String.hashCode, made positive, modulo the number of partitions.

/** Java's String.hashCode: over UTF-16 units, in 32 bits that overflow. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** Kafka's Utils.abs: the smallest integer, which has no positive twin, becomes 0. */
export function coordinatorPartition(key: string, partitionCount: number): number {
  const hash = javaHashCode(key);
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitionCount;
}
