// What a heartbeat and a JoinGroup of a classic member have in common in a consumer group: a static member takes its former
// self's place, the group epoch moves when what the group reads has changed, and the member takes its next step towards
// its target. Each adds its records to the decision that is being made and changes nothing else. Follows Apache Kafka's
// GroupMetadataManager (replaceMember, updateSubscriptionMetadata, maybeReconcile).

import type { GroupRecord } from '../group-records.ts';
import {
  type ConsumerContext,
  type ConsumerTimerChange,
  cancelledTimers,
  consumerRebalanceTimer,
  rebalanceTimerChange,
} from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type ConsumerMember, isSameMetadata, isSameOwnership, MemberState } from './consumer-member.ts';
import {
  assignmentRecord,
  epochRecord,
  memberRecord,
  memberTombstones,
  partitionMetadataTombstone,
  targetRecord,
} from './consumer-records.ts';
import { type OwnedPartitions, reconcile } from './reconcile.ts';
import type { RegexOutcome } from './regex-subscription.ts';
import { type Members, metadataHashOf, type ResolvedRegexes, topicIdsOf } from './subscriptions.ts';
import type { Target } from './target.ts';

/** One member's request while it is being decided. */
export interface Progress {
  readonly group: ConsumerGroup;
  readonly context: ConsumerContext;
  readonly records: GroupRecord[];
  readonly timers: ConsumerTimerChange[];
}

/** The static member's place, target and partitions go to its new id. */
export function replaceStatic(
  progress: Progress,
  existing: ConsumerMember,
  memberId: string,
): ConsumerMember {
  const { group, records, timers } = progress;
  const { groupId } = group;
  const successor = { ...existing, memberId, memberEpoch: 0, previousMemberEpoch: 0 };
  records.push(
    ...memberTombstones(groupId, existing.memberId),
    memberRecord(groupId, successor),
    targetRecord(groupId, memberId, group.targetOf(existing.memberId)),
    assignmentRecord(groupId, successor),
  );
  if (existing.memberId !== memberId) timers.push(...cancelledTimers(existing.memberId));
  return successor;
}

export function membersAfter(group: ConsumerGroup, updated: ConsumerMember, formerId: string): Members {
  const known = group.members.get(formerId);
  if (known !== undefined && formerId === updated.memberId && isSameMetadata(known, updated))
    return group.members;
  const members = new Map(group.members);
  if (formerId !== updated.memberId) members.delete(formerId);
  return members.set(updated.memberId, updated);
}

export function groupEpochAfter(
  { group, context, records }: Progress,
  change: { readonly members: Members; readonly isBumped: boolean; readonly regexes: RegexOutcome },
): number {
  const { topics } = context;
  if (!change.isBumped && group.checkedTopicsVersion === topics.version) return group.groupEpoch;
  const metadataHash = metadataHashOf(change.members, change.regexes.resolved, topics);
  let { groupEpoch } = group;
  if (change.isBumped || metadataHash !== group.metadataHash) {
    groupEpoch += 1;
    records.push(epochRecord(group.groupId, groupEpoch, metadataHash));
  }
  if (group.hasPartitionMetadataRecord) records.push(partitionMetadataTombstone(group.groupId));
  return groupEpoch;
}

export function step(
  { group, context, records, timers }: Progress,
  input: {
    readonly member: ConsumerMember;
    readonly target: Target;
    readonly hasSubscriptionChanged: boolean;
    /** What the member says it owns; null: it does not say. */
    readonly ownedPartitions: OwnedPartitions | null;
  },
): ConsumerMember {
  const { member, target, hasSubscriptionChanged } = input;
  const resolved: ResolvedRegexes = group.resolvedRegexes;
  const next = reconcile({
    member,
    targetEpoch: target.epoch,
    target: target.partitions,
    topicIds: topicIdsOf(member, resolved, context.topics),
    hasSubscriptionChanged,
    isOwned: (topicId, partition) => group.ownerOf(topicId, partition) !== undefined,
    ownedPartitions: input.ownedPartitions,
  });
  if (next === member || isSameOwnership(next, member)) return next;
  records.push(assignmentRecord(group.groupId, next));
  // Members of the classic protocol have times to join and to sync in instead.
  if (next.classic !== null) return next;
  timers.push(
    next.state === MemberState.UNREVOKED_PARTITIONS
      ? rebalanceTimerChange(next)
      : { key: consumerRebalanceTimer(next.memberId), delayMs: null },
  );
  return next;
}
