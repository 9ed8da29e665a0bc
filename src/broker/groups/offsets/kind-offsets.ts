// Committed offsets of consumer and streams groups: when they go, by age (from the commit on, while no member reads their
// topic) or because somebody deletes them. Follows Apache Kafka's OffsetMetadataManager and the groups' expiration condition.

import { ErrorCode } from '../../../protocol/errors.ts';
import type { Decision } from '../../runtime/shard.ts';
import { type GroupRecord, offsetTombstone } from '../group-records.ts';
import type { DeletedOffsets, OffsetDeleteCommand } from './offset-delete.ts';
import { isOlderThan, type Retention } from './offset-expiry.ts';
import type { OffsetStore } from './offset-store.ts';

export interface ReadingGroup {
  readonly groupId: string;
  readonly members: { readonly size: number };
  /** Whether any member reads the topic. */
  isSubscribedTo(topic: string): boolean;
}

/** Tombstones for what has expired, and for the group itself when nobody and nothing is left of it. */
export function expireKindGroup<Group extends ReadingGroup>(
  group: Group,
  {
    store,
    tombstones,
  }: { readonly store: OffsetStore; readonly tombstones: (group: Group) => GroupRecord[] },
  retention: Retention,
): GroupRecord[] {
  const records: GroupRecord[] = [];
  let isEverythingGone = true;
  for (const [key, committed] of store.entriesOf(group.groupId)) {
    const isExpired =
      !group.isSubscribedTo(key.topic) && isOlderThan(committed, committed.commitTimestampMs, retention);
    if (isExpired && !store.hasPending(key)) records.push(offsetTombstone(key));
    else isEverythingGone = false;
  }
  const hasPending = store.pendingOf(group.groupId).next().done !== true;
  if (isEverythingGone && !hasPending && group.members.size === 0) records.push(...tombstones(group));
  return records;
}

/** OffsetDelete: of topics that no member reads. */
export function decideKindOffsetDelete(
  group: ReadingGroup,
  offsets: OffsetStore,
  { groupId, topics }: OffsetDeleteCommand,
): Decision<GroupRecord, DeletedOffsets> {
  const records: GroupRecord[] = [];
  const results = topics.map(({ name, partitions }) => {
    const isRead = group.isSubscribedTo(name);
    const errorCode = isRead ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
    for (const partition of isRead ? [] : new Set(partitions)) {
      const key = { groupId, topic: name, partition };
      if (offsets.get(key) !== undefined || offsets.hasPending(key)) records.push(offsetTombstone(key));
    }
    return { name, partitions: partitions.map(partition => ({ partition, errorCode })) };
  });
  return { records, response: { errorCode: ErrorCode.NONE, topics: results } };
}
