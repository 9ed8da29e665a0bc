// The state of one partition of __consumer_offsets: its classic and consumer groups and their committed offsets. Groups of
// the other kinds (share, streams) are known by name only: their records stay in the log untouched, and nothing here may
// write a group over them.

import type { ControlRecord, RecordPosition } from '../runtime/record-codec.ts';
import type { ShardState } from '../runtime/shard.ts';
import { ClassicGroup } from './classic/classic-group.ts';
import { classicGroupOf } from './classic/classic-replay.ts';
import { ConsumerGroup } from './consumer/consumer-group.ts';
import { type ConsumerGroupRecord, replayConsumerRecord } from './consumer/consumer-records.ts';
import type { GroupMetadataRecord, GroupRecord } from './group-records.ts';
import { OffsetStore } from './offsets/offset-store.ts';

export type ForeignKind = 'consumer' | 'share' | 'streams';

const CONTROL_ABORT = 0;
const CONTROL_COMMIT = 1;

export class GroupShardState implements ShardState<GroupRecord> {
  readonly groups = new Map<string, ClassicGroup>();
  readonly consumerGroups = new Map<string, ConsumerGroup>();
  readonly offsets = new OffsetStore();
  readonly #foreign = new Map<string, ForeignKind>();

  foreignKind(groupId: string): ForeignKind | undefined {
    return this.consumerGroups.has(groupId) ? 'consumer' : this.#foreign.get(groupId);
  }

  get foreignGroups(): ReadonlyMap<string, ForeignKind> {
    return this.#foreign;
  }

  /** The group as it runs, with what its record does not tell; called when the records of the decision are replayed. */
  adopt(group: ClassicGroup): void {
    this.groups.set(group.groupId, group);
  }

  replay(record: GroupRecord, position: RecordPosition): void {
    switch (record.type) {
      case 'OffsetCommit':
      case 'LegacyOffsetCommit':
        if (record.value !== null) this.#ensureGroup(record.key.group, position.timestampMs);
        this.offsets.replay(record, position);
        break;
      case 'GroupMetadata':
        this.#replayGroup(record);
        break;
      case 'ConsumerGroupMetadata':
      case 'ConsumerGroupPartitionMetadata':
      case 'ConsumerGroupMemberMetadata':
      case 'ConsumerGroupTargetAssignmentMetadata':
      case 'ConsumerGroupTargetAssignmentMember':
      case 'ConsumerGroupCurrentMemberAssignment':
      case 'ConsumerGroupRegularExpression':
        this.#replayConsumer(record);
        break;
      default:
        this.#replayForeign(record);
    }
  }

  replayControl(record: ControlRecord, position: RecordPosition): void {
    if (record.type !== CONTROL_ABORT && record.type !== CONTROL_COMMIT) return;
    this.offsets.replayTransactionEnd(position.producerId, record.type === CONTROL_COMMIT);
  }

  /** Offsets without a group: somebody commits who assigns itself its partitions. */
  #ensureGroup(groupId: string, nowMs: number): void {
    if (this.groups.has(groupId) || this.foreignKind(groupId) !== undefined) return;
    this.groups.set(groupId, new ClassicGroup(groupId, nowMs));
  }

  #replayGroup({ key, value }: GroupMetadataRecord): void {
    if (value === null) {
      this.groups.delete(key.group);
      return;
    }
    this.#foreign.delete(key.group);
    this.consumerGroups.delete(key.group);
    this.groups.set(key.group, classicGroupOf(key.group, value));
  }

  /** Tombstones of a group that is not there mean nothing: compaction may have taken what was before them. */
  #replayConsumer(record: ConsumerGroupRecord): void {
    const { groupId } = record.key;
    let group = this.consumerGroups.get(groupId);
    if (record.value === null) {
      if (group === undefined) return;
      if (record.type === 'ConsumerGroupMetadata') {
        this.consumerGroups.delete(groupId);
        return;
      }
    }
    if (group === undefined) {
      group = new ConsumerGroup(groupId);
      this.consumerGroups.set(groupId, group);
      // A classic group that only held offsets has no record of its own; it makes room.
      this.groups.delete(groupId);
    }
    replayConsumerRecord(group, record);
  }

  #replayForeign(record: Extract<GroupRecord, { type: `Share${string}` | `Streams${string}` }>) {
    const { groupId } = record.key;
    if (record.value !== null) {
      this.#foreign.set(groupId, kindOf(record.type));
      // A classic group that only held offsets has no record of its own; it makes room.
      if (this.groups.get(groupId)?.protocolType === null) this.groups.delete(groupId);
    } else if (isGroupItself(record.type)) {
      this.#foreign.delete(groupId);
    }
  }
}

function kindOf(type: string): ForeignKind {
  return type.startsWith('Share') ? 'share' : 'streams';
}

function isGroupItself(type: string): boolean {
  return type === 'ShareGroupMetadata' || type === 'StreamsGroupMetadata';
}
