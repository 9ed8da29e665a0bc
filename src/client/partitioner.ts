// Which partition a record goes to, as Apache Kafka's producer decides: by the key's murmur2 hash (Utils.murmur2,
// BuiltInPartitioner.partitionForKey), so that records of one key meet in one partition whoever wrote them. Records
// without a key may go anywhere: those of one call stay together, as in one batch of Java's producer, so that their order
// can be seen; another call may choose another partition.

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const ROTATION = 24;

/** Kafka's murmur2, a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  const wordsEnd = length & ~3;
  let hash = SEED ^ length;
  for (let position = 0; position < wordsEnd; position += 4) {
    let word =
      data[position]! |
      (data[position + 1]! << 8) |
      (data[position + 2]! << 16) |
      (data[position + 3]! << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> ROTATION;
    word = Math.imul(word, MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (length - wordsEnd === 3) hash ^= data[wordsEnd + 2]! << 16;
  if (length - wordsEnd >= 2) hash ^= data[wordsEnd + 1]! << 8;
  if (length - wordsEnd >= 1) {
    hash ^= data[wordsEnd]!;
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}
