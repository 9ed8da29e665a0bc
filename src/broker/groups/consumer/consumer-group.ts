// A group of the consumer protocol (KIP-848), as its records tell it: only `replay*` and `forget*` change it, and a
// decision reads it. The group epoch moves with members, subscriptions and topics; the target assignment is made for a
// group epoch; each member then walks from what it owns to its target. Rules: Apache Kafka's ConsumerGroup.

import { NO_PARTITIONS, type TopicPartitions } from '../assignors/assignor.ts';
import { LEAVE_EPOCH } from '../member-epochs.ts';
import { type ConsumerMember, hasRegex, isReconciledTo, NO_EPOCHS, newMember } from './consumer-member.ts';

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

/** What a regular expression was last seen to match. */
export interface ResolvedRegex {
  readonly topics: readonly string[];
  /** Of the metadata it was matched against. */
  readonly version: number;
  readonly timestampMs: number;
}

/** The epoch a group is born with; its first member makes it 2. */
const FIRST_EPOCH = 1;

export class ConsumerGroup {
  readonly groupId: string;
  groupEpoch = FIRST_EPOCH;
  /** Of the topics the group reads: a change of theirs moves the group epoch. */
  metadataHash = 0n;
  assignmentEpoch = FIRST_EPOCH;
  /** 0: not known. */
  assignmentTimestampMs = 0;
  /** Before 4.1 a record of its own held what the hash stands for now; it is removed when met. */
  hasPartitionMetadataRecord = false;
  readonly members = new Map<string, ConsumerMember>();
  /** Group instance id to member id. */
  readonly staticMembers = new Map<string, string>();
  readonly resolvedRegexes = new Map<string, ResolvedRegex>();
  readonly #targets = new Map<string, TopicPartitions>();
  /** Topic id to partition to the member that has it, or has not said yet that it gave it up. */
  readonly #owners = new Map<string, Map<number, string>>();
  /** Not in the log: the version of the topics the group epoch was last held against; -1 after a load. */
  checkedTopicsVersion = -1;

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get state(): ConsumerGroupState {
    if (this.members.size === 0) return 'Empty';
    if (this.groupEpoch > this.assignmentEpoch) return 'Assigning';
    for (const member of this.members.values()) {
      if (!isReconciledTo(member, this.assignmentEpoch)) return 'Reconciling';
    }
    return 'Stable';
  }

  targetOf(memberId: string): TopicPartitions {
    return this.#targets.get(memberId) ?? NO_PARTITIONS;
  }

  /** A static member that came back under a new id has the target of its former self. */
  targetOfMember({ memberId, instanceId }: ConsumerMember): TopicPartitions {
    if (instanceId === null) return this.targetOf(memberId);
    const known = this.staticMembers.get(instanceId);
    return known === undefined ? NO_PARTITIONS : this.targetOf(known);
  }

  hasTarget(memberId: string): boolean {
    return this.#targets.has(memberId);
  }

  get targets(): ReadonlyMap<string, TopicPartitions> {
    return this.#targets;
  }

  ownerOf(topicId: string, partition: number): string | undefined {
    return this.#owners.get(topicId)?.get(partition);
  }

  staticMember(instanceId: string): ConsumerMember | undefined {
    const memberId = this.staticMembers.get(instanceId);
    return memberId === undefined ? undefined : this.members.get(memberId);
  }

  /** How many members have subscribed to this regular expression. */
  subscribersOfRegex(regex: string): number {
    let count = 0;
    for (const member of this.members.values()) if (member.topicRegex === regex) count += 1;
    return count;
  }

  /** Whether any member reads it, by name or by pattern. */
  isSubscribedTo(topic: string): boolean {
    for (const member of this.members.values()) if (member.topicNames.includes(topic)) return true;
    for (const { topics } of this.resolvedRegexes.values()) if (topics.includes(topic)) return true;
    return false;
  }

  /** What the most members prefer; null where nobody says. `members`: the group as it will be. */
  static preferredAssignor(members: Iterable<ConsumerMember>): string | null {
    const votes = new Map<string, number>();
    for (const { serverAssignor } of members) {
      if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1);
    }
    let elected: string | null = null;
    for (const [name, count] of votes) if (elected === null || count > votes.get(elected)!) elected = name;
    return elected;
  }

  replayMember(member: ConsumerMember): void {
    const before = this.members.get(member.memberId);
    if (before !== undefined) this.#disown(before);
    this.members.set(member.memberId, member);
    if (member.instanceId !== null) this.staticMembers.set(member.instanceId, member.memberId);
    this.#own(member);
  }

  memberOrNew(memberId: string): ConsumerMember {
    return this.members.get(memberId) ?? newMember(memberId);
  }

  forgetOwnership(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.replayMember({
      ...member,
      memberEpoch: LEAVE_EPOCH,
      previousMemberEpoch: LEAVE_EPOCH,
      assigned: NO_EPOCHS,
      pendingRevocation: NO_EPOCHS,
    });
  }

  forgetMember(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.#disown(member);
    this.members.delete(memberId);
    const { instanceId } = member;
    if (instanceId !== null && this.staticMembers.get(instanceId) === memberId)
      this.staticMembers.delete(instanceId);
  }

  replayTarget(memberId: string, target: TopicPartitions): void {
    this.#targets.set(memberId, target);
  }

  forgetTarget(memberId: string): void {
    this.#targets.delete(memberId);
  }

  #own(member: ConsumerMember): void {
    for (const epochs of [member.assigned, member.pendingRevocation]) {
      for (const [topicId, partitions] of epochs) {
        let owners = this.#owners.get(topicId);
        if (owners === undefined) {
          owners = new Map();
          this.#owners.set(topicId, owners);
        }
        for (const partition of partitions.keys()) owners.set(partition, member.memberId);
      }
    }
  }

  #disown(member: ConsumerMember): void {
    for (const epochs of [member.assigned, member.pendingRevocation]) {
      for (const [topicId, partitions] of epochs) {
        const owners = this.#owners.get(topicId);
        for (const partition of partitions.keys()) {
          if (owners?.get(partition) === member.memberId) owners.delete(partition);
        }
        if (owners?.size === 0) this.#owners.delete(topicId);
      }
    }
  }
}

/** Regular expressions and how many of these members have subscribed to each. */
export function regexesOf(members: Iterable<ConsumerMember>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const member of members) {
    if (hasRegex(member)) counts.set(member.topicRegex, (counts.get(member.topicRegex) ?? 0) + 1);
  }
  return counts;
}
