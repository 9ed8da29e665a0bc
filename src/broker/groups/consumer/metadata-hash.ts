// What stands in ConsumerGroupMetadata for the topics a group reads: a hash per topic over id, name, partitions and racks,
// and one over those. The layout is Apache Kafka's (coordinator.group.Utils), little-endian, with strings in UTF-16 and
// their length behind them, so that a directory can change hands without every group being assigned anew.

import { xxh3 } from './xxh3.ts';

const LAYOUT_VERSION = 0;

export interface HashedTopic {
  readonly id: string;
  readonly name: string;
  /** By partition: the racks of its replicas, those that have one. */
  readonly racks: readonly (readonly string[])[];
}

export function topicHash({ id, name, racks }: HashedTopic): bigint {
  const bytes: Buffer[] = [
    Buffer.from([LAYOUT_VERSION]),
    Buffer.from(id, 'base64url').subarray(0, 8).reverse(),
  ];
  bytes.push(Buffer.from(id, 'base64url').subarray(8).reverse(), string(name), int32(racks.length));
  for (const [partition, ofPartition] of racks.entries()) {
    bytes.push(int32(partition));
    for (const rack of [...ofPartition].sort()) bytes.push(int32(rack.length), string(rack));
  }
  return signed(xxh3(Buffer.concat(bytes)));
}

/** `hashes` in the order of the topics' names. */
export function groupHash(hashes: readonly bigint[]): bigint {
  if (hashes.length === 0) return 0n;
  const bytes = Buffer.alloc(hashes.length * 8);
  for (const [index, hash] of hashes.entries()) bytes.writeBigInt64LE(hash, index * 8);
  return signed(xxh3(bytes));
}

function signed(hash: bigint): bigint {
  return BigInt.asIntN(64, hash);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function string(text: string): Buffer {
  return Buffer.concat([Buffer.from(text, 'utf16le'), int32(text.length)]);
}
