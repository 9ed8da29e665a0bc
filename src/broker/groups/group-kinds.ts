// The kinds of groups besides the classic one, as the state of a shard holds them: consumer (KIP-848), share (KIP-932) and
// streams (KIP-1071). Their records name a group each, and the tombstone of one of them ends it.
//
// A kind plugs in at four places: its `GroupKind` in GroupShardState, its turns in GroupShard, its timeouts in
// group-timers.ts, and its requests in GroupCoordinator. Everything else of it stands in its own folder.

import type { GroupRecord } from './group-records.ts';

/** What ListGroups calls it, as its type and as its protocol. */
export type KindName = 'consumer' | 'share' | 'streams';

export interface KindGroup {
  readonly groupId: string;
  readonly state: string;
  readonly groupEpoch: number;
  readonly members: { readonly size: number };
}

export interface KindRecord {
  readonly type: string;
  readonly key: { readonly groupId: string };
  readonly value: unknown;
}

export interface GroupKind<Group extends KindGroup, Record extends KindRecord> {
  readonly name: KindName;
  /** The record whose tombstone ends the group. */
  readonly recordOfGroup: Record['type'];
  readonly create: (groupId: string) => Group;
  /** `timestampMs`: of the record. */
  readonly replay: (group: Group, record: Record, timestampMs: number) => void;
  /** Ends a group in which nobody is any more. */
  readonly tombstones: (group: Group) => GroupRecord[];
}

/** The groups of one kind in one shard. */
export class KindGroups<Group extends KindGroup, Record extends KindRecord> extends Map<string, Group> {
  readonly kind: GroupKind<Group, Record>;

  constructor(kind: GroupKind<Group, Record>) {
    super();
    this.kind = kind;
  }

  /** Tombstones of a group that is not there mean nothing: compaction may have taken what was before them. */
  replay(record: Record, timestampMs: number): void {
    const { groupId } = record.key;
    let group = this.get(groupId);
    if (record.value === null) {
      if (group === undefined) return;
      if (record.type === this.kind.recordOfGroup) {
        this.delete(groupId);
        return;
      }
    }
    if (group === undefined) {
      group = this.kind.create(groupId);
      this.set(groupId, group);
    }
    this.kind.replay(group, record, timestampMs);
  }

  /** What removes the group of this name, if there is one. */
  tombstonesOf(groupId: string): GroupRecord[] {
    const group = this.get(groupId);
    return group === undefined ? [] : this.kind.tombstones(group);
  }
}

/** Whether it is a record of the kind whose records begin with this word. */
export function isRecordOf<Prefix extends 'Consumer' | 'Share' | 'Streams'>(
  record: GroupRecord,
  prefix: Prefix,
): record is Extract<GroupRecord, { type: `${Prefix}${string}` }> {
  return record.type.startsWith(prefix);
}
