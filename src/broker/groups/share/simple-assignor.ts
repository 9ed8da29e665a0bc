// The assignor of share groups, "simple" (Apache Kafka's SimpleAssignor): every partition goes to as many members as
// balances the load, for with more members than partitions a partition has several. What a member has, it keeps, where that
// is not more than its share; members are counted in Apache Kafka's order, so that the surplus falls on the same ones.
//
// Members that read the same topics share one pool of partitions; else each topic is a pool of those who read it.

import { AssignmentDraft, type GroupAssignment, type GroupSpec } from '../assignors/assignor.ts';
import { hashOrdered } from '../hash-order.ts';

export const SIMPLE_ASSIGNOR = 'simple';

export interface ShareGroupSpec extends GroupSpec {
  /** Whether its share state has been initialized. */
  readonly isAssignable: (topicId: string, partition: number) => boolean;
}

/** One partition in a pool. */
interface Place {
  readonly topicId: string;
  readonly partition: number;
  readonly members: Set<string>;
}

interface Pool {
  readonly topicIds: ReadonlySet<string>;
  /** In their order. */
  readonly memberIds: readonly string[];
}

export function assignSimply(group: ShareGroupSpec): GroupAssignment {
  const memberIds = hashOrdered(group.members.keys());
  const topicIds = new Set([...group.members.values()].flatMap(member => [...member.topicIds]));
  if (topicIds.size === 0) return new Map();
  const drafts = new Map(memberIds.map(id => [id, new AssignmentDraft(group.members.get(id)!.assigned)]));
  if (group.isHomogeneous) for (const draft of drafts.values()) forgetUnread(draft, topicIds);
  const pools: Pool[] = group.isHomogeneous
    ? [{ topicIds, memberIds }]
    : [...topicIds].map(topicId => ({
        topicIds: new Set([topicId]),
        memberIds: memberIds.filter(id => group.members.get(id)!.topicIds.has(topicId)),
      }));
  for (const pool of pools) new PoolAssignment(group, pool, drafts).make();
  return new Map([...drafts].map(([memberId, { topics }]) => [memberId, topics]));
}

/** Topics that nobody in the group reads any more. */
function forgetUnread(draft: AssignmentDraft, topicIds: ReadonlySet<string>): void {
  for (const topicId of [...draft.topics.keys()]) if (!topicIds.has(topicId)) draft.topics.delete(topicId);
}

class PoolAssignment {
  readonly #drafts: ReadonlyMap<string, AssignmentDraft>;
  readonly #memberIds: readonly string[];
  /** What is assigned already comes first. */
  readonly #places = new Map<string, Place>();
  readonly #placesOf = new Map<string, Set<Place>>();
  /** How many members each partition is to have. */
  readonly #sharing: number;
  /** How many partitions each member is to have. */
  readonly #desired = new Map<string, number>();

  constructor(group: ShareGroupSpec, pool: Pool, drafts: ReadonlyMap<string, AssignmentDraft>) {
    this.#drafts = drafts;
    this.#memberIds = pool.memberIds;
    const targets = assignable(group, pool.topicIds);
    const members = pool.memberIds.length;
    this.#sharing = targets.length === 0 ? 0 : Math.ceil(members / targets.length);
    const perMember = (this.#sharing * targets.length) / members;
    for (const [index, memberId] of pool.memberIds.entries())
      this.#desired.set(memberId, Math.ceil(perMember * (index + 1)) - Math.ceil(perMember * index));
    for (const [memberId, { topics }] of drafts) {
      this.#placesOf.set(memberId, new Set());
      for (const topicId of pool.topicIds) {
        for (const partition of topics.get(topicId) ?? [])
          this.#take(memberId, this.#place(topicId, partition));
      }
    }
    for (const { topicId, partition } of targets) this.#place(topicId, partition);
  }

  make(): void {
    this.#relieveMembers();
    this.#relievePartitions();
    this.#fill();
  }

  #relieveMembers(): void {
    for (const [memberId, places] of this.#placesOf) {
      const desired = this.#desired.get(memberId) ?? 0;
      for (const place of [...places]) {
        if (places.size <= desired) break;
        this.#give(memberId, place);
      }
    }
  }

  #relievePartitions(): void {
    for (const place of this.#places.values()) {
      for (const memberId of [...place.members]) {
        if (place.members.size <= this.#sharing) break;
        this.#give(memberId, place);
      }
    }
  }

  /** Goes through the partitions once, and round and round the members that have room. */
  #fill(): void {
    const unfilled = this.#memberIds.filter(id => this.#placesOf.get(id)!.size < this.#desired.get(id)!);
    let next = 0;
    let hasGiven = false;
    for (const place of this.#places.values()) {
      while (unfilled.length > 0 && place.members.size < this.#sharing) {
        if (next >= unfilled.length) {
          // All who have room have this partition: a slight imbalance is left.
          if (!hasGiven) break;
          next = 0;
          hasGiven = false;
        }
        const memberId = unfilled[next]!;
        next += 1;
        if (place.members.has(memberId)) continue;
        this.#take(memberId, place);
        this.#drafts.get(memberId)!.add(place.topicId, place.partition);
        hasGiven = true;
        if (this.#placesOf.get(memberId)!.size >= this.#desired.get(memberId)!) {
          next -= 1;
          unfilled.splice(next, 1);
        }
      }
    }
  }

  #place(topicId: string, partition: number): Place {
    const key = `${topicId}:${partition}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = { topicId, partition, members: new Set() };
      this.#places.set(key, place);
    }
    return place;
  }

  #take(memberId: string, place: Place): void {
    place.members.add(memberId);
    this.#placesOf.get(memberId)!.add(place);
  }

  #give(memberId: string, place: Place): void {
    place.members.delete(memberId);
    this.#placesOf.get(memberId)!.delete(place);
    // A topic stays, if need be without partitions, as Apache Kafka leaves it.
    this.#drafts.get(memberId)!.topics.get(place.topicId)?.delete(place.partition);
  }
}

function assignable(group: ShareGroupSpec, topicIds: Iterable<string>) {
  const partitions: { topicId: string; partition: number }[] = [];
  for (const topicId of topicIds) {
    for (let partition = 0; partition < group.partitionCount(topicId); partition++) {
      if (group.isAssignable(topicId, partition)) partitions.push({ topicId, partition });
    }
  }
  return partitions;
}
