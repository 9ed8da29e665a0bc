// What the share coordinator's answer to an initialization means for the group: all of it went well, and the partitions may
// be assigned; or not, and they may be tried again. Topics that went have no state to be kept track of. Follows Apache
// Kafka's initializeShareGroupState, uninitializeShareGroupState and maybeCleanupShareGroupState.

import type { ShareContext, ShareDecision } from './share-decision.ts';
import type { ShareGroup } from './share-group.ts';
import { type ShareGroupRecord, statePartitionsRecord } from './share-records.ts';
import {
  type PartitionsByTopic,
  type StateTopic,
  withInitialized,
  withoutInitializing,
  withoutTopics,
} from './state-partitions.ts';

export function decideInitialized(
  group: ShareGroup | undefined,
  { partitions, isDone }: { readonly partitions: PartitionsByTopic; readonly isDone: boolean },
  { topics, nowMs }: ShareContext,
): ShareDecision<null> {
  const nothing = { response: null, timers: [], reason: 'share state was initialized' };
  if (group === undefined || partitions.size === 0) return { ...nothing, records: [] };
  const { groupId, statePartitions } = group;
  if (isDone) {
    const named = [...partitions].flatMap(([topicId, ofTopic]): [string, StateTopic][] => {
      const name = topics.byId(topicId)?.name;
      // Apache Kafka would keep a topic that went in the meantime as <UNKNOWN>, and could not delete the group any more.
      return name === undefined ? [] : [[topicId, { name, partitions: ofTopic, timestampMs: nowMs }]];
    });
    if (named.length === 0) return { ...nothing, records: [] };
    const next = withInitialized(statePartitions, new Map(named));
    return { ...nothing, records: [statePartitionsRecord(groupId, next, topics)] };
  }
  if (statePartitions === null || statePartitions.initializing.size === 0) return { ...nothing, records: [] };
  const next = withoutInitializing(statePartitions, partitions);
  return { ...nothing, records: [statePartitionsRecord(groupId, next, topics)] };
}

/** Topics are gone, perhaps while nobody was there to see it; the share coordinator forgets them by itself. */
export function forgetTopics(
  groups: Iterable<ShareGroup>,
  isGone: (topicId: string) => boolean,
  topics: ShareContext['topics'],
): ShareGroupRecord[] {
  return [...groups].flatMap(({ groupId, statePartitions }) => {
    const next = statePartitions === null ? null : withoutTopics(statePartitions, isGone);
    return next === null ? [] : [statePartitionsRecord(groupId, next, topics)];
  });
}
