// When committed offsets go: by age (offsets.retention.minutes, counted from the moment the group became empty, or from
// the commit where there are no members to be gone), with their topic, with their group. A group that is empty and has no
// offsets left goes with them. Follows Apache Kafka's OffsetMetadataManager and GroupCoordinatorShard.cleanupGroupMetadata.

import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import type { ClassicGroup } from '../classic/classic-group.ts';
import { subscribedTopics } from '../classic/subscribed-topics.ts';
import { type GroupRecord, groupTombstone, offsetTombstone } from '../group-records.ts';
import type { CommittedOffset, OffsetKey } from './committed-offset.ts';
import type { OffsetStore } from './offset-store.ts';

export interface Retention {
  readonly nowMs: number;
  readonly offsetsRetentionMs: number;
}

/** Tombstones for what has expired in this group, and for the group itself when nothing is left of it. */
export function expireGroup(group: ClassicGroup, store: OffsetStore, retention: Retention): GroupRecord[] {
  const records: GroupRecord[] = [];
  const isExpired = expiryRule(group, retention);
  let isEverythingGone = true;
  for (const [key, committed] of store.entriesOf(group.groupId)) {
    if (isExpired(key, committed) && !store.hasPending(key)) records.push(offsetTombstone(key));
    else isEverythingGone = false;
  }
  const hasPending = store.pendingOf(group.groupId).next().done !== true;
  // Somebody may have been told an id and be on the way back.
  const isAbandoned = group.state === 'Empty' && group.pendingJoins.size === 0;
  if (isEverythingGone && !hasPending && isAbandoned) records.push(groupTombstone(group.groupId));
  return records;
}

function expiryRule(
  group: ClassicGroup,
  retention: Retention,
): (key: OffsetKey, committed: CommittedOffset) => boolean {
  if (group.protocolType === null) {
    return (_, committed) => isOlderThan(committed, committed.commitTimestampMs, retention);
  }
  if (group.state === 'Empty') {
    return (_, committed) => {
      const sinceMs = group.stateTimestampMs < 0 ? committed.commitTimestampMs : group.stateTimestampMs;
      return isOlderThan(committed, sinceMs, retention);
    };
  }
  // A living group keeps what it reads, but not the offsets of topics it has stopped reading.
  const topics = group.state === 'Stable' ? subscribedTopics(group) : null;
  if (topics === null) return () => false;
  return (key, committed) =>
    !topics.has(key.topic) && isOlderThan(committed, committed.commitTimestampMs, retention);
}

export function isOlderThan(
  committed: CommittedOffset,
  sinceMs: number,
  { nowMs, offsetsRetentionMs }: Retention,
): boolean {
  return committed.expireTimestampMs >= 0
    ? nowMs >= committed.expireTimestampMs
    : nowMs - sinceMs >= offsetsRetentionMs;
}

/** All of a group's: DeleteGroups. */
export function deleteOffsets(groupId: string, store: OffsetStore): GroupRecord[] {
  const committed = [...store.entriesOf(groupId)].map(([key]) => offsetTombstone(key));
  const pending = [...store.pendingOf(groupId)]
    .filter(key => store.get(key) === undefined)
    .map(offsetTombstone);
  return [...committed, ...pending];
}

/** Everybody's offsets of a topic that is gone. Records without a topic id go by the name. */
export function deleteTopicOffsets(
  store: OffsetStore,
  topic: { readonly name: string; readonly topicId: string },
) {
  const records: GroupRecord[] = [];
  const isOfTopic = (key: OffsetKey, { topicId }: CommittedOffset) =>
    key.topic === topic.name && (topicId === ZERO_UUID || topicId === topic.topicId);
  for (const [key, committed] of store.entries())
    if (isOfTopic(key, committed)) records.push(offsetTombstone(key));
  for (const [key, committed] of store.pendingKeys()) {
    if (isOfTopic(key, committed)) records.push(offsetTombstone(key));
  }
  return records;
}

/** Offsets of topics that went while nobody was there to see it: their id is known, and no topic has it any more. */
export function deleteOrphans(store: OffsetStore, topicExists: (topicId: string) => boolean): GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const [key, { topicId }] of store.entries()) {
    if (topicId !== ZERO_UUID && !topicExists(topicId)) records.push(offsetTombstone(key));
  }
  return records;
}
