// ConsumerGroupDescribe (KIP-848): consumer groups with members, epochs and assignments. A group of another kind is not
// found here. The rules are in groups/consumer/describe.ts.

import { ConsumerGroupDescribe } from '../../protocol/messages/apis/consumer-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import type { DescribedConsumerGroup } from '../groups/consumer/describe.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import { describeKind } from './describe-kind.ts';
import { requireGroupProtocol } from './group-protocol.ts';
import { handler } from './handler.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof ConsumerGroupDescribe>['groups']>[number];

const UNSEEN_TOPIC = 'The group has described topic(s) that the client is not authorized to describe.';

export const consumerGroupDescribe = handler(
  ConsumerGroupDescribe,
  {
    versions: '0-1',
    acl: { perResource: 'DESCRIBE on GROUP and on every assigned TOPIC' },
    failed: ({ groupIds }, errorCode, errorMessage) => ({
      throttleTimeMs: 0,
      groups: groupIds.map(groupId => withoutGroup(groupId, errorCode, errorMessage)),
    }),
  },
  (request, context) => {
    requireGroupProtocol(context, 'consumer');
    const { consumer } = context.node.groups;
    return describeKind(request, context, {
      describe: groupIds => consumer.describe(groupIds),
      answerOf,
      withoutGroup,
      topicsOf,
      unseenTopic: UNSEEN_TOPIC,
    });
  },
);

function topicsOf({ members }: GroupAnswer): string[] {
  return members.flatMap(({ assignment, targetAssignment }) =>
    [assignment, targetAssignment].flatMap(({ topicPartitions }) =>
      topicPartitions.map(({ topicName }) => topicName),
    ),
  );
}

function answerOf({ groupId, error, group }: DescribedConsumerGroup): GroupAnswer {
  if (group === null)
    return withoutGroup(groupId, error === null ? 0 : responseErrorOf(error), error?.message ?? null);
  return { errorCode: 0, errorMessage: null, groupId, ...group };
}

function withoutGroup(groupId: string, errorCode: number, errorMessage: string | null): GroupAnswer {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  };
}
