// What the members of a consumer group read, taken together: topic names, regular expressions and what these match. The
// members are given as they will be after the decision.

import type { ResolvedRegex } from './consumer-group.ts';
import { regexesOf } from './consumer-group.ts';
import { type ConsumerMember, hasRegex } from './consumer-member.ts';
import { groupHash } from './metadata-hash.ts';
import type { TopicsView } from './topics-view.ts';

export type ResolvedRegexes = ReadonlyMap<string, ResolvedRegex>;
export type Members = ReadonlyMap<string, ConsumerMember>;

/** Ids of the topics one member reads, those that exist. */
export function topicIdsOf(
  member: ConsumerMember,
  resolved: ResolvedRegexes,
  topics: TopicsView,
): Set<string> {
  const ids = new Set<string>();
  for (const name of namesOf(member, resolved)) {
    const topic = topics.byName(name);
    if (topic !== undefined) ids.add(topic.id);
  }
  return ids;
}

function* namesOf(member: ConsumerMember, resolved: ResolvedRegexes): Iterable<string> {
  yield* member.topicNames;
  if (hasRegex(member)) yield* resolved.get(member.topicRegex)?.topics ?? [];
}

/** How many members name each topic, and how many regular expressions match it. */
interface Readers {
  byName: number;
  byRegex: number;
}

function readersOf(members: Members, resolved: ResolvedRegexes): Map<string, Readers> {
  const readers = new Map<string, Readers>();
  const of = (name: string): Readers => {
    let counts = readers.get(name);
    if (counts === undefined) {
      counts = { byName: 0, byRegex: 0 };
      readers.set(name, counts);
    }
    return counts;
  };
  for (const member of members.values()) for (const name of member.topicNames) of(name).byName += 1;
  for (const regex of regexesOf(members.values()).keys()) {
    for (const name of resolved.get(regex)?.topics ?? []) of(name).byRegex += 1;
  }
  return readers;
}

/** All members read the same: assignors have a quicker way for that. */
export function isHomogeneous(members: Members, resolved: ResolvedRegexes): boolean {
  const readers = [...readersOf(members, resolved).values()];
  const [regexSubscribers] = regexesOf(members.values()).values();
  if (regexSubscribers === undefined) return readers.every(({ byName }) => byName === members.size);
  if (regexSubscribers !== members.size) return false;
  return readers.every(({ byName, byRegex }) => byRegex === 1 && byName === 0);
}

/** Of all topics the members read; a different hash calls for a new assignment. */
export function metadataHashOf(members: Members, resolved: ResolvedRegexes, topics: TopicsView): bigint {
  const hashes: [string, bigint][] = [];
  for (const name of readersOf(members, resolved).keys()) {
    const topic = topics.byName(name);
    if (topic !== undefined) hashes.push([name, topic.hash]);
  }
  hashes.sort(([a], [b]) => (a < b ? -1 : 1));
  return groupHash(hashes.map(([, hash]) => hash));
}
