// The order in which Apache Kafka walks a hash map of strings: by bucket, and within one as they came in. Where members of a
// group are equally loaded, this order decides who gets a partition: with it the same group is assigned the same here and
// there.

import { javaHashCode } from './coordinator-partition.ts';

/** java.util.HashMap grows when it is three quarters full. */
const LOAD_FACTOR = 0.75;
const CAPACITY = 16;

/** `capacity`: what the map was made for, when it was made for a number of entries. */
export function hashOrdered(keys: Iterable<string>, capacity = CAPACITY): string[] {
  const distinct = [...new Set(keys)];
  let buckets = 1;
  while (buckets < capacity || distinct.length > buckets * LOAD_FACTOR) buckets *= 2;
  const byBucket = distinct.map((key, index) => ({ key, bucket: mixed(key) & (buckets - 1), index }));
  byBucket.sort((a, b) => a.bucket - b.bucket || a.index - b.index);
  return byBucket.map(({ key }) => key);
}

/** As HashMap mixes the upper half of a hash in. */
function mixed(text: string): number {
  const hash = javaHashCode(text);
  return hash ^ (hash >>> 16);
}
