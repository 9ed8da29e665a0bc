// The state of one partition of __consumer_offsets: its groups of all kinds, and their committed offsets.

import { KafkaError } from '../../protocol/errors.ts';
import type { ControlRecord, RecordPosition } from '../runtime/record-codec.ts';
import type { ShardState } from '../runtime/shard.ts';
import { ClassicGroup } from './classic/classic-group.ts';
import { classicGroupOf } from './classic/classic-replay.ts';
import { consumerKind } from './consumer/consumer-kind.ts';
import { isRecordOf, type KindGroup, KindGroups, type KindName, type KindRecord } from './group-kinds.ts';
import type { GroupMetadataRecord, GroupRecord } from './group-records.ts';
import { OffsetStore } from './offsets/offset-store.ts';
import { shareKind } from './share/share-kind.ts';
import { streamsKind } from './streams/streams-kind.ts';

/** Groups of some kind, whichever: to look at, not to replay records into. */
type AnyKindGroups = Pick<
  KindGroups<KindGroup, never>,
  'get' | 'has' | 'delete' | 'values' | 'tombstonesOf'
> & { readonly kind: { readonly name: KindName } };

const CONTROL_ABORT = 0;
const CONTROL_COMMIT = 1;

export class GroupShardState implements ShardState<GroupRecord> {
  /** Of the classic protocol, and those that only hold offsets. */
  readonly groups = new Map<string, ClassicGroup>();
  readonly consumerGroups = new KindGroups(consumerKind);
  readonly shareGroups = new KindGroups(shareKind);
  readonly streamsGroups = new KindGroups(streamsKind);
  /** Of every kind but the classic one. */
  readonly kinds: readonly AnyKindGroups[] = [this.consumerGroups, this.shareGroups, this.streamsGroups];
  readonly offsets = new OffsetStore();

  /** The kind of the group, if it is not a classic one. */
  foreignKind(groupId: string): KindName | undefined {
    return this.#kindOf(groupId)?.kind.name;
  }

  /** A group of any kind but the classic one. */
  kindGroup(groupId: string): KindGroup | undefined {
    return this.#kindOf(groupId)?.get(groupId);
  }

  /** What ends the group of this name and of any kind but the classic one. */
  kindTombstones(groupId: string): GroupRecord[] {
    return this.#kindOf(groupId)?.tombstonesOf(groupId) ?? [];
  }

  /** Whether a group of any kind has this name. */
  has(groupId: string): boolean {
    return this.groups.has(groupId) || this.#kindOf(groupId) !== undefined;
  }

  /** What a request for a group of this kind is told when there is none; `noun` is what it asked for. */
  notFound(groupId: string, kind: KindName, noun: string): KafkaError {
    return new KafkaError(
      'GROUP_ID_NOT_FOUND',
      this.has(groupId) ? `Group ${groupId} is not a ${kind} group.` : `${noun} ${groupId} not found.`,
    );
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
      default:
        if (isRecordOf(record, 'Consumer')) this.#replayKind(this.consumerGroups, record, position);
        else if (isRecordOf(record, 'Share')) this.#replayKind(this.shareGroups, record, position);
        else this.#replayKind(this.streamsGroups, record, position);
    }
  }

  replayControl(record: ControlRecord, position: RecordPosition): void {
    if (record.type !== CONTROL_ABORT && record.type !== CONTROL_COMMIT) return;
    this.offsets.replayTransactionEnd(position.producerId, record.type === CONTROL_COMMIT);
  }

  /** Offsets without a group: somebody commits who assigns itself its partitions. */
  #ensureGroup(groupId: string, nowMs: number): void {
    if (this.has(groupId)) return;
    this.groups.set(groupId, new ClassicGroup(groupId, nowMs));
  }

  #replayGroup({ key, value }: GroupMetadataRecord): void {
    if (value === null) {
      this.groups.delete(key.group);
      return;
    }
    for (const groups of this.kinds) groups.delete(key.group);
    this.groups.set(key.group, classicGroupOf(key.group, value));
  }

  #kindOf(groupId: string): AnyKindGroups | undefined {
    return this.kinds.find(groups => groups.has(groupId));
  }

  #replayKind<Group extends KindGroup, Record extends KindRecord>(
    groups: KindGroups<Group, Record>,
    record: Record,
    { timestampMs }: RecordPosition,
  ): void {
    groups.replay(record, timestampMs);
    // A classic group that only held offsets has no record of its own; it makes room.
    if (groups.has(record.key.groupId)) this.groups.delete(record.key.groupId);
  }
}
