// The target assignment of a share group's epoch, made of the partitions whose share state is initialized; only what differs
// from the last one is written. Follows Apache Kafka's TargetAssignmentBuilder and maybeUpdateTargetAssignment.

import { isTimeForTarget } from '../assignment-interval.ts';
import { isSameAssignment, NO_PARTITIONS, type TopicPartitions } from '../assignors/assignor.ts';
import { hashOrdered } from '../hash-order.ts';
import type { ShareContext } from './share-decision.ts';
import type { ShareGroup } from './share-group.ts';
import type { ShareMember } from './share-member.ts';
import { type ShareGroupRecord, targetEpochRecord, targetRecord } from './share-records.ts';
import { isHomogeneous, readersOf, type ShareMembers, topicIdsOf } from './share-subscriptions.ts';
import { assignSimply } from './simple-assignor.ts';

export interface ShareTarget {
  readonly epoch: number;
  readonly partitions: TopicPartitions;
}

/** The target of the member; a new one for everybody when the group epoch has moved and it is time. */
export function targetFor(
  input: {
    readonly group: ShareGroup;
    readonly groupEpoch: number;
    /** The group's members after the decision. */
    readonly members: ShareMembers;
    readonly member: ShareMember;
  },
  context: ShareContext,
  records: ShareGroupRecord[],
): ShareTarget {
  const { group, groupEpoch, members, member } = input;
  const { groupId, targets } = group;
  if (group.assignmentEpoch >= groupEpoch || !isTimeForTarget(group, context)) {
    return { epoch: group.assignmentEpoch, partitions: group.targetOf(member.memberId) };
  }
  const assignment = assign(group, members, context);
  for (const memberId of hashOrdered(members.keys())) {
    const partitions = assignment.get(memberId) ?? NO_PARTITIONS;
    const before = targets.get(memberId);
    if (before === undefined || !isSameAssignment(before, partitions))
      records.push(targetRecord(groupId, memberId, partitions));
  }
  records.push(targetEpochRecord(groupId, groupEpoch, context.nowMs));
  return { epoch: groupEpoch, partitions: assignment.get(member.memberId) ?? NO_PARTITIONS };
}

function assign(
  group: ShareGroup,
  members: ShareMembers,
  { topics }: ShareContext,
): ReadonlyMap<string, TopicPartitions> {
  const specs = [...members].map(([memberId, member]) => {
    const topicIds = topicIdsOf(member, topics);
    return [memberId, { instanceId: null, topicIds, assigned: group.targetOf(memberId) }] as const;
  });
  return assignSimply({
    members: new Map(specs),
    isHomogeneous: isHomogeneous(members),
    partitionCount: topicId => topics.byId(topicId)?.partitionCount ?? 0,
    isAssignable: (topicId, partition) => group.initialized.get(topicId)?.partitions.has(partition) ?? false,
  });
}

/** The share state of partitions was initialized since the target was made, or is no longer. */
export function isAssignmentPending(group: ShareGroup): boolean {
  const readers = readersOf(group.members);
  if (readers.size === 0) return false;
  const assigned = new Map<string, Set<number>>();
  for (const target of group.targets.values()) {
    for (const [topicId, partitions] of target)
      assigned.set(topicId, new Set([...(assigned.get(topicId) ?? []), ...partitions]));
  }
  return [...group.initialized].some(([topicId, { name, partitions }]) => {
    if (!readers.has(name)) return false;
    const has = assigned.get(topicId);
    return has === undefined || !isSameAssignment(new Map([['', has]]), new Map([['', partitions]]));
  });
}
