// What the members of a share group read, taken together. The members are given as they will be after the decision.

import { groupHash } from '../consumer/metadata-hash.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import type { ShareMember } from './share-member.ts';

export type ShareMembers = ReadonlyMap<string, ShareMember>;

/** Names, sorted, with how many members read each. */
export function readersOf(members: ShareMembers): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  for (const { topicNames } of members.values())
    for (const name of topicNames) readers.set(name, (readers.get(name) ?? 0) + 1);
  return new Map([...readers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All members read the same. */
export function isHomogeneous(members: ShareMembers): boolean {
  return [...readersOf(members).values()].every(count => count === members.size);
}

/** Of all topics the members read; a different hash calls for a new assignment. */
export function metadataHashOf(members: ShareMembers, topics: TopicsView): bigint {
  const known = [...readersOf(members).keys()].map(name => topics.byName(name));
  return groupHash(known.filter(topic => topic !== undefined).map(({ hash }) => hash));
}

/** Ids of the topics one member reads, those that exist. */
export function topicIdsOf({ topicNames }: ShareMember, topics: TopicsView): Set<string> {
  const known = topicNames.map(name => topics.byName(name));
  return new Set(known.filter(topic => topic !== undefined).map(({ id }) => id));
}
