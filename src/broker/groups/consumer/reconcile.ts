// The walk of one member from what it owns to its target (KIP-848): first it gives up what is not its own any more, then
// it moves to the target's epoch, then it gets what others have released. A partition is never in two members' hands.
// Follows Apache Kafka's CurrentAssignmentBuilder.

import { KafkaError } from '../../../protocol/errors.ts';
import type { TopicPartitions } from '../assignors/assignor.ts';
import { type ConsumerMember, isReconciledTo, MemberState, type PartitionEpochs } from './consumer-member.ts';

/** As a heartbeat says it. */
export type OwnedPartitions = readonly {
  readonly topicId: string;
  readonly partitions: readonly number[];
}[];

export interface ReconcileInput {
  readonly member: ConsumerMember;
  readonly targetEpoch: number;
  readonly target: TopicPartitions;
  /** Ids of the topics the member reads, those that exist. */
  readonly topicIds: ReadonlySet<string>;
  /** The member no longer reads what it read: what it has of that must go, whatever the target says. */
  readonly hasSubscriptionChanged: boolean;
  /** Whether somebody owns the partition or has not confirmed that it gave it up. */
  readonly isOwned: (topicId: string, partition: number) => boolean;
  /** What the member says it owns; null: it does not say. */
  readonly ownedPartitions: OwnedPartitions | null;
}

/** The member as it is from now on; the same object where nothing changes. */
export function reconcile(input: ReconcileInput): ConsumerMember {
  const { member, targetEpoch, hasSubscriptionChanged } = input;
  if (!hasSubscriptionChanged && isReconciledTo(member, targetEpoch)) return member;
  switch (member.state) {
    case MemberState.STABLE:
      if (member.memberEpoch !== targetEpoch) return nextAssignment(input, member.memberEpoch);
      return withoutUnread(input);
    case MemberState.UNREVOKED_PARTITIONS:
      if (!stillOwns(input.ownedPartitions, member.pendingRevocation))
        return nextAssignment(input, member.memberEpoch);
      return hasSubscriptionChanged ? withoutUnread(input) : member;
    case MemberState.UNRELEASED_PARTITIONS:
      return nextAssignment(input, member.memberEpoch);
    default:
      if (input.ownedPartitions === null || input.ownedPartitions.length > 0) {
        throw new KafkaError(
          'FENCED_MEMBER_EPOCH',
          'The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.',
        );
      }
      return nextAssignment(input, targetEpoch);
  }
}

/** A member that does not say what it owns may own it all. */
function stillOwns(ownedPartitions: OwnedPartitions | null, revoked: PartitionEpochs): boolean {
  if (ownedPartitions === null) return true;
  return ownedPartitions.some(({ topicId, partitions }) => {
    const ofTopic = revoked.get(topicId);
    return ofTopic !== undefined && partitions.some(partition => ofTopic.has(partition));
  });
}

function withEpoch(member: ConsumerMember, memberEpoch: number): ConsumerMember {
  return { ...member, memberEpoch, previousMemberEpoch: member.memberEpoch };
}

/** Same epoch, without the topics the member has stopped reading. */
function withoutUnread({ member, topicIds, ownedPartitions }: ReconcileInput): ConsumerMember {
  const kept = new Map<string, ReadonlyMap<number, number>>();
  const pendingRevocation = new Map(member.pendingRevocation);
  for (const [topicId, partitions] of member.assigned) {
    if (topicIds.has(topicId)) kept.set(topicId, partitions);
    else pendingRevocation.set(topicId, new Map([...(pendingRevocation.get(topicId) ?? []), ...partitions]));
  }
  if (kept.size === member.assigned.size) return member;
  const changed = { ...withEpoch(member, member.memberEpoch), assigned: kept };
  if (!stillOwns(ownedPartitions, pendingRevocation)) return changed;
  return { ...changed, state: MemberState.UNREVOKED_PARTITIONS, pendingRevocation };
}

interface Split {
  readonly kept: Map<string, Map<number, number>>;
  readonly toRevoke: Map<string, Map<number, number>>;
  readonly toAssign: Map<string, number[]>;
  readonly isWaiting: boolean;
}

function nextAssignment(input: ReconcileInput, memberEpoch: number): ConsumerMember {
  const { member, targetEpoch, ownedPartitions } = input;
  const { kept, toRevoke, toAssign, isWaiting } = split(input);
  if (stillOwns(ownedPartitions, toRevoke) && toRevoke.size > 0) {
    return {
      ...withEpoch(member, memberEpoch),
      state: MemberState.UNREVOKED_PARTITIONS,
      assigned: kept,
      pendingRevocation: toRevoke,
    };
  }
  for (const [topicId, partitions] of toAssign) {
    const ofTopic = kept.get(topicId) ?? new Map<number, number>();
    for (const partition of partitions) ofTopic.set(partition, targetEpoch);
    kept.set(topicId, ofTopic);
  }
  return {
    ...withEpoch(member, targetEpoch),
    state: isWaiting ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
    assigned: kept,
    pendingRevocation: new Map(),
  };
}

/** What the member has and may keep, what it must give up, what it can be given now; `isWaiting`: not all of it. */
function split({ member, target, topicIds, isOwned }: ReconcileInput): Split {
  const kept = new Map<string, Map<number, number>>();
  const toRevoke = new Map<string, Map<number, number>>();
  const toAssign = new Map<string, number[]>();
  let isWaiting = false;
  for (const topicId of new Set([...target.keys(), ...member.assigned.keys()])) {
    const wanted = topicIds.has(topicId) ? (target.get(topicId) ?? NONE) : NONE;
    const current = member.assigned.get(topicId) ?? NO_PARTITION_EPOCHS;
    const keeps = new Map<number, number>();
    const revokes = new Map<number, number>();
    for (const [partition, epoch] of current) (wanted.has(partition) ? keeps : revokes).set(partition, epoch);
    const assigns: number[] = [];
    for (const partition of wanted) {
      if (keeps.has(partition)) continue;
      const isItsOwn = member.pendingRevocation.get(topicId)?.has(partition) === true;
      if (isOwned(topicId, partition) && !isItsOwn) isWaiting = true;
      else assigns.push(partition);
    }
    if (keeps.size > 0) kept.set(topicId, keeps);
    if (revokes.size > 0) toRevoke.set(topicId, revokes);
    if (assigns.length > 0) toAssign.set(topicId, assigns);
  }
  return { kept, toRevoke, toAssign, isWaiting };
}

const NONE: ReadonlySet<number> = new Set();
const NO_PARTITION_EPOCHS: ReadonlyMap<number, number> = new Map();
