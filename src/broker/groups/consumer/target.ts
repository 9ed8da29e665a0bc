// The target assignment of a group epoch: the assignor that most members prefer makes it from the members as they will
// be, and only what differs from the last one is written. Follows Apache Kafka's TargetAssignmentBuilder.

import { isTimeForTarget } from '../assignment-interval.ts';
import {
  type AssignorMember,
  isSameAssignment,
  NO_PARTITIONS,
  type TopicPartitions,
} from '../assignors/assignor.ts';
import { assignorNamed } from '../assignors/assignors.ts';
import type { GroupRecord } from '../group-records.ts';
import type { ConsumerContext } from './consumer-decision.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerMember } from './consumer-member.ts';
import { targetEpochRecord, targetRecord } from './consumer-records.ts';
import { isHomogeneous, type Members, type ResolvedRegexes, topicIdsOf } from './subscriptions.ts';

export interface Target {
  readonly epoch: number;
  readonly partitions: TopicPartitions;
}

export interface TargetInput {
  readonly group: ConsumerGroup;
  readonly groupEpoch: number;
  /** The group's members after the decision. */
  readonly members: Members;
  readonly member: ConsumerMember;
  /** In the group's state, a static member is still known by this id. */
  readonly formerMemberId: string;
}

/** The target of the member; a new one for everybody when the group epoch has moved and it is time. */
export function targetFor(input: TargetInput, context: ConsumerContext, records: GroupRecord[]): Target {
  const { group, groupEpoch, member } = input;
  if (group.assignmentEpoch >= groupEpoch || !isTimeForTarget(group, context)) {
    return { epoch: group.assignmentEpoch, partitions: group.targetOfMember(member) };
  }
  const { groupId, targets } = group;
  const assignment = assign(input, context);
  for (const memberId of input.members.keys()) {
    const partitions = assignment.get(memberId) ?? NO_PARTITIONS;
    const before = targets.get(memberId);
    if (before === undefined || !isSameAssignment(before, partitions))
      records.push(targetRecord(groupId, memberId, partitions));
  }
  records.push(targetEpochRecord(groupId, groupEpoch, context.nowMs));
  return { epoch: groupEpoch, partitions: assignment.get(member.memberId) ?? NO_PARTITIONS };
}

function assign(
  { group, members, member, formerMemberId }: TargetInput,
  { topics, settings }: ConsumerContext,
): ReadonlyMap<string, TopicPartitions> {
  const resolved: ResolvedRegexes = group.resolvedRegexes;
  const preferred = ConsumerGroup.preferredAssignor(members.values());
  const assignor =
    assignorNamed(preferred ?? settings.assignors[0]!) ?? assignorNamed(settings.assignors[0]!)!;
  const specs = new Map<string, AssignorMember>();
  for (const [memberId, one] of members) {
    const assigned = group.targetOf(memberId === member.memberId ? formerMemberId : memberId);
    specs.set(memberId, {
      instanceId: one.instanceId,
      topicIds: topicIdsOf(one, resolved, topics),
      assigned,
    });
  }
  return assignor.assign({
    members: specs,
    isHomogeneous: isHomogeneous(members, resolved),
    partitionCount: topicId => topics.byId(topicId)?.partitionCount ?? 0,
  });
}
