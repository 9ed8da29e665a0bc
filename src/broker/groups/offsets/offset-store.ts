// The committed offsets of one shard, and those committed inside transactions that are still open. Only replay changes
// it. Follows Apache Kafka's OffsetMetadataManager: of a transactional and a plain commit of one partition, the later
// record in the log wins, whenever the transaction ends.

import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import type { RecordPosition } from '../../runtime/record-codec.ts';
import type { OffsetCommitRecord } from '../group-records.ts';
import type { CommittedOffset, OffsetKey } from './committed-offset.ts';

interface StoredOffset extends CommittedOffset {
  /** Where its record stands in the log. */
  readonly recordOffset: number;
}

type ByPartition = Map<number, StoredOffset>;
type ByTopic = Map<string, ByPartition>;

/** Offsets by group, topic and partition, without empty maps. */
class OffsetTable {
  readonly #byGroup = new Map<string, ByTopic>();

  ofGroup(groupId: string): ReadonlyMap<string, ReadonlyMap<number, StoredOffset>> | undefined {
    return this.#byGroup.get(groupId);
  }

  groups(): IterableIterator<string> {
    return this.#byGroup.keys();
  }

  get({ groupId, topic, partition }: OffsetKey): StoredOffset | undefined {
    return this.#byGroup.get(groupId)?.get(topic)?.get(partition);
  }

  put({ groupId, topic, partition }: OffsetKey, stored: StoredOffset): void {
    let byTopic = this.#byGroup.get(groupId);
    if (byTopic === undefined) {
      byTopic = new Map();
      this.#byGroup.set(groupId, byTopic);
    }
    let byPartition = byTopic.get(topic);
    if (byPartition === undefined) {
      byPartition = new Map();
      byTopic.set(topic, byPartition);
    }
    byPartition.set(partition, stored);
  }

  remove({ groupId, topic, partition }: OffsetKey): void {
    const byTopic = this.#byGroup.get(groupId);
    const byPartition = byTopic?.get(topic);
    if (byTopic === undefined || byPartition === undefined) return;
    byPartition.delete(partition);
    if (byPartition.size === 0) byTopic.delete(topic);
    if (byTopic.size === 0) this.#byGroup.delete(groupId);
  }

  *entries(): IterableIterator<[OffsetKey, StoredOffset]> {
    for (const groupId of this.#byGroup.keys()) yield* this.entriesOf(groupId);
  }

  *entriesOf(groupId: string): IterableIterator<[OffsetKey, StoredOffset]> {
    for (const [topic, byPartition] of this.#byGroup.get(groupId) ?? []) {
      for (const [partition, stored] of byPartition) yield [{ groupId, topic, partition }, stored];
    }
  }
}

export class OffsetStore {
  readonly #committed = new OffsetTable();
  /** By producer id: what its open transaction will have committed. */
  readonly #pending = new Map<bigint, OffsetTable>();

  get(key: OffsetKey): CommittedOffset | undefined {
    return this.#committed.get(key);
  }

  ofGroup(groupId: string): ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> | undefined {
    return this.#committed.ofGroup(groupId);
  }

  entries(): IterableIterator<[OffsetKey, CommittedOffset]> {
    return this.#committed.entries();
  }

  entriesOf(groupId: string): IterableIterator<[OffsetKey, CommittedOffset]> {
    return this.#committed.entriesOf(groupId);
  }

  /** A transaction that is still open has committed this partition. */
  hasPending(key: OffsetKey): boolean {
    for (const table of this.#pending.values()) if (table.get(key) !== undefined) return true;
    return false;
  }

  /** Partitions of the group that open transactions have committed. */
  *pendingOf(groupId: string): IterableIterator<OffsetKey> {
    for (const table of this.#pending.values()) for (const [key] of table.entriesOf(groupId)) yield key;
  }

  *pendingKeys(): IterableIterator<[OffsetKey, CommittedOffset]> {
    for (const table of this.#pending.values()) yield* table.entries();
  }

  replay({ key, value }: OffsetCommitRecord, position: RecordPosition): void {
    const offsetKey: OffsetKey = { groupId: key.group, topic: key.topic, partition: key.partition };
    if (value === null) {
      this.#committed.remove(offsetKey);
      for (const table of this.#pending.values()) table.remove(offsetKey);
      this.#dropEmptyPending();
      return;
    }
    const stored: StoredOffset = {
      offset: value.offset,
      leaderEpoch: 'leaderEpoch' in value ? value.leaderEpoch : -1,
      metadata: value.metadata,
      commitTimestampMs: Number(value.commitTimestamp),
      expireTimestampMs: 'expireTimestamp' in value ? Number(value.expireTimestamp) : -1,
      topicId: 'topicId' in value ? value.topicId : ZERO_UUID,
      recordOffset: position.offset,
    };
    if (position.isTransactional) this.#pendingOfProducer(position.producerId).put(offsetKey, stored);
    else this.#committed.put(offsetKey, stored);
  }

  /** The marker of a transaction: its offsets count from now on, or never. */
  replayTransactionEnd(producerId: bigint, isCommitted: boolean): void {
    const pending = this.#pending.get(producerId);
    this.#pending.delete(producerId);
    if (pending === undefined || !isCommitted) return;
    for (const [key, stored] of pending.entries()) {
      const existing = this.#committed.get(key);
      if (existing === undefined || stored.recordOffset > existing.recordOffset)
        this.#committed.put(key, stored);
    }
  }

  #pendingOfProducer(producerId: bigint): OffsetTable {
    let table = this.#pending.get(producerId);
    if (table === undefined) {
      table = new OffsetTable();
      this.#pending.set(producerId, table);
    }
    return table;
  }

  #dropEmptyPending(): void {
    for (const [producerId, table] of this.#pending) {
      if (table.groups().next().done === true) this.#pending.delete(producerId);
    }
  }
}
