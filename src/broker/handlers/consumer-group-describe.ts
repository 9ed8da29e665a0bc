// ConsumerGroupDescribe (KIP-848): consumer groups with members, epochs and assignments. A group of another kind is not
// found here. The rules are in groups/consumer/describe.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { ConsumerGroupDescribe } from '../../protocol/messages/apis/consumer-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import type { DescribedConsumerGroup } from '../groups/consumer/describe.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import { isAuthorized, splitByAuthorized } from './authorize.ts';
import { authorizedOperations, NOT_ASKED } from './authorized-operations.ts';
import { requireGroupProtocol } from './group-protocol.ts';
import { handler, type RequestContext } from './handler.ts';

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
  ({ groupIds, includeAuthorizedOperations }, context) => {
    requireGroupProtocol(context, 'consumer');
    const needed = { operation: 'DESCRIBE', resource: 'GROUP' } as const;
    const { authorized, unauthorized } = splitByAuthorized(context, needed, groupIds, groupId => groupId);
    const refused = unauthorized.map(groupId =>
      withoutGroup(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED, null),
    );
    return context.node.groups.consumer.describe(authorized).map(described => {
      const groups = described.map(one => {
        const answer = answerOf(one);
        const shows = includeAuthorizedOperations && answer.errorCode === 0;
        const { groupId } = answer;
        const operations = shows ? authorizedOperations(context, 'GROUP', groupId) : NOT_ASKED;
        return { ...answer, authorizedOperations: operations };
      });
      return {
        throttleTimeMs: 0,
        groups: [...refused, ...groups.map(group => withTopicsSeen(group, context))],
      };
    });
  },
);

/** Whoever may not see a topic that the group reads is not told of the group. */
function withTopicsSeen(group: GroupAnswer, context: RequestContext): GroupAnswer {
  if (context.node.authorizer === undefined) return group;
  const topics = new Set<string>();
  for (const { assignment, targetAssignment } of group.members ?? []) {
    for (const { topicPartitions } of [assignment, targetAssignment]) {
      for (const { topicName } of topicPartitions ?? []) topics.add(topicName ?? '');
    }
  }
  const isSeen = [...topics].every(name => isAuthorized(context, 'DESCRIBE', 'TOPIC', name));
  return isSeen
    ? group
    : withoutGroup(group.groupId ?? '', ErrorCode.TOPIC_AUTHORIZATION_FAILED, UNSEEN_TOPIC);
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
