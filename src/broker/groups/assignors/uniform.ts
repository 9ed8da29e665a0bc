// The `uniform` assignor, the default: members get the same number of partitions, give or take one, and keep what they
// have where that allows. Balance goes before stickiness. Follows Apache Kafka's UniformAssignor; the case in which
// members read different topics is in uniform-heterogeneous.ts.

import { assert } from '../../../protocol/assert.ts';
import { AssignmentDraft, type Assignor, type GroupAssignment, type GroupSpec } from './assignor.ts';
import { assignHeterogeneous } from './uniform-heterogeneous.ts';

export const uniformAssignor: Assignor = {
  name: 'uniform',
  assign: group => {
    if (group.members.size === 0) return new Map();
    return group.isHomogeneous ? assignHomogeneous(group) : assignHeterogeneous(group);
  },
};

interface TopicPartition {
  readonly topicId: string;
  readonly partition: number;
}

/** How many partitions a member may have: the floor of the mean, for some of them one more. */
class Quotas {
  readonly #minimum: number;
  readonly #memberCount: number;
  #extrasLeft: number;
  #membersSeen = 0;

  constructor(partitionCount: number, memberCount: number) {
    this.#minimum = Math.floor(partitionCount / memberCount);
    this.#extrasLeft = partitionCount % memberCount;
    this.#memberCount = memberCount;
  }

  /** What the next member may keep at most. */
  get limit(): number {
    return this.#minimum + (this.#extrasLeft > 0 ? 1 : 0);
  }

  /** The member keeps `kept`; the answer is how many more it must get. An extra it does not need goes to a later one. */
  take(kept: number): number {
    const mayTakeExtra = this.#extrasLeft > 0;
    const membersLeft = this.#memberCount - this.#membersSeen;
    this.#membersSeen += 1;
    const passesExtraOn = mayTakeExtra && kept <= this.#minimum && membersLeft > this.#extrasLeft;
    const quota = this.#minimum + (mayTakeExtra && !passesExtraOn ? 1 : 0);
    if (mayTakeExtra && !passesExtraOn) this.#extrasLeft -= 1;
    return quota - kept;
  }
}

function assignHomogeneous(group: GroupSpec): GroupAssignment {
  const [first] = group.members.values();
  const topicIds = first!.topicIds;
  if (topicIds.size === 0) return new Map();
  const unassigned = unassignedPartitions(group, topicIds);
  let partitionCount = 0;
  for (const topicId of topicIds) partitionCount += group.partitionCount(topicId);
  const quotas = new Quotas(partitionCount, group.members.size);
  const drafts = new Map<string, AssignmentDraft>();
  const wanting: { readonly draft: AssignmentDraft; readonly count: number }[] = [];
  for (const [memberId, member] of group.members) {
    const draft = new AssignmentDraft();
    let kept = 0;
    for (const [topicId, partitions] of member.assigned) {
      if (!topicIds.has(topicId)) continue;
      for (const partition of partitions) {
        if (kept < quotas.limit) {
          draft.add(topicId, partition);
          kept += 1;
        } else unassigned.push({ topicId, partition });
      }
    }
    const count = quotas.take(kept);
    if (count > 0) wanting.push({ draft, count });
    drafts.set(memberId, draft);
  }
  for (const { draft, count } of wanting) {
    for (const { topicId, partition } of unassigned.splice(0, count)) draft.add(topicId, partition);
  }
  assert(unassigned.length === 0, 'every partition has an owner');
  return new Map([...drafts].map(([memberId, { topics }]) => [memberId, topics]));
}

function unassignedPartitions(group: GroupSpec, topicIds: ReadonlySet<string>): TopicPartition[] {
  const owned = new AssignmentDraft();
  for (const { assigned } of group.members.values()) {
    for (const [topicId, partitions] of assigned)
      for (const partition of partitions) owned.add(topicId, partition);
  }
  const unassigned: TopicPartition[] = [];
  for (const topicId of topicIds) {
    const partitionCount = group.partitionCount(topicId);
    for (let partition = 0; partition < partitionCount; partition++) {
      if (owned.topics.get(topicId)?.has(partition) !== true) unassigned.push({ topicId, partition });
    }
  }
  return unassigned;
}
