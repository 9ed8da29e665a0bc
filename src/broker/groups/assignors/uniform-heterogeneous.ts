// The `uniform` assignor where members read different topics. What members have and may keep, they keep; what nobody has
// goes to the subscriber with least; then partitions move from those with most to those with least, topic by topic,
// until no move makes it better or MAX_ROUNDS are over. Follows Apache Kafka's UniformHeterogeneousAssignmentBuilder.

import { AssignmentDraft, type GroupAssignment, type GroupSpec } from './assignor.ts';

/** Apache Kafka's bound: balance is nearly always reached in one or two rounds. */
const MAX_ROUNDS = 16;
const NOBODY = -1;

export function assignHeterogeneous(group: GroupSpec): GroupAssignment {
  return new Balancing(group).run();
}

class Balancing {
  readonly #group: GroupSpec;
  readonly #memberIds: readonly string[];
  /** By member index. */
  readonly #drafts: AssignmentDraft[] = [];
  readonly #loads: number[] = [];
  /** Topic id to the indexes of the members that read it. */
  readonly #subscribers = new Map<string, number[]>();
  /** Topic id to the owner (member index) of each partition. */
  readonly #owners = new Map<string, number[]>();

  constructor(group: GroupSpec) {
    this.#group = group;
    this.#memberIds = [...group.members.keys()];
    for (const [index, memberId] of this.#memberIds.entries()) {
      this.#drafts.push(new AssignmentDraft());
      this.#loads.push(0);
      for (const topicId of group.members.get(memberId)!.topicIds) this.#subscribe(topicId, index);
    }
  }

  run(): GroupAssignment {
    if (this.#subscribers.size === 0) return new Map();
    this.#keepWhatMayBeKept();
    const topicIds = this.#inOrder();
    for (const topicId of topicIds) this.#assignOwnerless(topicId);
    this.#balance(topicIds.filter(topicId => this.#subscribers.get(topicId)!.length > 1));
    return new Map(this.#memberIds.map((memberId, index) => [memberId, this.#drafts[index]!.topics]));
  }

  #subscribe(topicId: string, memberIndex: number): void {
    const subscribers = this.#subscribers.get(topicId);
    if (subscribers !== undefined) {
      subscribers.push(memberIndex);
      return;
    }
    this.#subscribers.set(topicId, [memberIndex]);
    this.#owners.set(topicId, new Array<number>(this.#group.partitionCount(topicId)).fill(NOBODY));
  }

  #keepWhatMayBeKept(): void {
    for (const [index, memberId] of this.#memberIds.entries()) {
      const { topicIds, assigned } = this.#group.members.get(memberId)!;
      for (const [topicId, partitions] of assigned) {
        if (!topicIds.has(topicId)) continue;
        for (const partition of partitions) this.#give(topicId, partition, index);
      }
    }
  }

  /** Topics with the most partitions per subscriber first: they leave the least choice later. */
  #inOrder(): string[] {
    const weight = (topicId: string) =>
      this.#owners.get(topicId)!.length / this.#subscribers.get(topicId)!.length;
    const subscriberCount = (topicId: string) => this.#subscribers.get(topicId)!.length;
    return [...this.#subscribers.keys()].sort(
      (a, b) => weight(b) - weight(a) || subscriberCount(a) - subscriberCount(b) || (a < b ? -1 : 1),
    );
  }

  #assignOwnerless(topicId: string): void {
    const subscribers = this.#subscribers.get(topicId)!;
    for (const [partition, owner] of this.#owners.get(topicId)!.entries()) {
      if (owner === NOBODY) this.#give(topicId, partition, this.#leastLoaded(subscribers));
    }
  }

  #balance(topicIds: readonly string[]): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let moved = 0;
      for (const topicId of topicIds) moved += this.#balanceTopic(topicId);
      if (moved === 0) return;
    }
  }

  #balanceTopic(topicId: string): number {
    const subscribers = this.#subscribers.get(topicId)!;
    const partitionsOf = new Map<number, number[]>(subscribers.map(index => [index, []]));
    for (const [partition, owner] of this.#owners.get(topicId)!.entries())
      partitionsOf.get(owner)!.push(partition);
    let moved = 0;
    for (;;) {
      let mostLoaded = NOBODY;
      for (const index of subscribers) {
        if (partitionsOf.get(index)!.length === 0) continue;
        if (mostLoaded === NOBODY || this.#loads[index]! >= this.#loads[mostLoaded]!) mostLoaded = index;
      }
      const leastLoaded = this.#leastLoaded(subscribers);
      if (mostLoaded === NOBODY || this.#loads[mostLoaded]! - this.#loads[leastLoaded]! <= 1) return moved;
      const partition = partitionsOf.get(mostLoaded)!.pop()!;
      this.#give(topicId, partition, leastLoaded);
      partitionsOf.get(leastLoaded)!.push(partition);
      moved += 1;
    }
  }

  #leastLoaded(memberIndexes: readonly number[]): number {
    let least = memberIndexes[0]!;
    for (const index of memberIndexes) if (this.#loads[index]! < this.#loads[least]!) least = index;
    return least;
  }

  #give(topicId: string, partition: number, memberIndex: number): void {
    const owners = this.#owners.get(topicId)!;
    const owner = owners[partition] ?? NOBODY;
    if (owner !== NOBODY) {
      this.#drafts[owner]!.remove(topicId, partition);
      this.#loads[owner]! -= 1;
    }
    owners[partition] = memberIndex;
    this.#drafts[memberIndex]!.add(topicId, partition);
    this.#loads[memberIndex]! += 1;
  }
}
