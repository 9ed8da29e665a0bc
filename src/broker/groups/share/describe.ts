// What ShareGroupDescribe shows of a group. Topics that are gone are left out: they have no names any more.

import type { KafkaError } from '../../../protocol/errors.ts';
import type { ShareGroupDescribe } from '../../../protocol/messages/apis/share-group-describe.ts';
import type { ResponseDraft } from '../../../protocol/schema/field.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import type { ShareGroup } from './share-group.ts';
import type { ShareMember } from './share-member.ts';
import { listed } from './share-records.ts';
import { SIMPLE_ASSIGNOR } from './simple-assignor.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof ShareGroupDescribe>['groups']>[number];
type MemberAnswer = GroupAnswer['members'][number];

export interface DescribedShareGroup {
  readonly groupId: string;
  readonly error: KafkaError | null;
  readonly group: Omit<GroupAnswer, 'errorCode' | 'errorMessage' | 'groupId'> | null;
}

export function describeShareGroup(group: ShareGroup, topics: TopicsView): DescribedShareGroup {
  const { groupId, groupEpoch, assignmentEpoch, members } = group;
  return {
    groupId,
    error: null,
    group: {
      groupState: group.state,
      groupEpoch,
      assignmentEpoch,
      assignorName: SIMPLE_ASSIGNOR,
      members: [...members.values()].map(member => memberAnswer(member, topics)),
    },
  };
}

function memberAnswer(member: ShareMember, topics: TopicsView): MemberAnswer {
  const { memberId, rackId, memberEpoch, clientId, clientHost, topicNames, assigned } = member;
  const topicPartitions = listed(assigned).flatMap(({ topicId, partitions }) => {
    const topic = topics.byId(topicId);
    return topic === undefined ? [] : [{ topicId, topicName: topic.name, partitions }];
  });
  return {
    memberId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames: [...topicNames],
    assignment: { topicPartitions },
  };
}
