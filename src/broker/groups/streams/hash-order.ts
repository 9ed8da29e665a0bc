// The order in which Apache Kafka walks a hash map of strings: by bucket, and within one as they came in. Where members of
// a streams group are equally loaded, this order decides who gets a task, and it names topics in messages: with it the
// same group gets the same tasks here and there.

/** java.util.HashMap grows when it is three quarters full. */
const LOAD_FACTOR = 0.75;
const CAPACITY = 16;

/** `capacity`: what the map was made for, when it was made for a number of entries. */
export function hashOrdered(keys: Iterable<string>, capacity = CAPACITY): string[] {
  const distinct = [...new Set(keys)];
  let buckets = 1;
  while (buckets < capacity || distinct.length > buckets * LOAD_FACTOR) buckets *= 2;
  const byBucket = distinct.map((key, index) => ({ key, bucket: hashOf(key) & (buckets - 1), index }));
  byBucket.sort((a, b) => a.bucket - b.bucket || a.index - b.index);
  return byBucket.map(({ key }) => key);
}

/** java.lang.String.hashCode, with its upper half mixed in as HashMap does. */
function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (hash * 31 + text.charCodeAt(index)) | 0;
  return hash ^ (hash >>> 16);
}
