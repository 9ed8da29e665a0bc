// One member of a consumer group (KIP-848). A value: a change makes a new one. What it is subscribed to stands in one
// record, what it owns in another; the rules are those of Apache Kafka's ConsumerGroupMember.

import type { ConsumerGroupMemberMetadataValue } from '../../../protocol/messages/records/consumer-group-member-metadata.ts';

type MemberMetadata = (typeof ConsumerGroupMemberMetadataValue)['$value'];

/** How far the member is on the way from what it owns to its target; the numbers of the record. */
export const MemberState = {
  STABLE: 0,
  /** It has been asked to give partitions up and has not said yet that it has. */
  UNREVOKED_PARTITIONS: 1,
  /** It waits for partitions that others have not given up yet. */
  UNRELEASED_PARTITIONS: 2,
  /** Written by a newer Kafka: the member must give everything up and join again. */
  UNKNOWN: 127,
} as const;
export type MemberState = (typeof MemberState)[keyof typeof MemberState];

/** Topic id to partition to the epoch in which the member got it. */
export type PartitionEpochs = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface ConsumerMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  /** Set: a static member. */
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** Sorted, without duplicates, as the record has them. */
  readonly topicNames: readonly string[];
  /** Null or "": none. */
  readonly topicRegex: string | null;
  readonly serverAssignor: string | null;
  readonly assigned: PartitionEpochs;
  readonly pendingRevocation: PartitionEpochs;
  /** Set: a member that speaks the classic protocol in a group that was upgraded. */
  readonly classic: MemberMetadata['classicMemberMetadata'];
}

export const NO_EPOCHS: PartitionEpochs = new Map();

export function newMember(memberId: string): ConsumerMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: MemberState.STABLE,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    clientId: '',
    clientHost: '',
    topicNames: [],
    topicRegex: '',
    serverAssignor: null,
    assigned: NO_EPOCHS,
    pendingRevocation: NO_EPOCHS,
    classic: null,
  };
}

export type ClassicMetadata = NonNullable<ConsumerMember['classic']>;

/** A member that speaks the classic protocol in a group that was upgraded. */
export type ClassicConsumerMember = ConsumerMember & { readonly classic: ClassicMetadata };

export function isClassic(member: ConsumerMember): member is ClassicConsumerMember {
  return member.classic !== null;
}

export function hasRegex(member: ConsumerMember): member is ConsumerMember & { readonly topicRegex: string } {
  return member.topicRegex !== null && member.topicRegex !== '';
}

export function isReconciledTo(member: ConsumerMember, targetEpoch: number): boolean {
  return member.state === MemberState.STABLE && member.memberEpoch === targetEpoch;
}

export function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}

export function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

export function isSameEpochs(left: PartitionEpochs, right: PartitionEpochs): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const [partition, epoch] of partitions) if (others.get(partition) !== epoch) return false;
  }
  return true;
}

/** Whether two members say the same of themselves: what the metadata record holds. */
export function isSameMetadata(left: ConsumerMember, right: ConsumerMember): boolean {
  return (
    left.memberId === right.memberId &&
    left.instanceId === right.instanceId &&
    left.rackId === right.rackId &&
    left.rebalanceTimeoutMs === right.rebalanceTimeoutMs &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    left.topicRegex === right.topicRegex &&
    left.serverAssignor === right.serverAssignor &&
    isSameClassic(left.classic, right.classic) &&
    isSameList(left.topicNames, right.topicNames)
  );
}

function isSameClassic(left: ConsumerMember['classic'], right: ConsumerMember['classic']): boolean {
  if (left === null || right === null) return left === right;
  const { supportedProtocols } = right;
  return (
    left.sessionTimeoutMs === right.sessionTimeoutMs &&
    left.supportedProtocols.length === supportedProtocols.length &&
    left.supportedProtocols.every(({ name, metadata }, index) => {
      const other = supportedProtocols[index]!;
      return name === other.name && metadata.equals(other.metadata);
    })
  );
}

/** Whether two members own the same in the same epoch: what the assignment record holds. */
export function isSameOwnership(left: ConsumerMember, right: ConsumerMember): boolean {
  return (
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    left.state === right.state &&
    isSameEpochs(left.assigned, right.assigned) &&
    isSameEpochs(left.pendingRevocation, right.pendingRevocation)
  );
}
