// What ConsumerGroupDescribe shows of a group. Topics that are gone are left out: they have no names any more.

import type { KafkaError } from '../../../protocol/errors.ts';
import type { ConsumerGroupDescribe } from '../../../protocol/messages/apis/consumer-group-describe.ts';
import type { ResponseDraft } from '../../../protocol/schema/field.ts';
import type { ConsumerContext } from './consumer-decision.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerMember } from './consumer-member.ts';
import type { TopicsView } from './topics-view.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof ConsumerGroupDescribe>['groups']>[number];
type MemberAnswer = GroupAnswer['members'][number];
type AssignmentAnswer = MemberAnswer['assignment'];

const CLASSIC_MEMBER = 0;
const CONSUMER_MEMBER = 1;

export interface DescribedConsumerGroup {
  readonly groupId: string;
  readonly error: KafkaError | null;
  readonly group: Omit<GroupAnswer, 'errorCode' | 'errorMessage' | 'groupId'> | null;
}

export function describeConsumerGroup(
  group: ConsumerGroup,
  { topics, settings }: ConsumerContext,
): DescribedConsumerGroup {
  const { groupId, groupEpoch, assignmentEpoch, members } = group;
  return {
    groupId,
    error: null,
    group: {
      groupState: group.state,
      groupEpoch,
      assignmentEpoch,
      assignorName: ConsumerGroup.preferredAssignor(members.values()) ?? settings.assignors[0]!,
      members: [...members.values()].map(member => memberAnswer(group, member, topics)),
    },
  };
}

function memberAnswer(group: ConsumerGroup, member: ConsumerMember, topics: TopicsView): MemberAnswer {
  const { memberId, instanceId, rackId, memberEpoch, clientId, clientHost } = member;
  const target = [...group.targetOf(memberId)];
  const owned = [...member.assigned, ...member.pendingRevocation];
  return {
    memberId,
    instanceId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames: [...member.topicNames],
    subscribedTopicRegex: member.topicRegex,
    assignment: assignmentAnswer(
      owned.map(([topicId, partitions]) => [topicId, [...partitions.keys()]]),
      topics,
    ),
    targetAssignment: assignmentAnswer(
      target.map(([topicId, partitions]) => [topicId, [...partitions]]),
      topics,
    ),
    memberType: member.classic === null ? CONSUMER_MEMBER : CLASSIC_MEMBER,
  };
}

/** A topic may be there twice: what stays and what is being given up. */
function assignmentAnswer(
  partitionsOf: readonly (readonly [string, readonly number[]])[],
  topics: TopicsView,
): AssignmentAnswer {
  const byTopic = new Map<string, { topicId: string; topicName: string; partitions: number[] }>();
  for (const [topicId, partitions] of partitionsOf) {
    const topic = topics.byId(topicId);
    if (topic === undefined) continue;
    const known = byTopic.get(topicId);
    if (known !== undefined) known.partitions.push(...partitions);
    else byTopic.set(topicId, { topicId, topicName: topic.name, partitions: [...partitions] });
  }
  return { topicPartitions: [...byTopic.values()] };
}
