// What a hand-over run knows of the cluster it fills, besides what the brokers say: every acknowledged batch (the ledger),
// the producers that must be able to go on, and the transactions left open. It passes from broker to broker with the
// directory.

import type { Random } from './seeded-random.ts';
import type { PartitionView } from './view-partitions.ts';

export interface IdempotentProducer {
  readonly topic: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  nextSequence: number;
  /** What was sent last, and where it was stored: sent again it must be recognised. */
  last: { readonly batch: Buffer; readonly baseOffset: number };
}

export interface OpenTransaction {
  readonly transactionalId: string;
  readonly topic: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  nextSequence: number;
}

export interface LedgerEntry {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  /** Of the batch as it was sent: it covers everything but offset and leader epoch. Null: the broker rewrites it. */
  readonly crc: number | null;
}

export interface World {
  readonly random: Random;
  readonly ledger: LedgerEntry[];
  readonly producers: IdempotentProducer[];
  readonly openTransactions: OpenTransaction[];
  readonly groups: string[];
  /** Written while the broker is killed: known by the ledger only. */
  readonly busy: { readonly topic: string; readonly group: string; committed: number };
  /** The partition whose records were deleted last, as it was until then. */
  beforeDeletion: { readonly name: string; readonly view: PartitionView } | null;
  /** How many times somebody added to it. */
  round: number;
}

export function newWorld(random: Random): World {
  return {
    random,
    ledger: [],
    producers: [],
    openTransactions: [],
    groups: [],
    busy: { topic: 'busy', group: 'busy-group', committed: -1 },
    beforeDeletion: null,
    round: 0,
  };
}

export function forgetTopic(world: World, topic: string): void {
  const kept = world.ledger.filter(entry => entry.topic !== topic);
  world.ledger.splice(0, world.ledger.length, ...kept);
}
