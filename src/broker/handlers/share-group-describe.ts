// ShareGroupDescribe (KIP-932): share groups with members, epochs and assignments. A group of another kind is not found
// here. The rules are in groups/share/describe.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { ShareGroupDescribe } from '../../protocol/messages/apis/share-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import type { DescribedShareGroup } from '../groups/share/describe.ts';
import { isAuthorized, splitByAuthorized } from './authorize.ts';
import { authorizedOperations, NOT_ASKED } from './authorized-operations.ts';
import { handler, type RequestContext } from './handler.ts';
import { requireShareGroups } from './share-group-requests.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof ShareGroupDescribe>['groups']>[number];

const UNSEEN_TOPIC = 'The group has described topic(s) that the client is not authorized to describe.';

export const shareGroupDescribe = handler(
  ShareGroupDescribe,
  {
    versions: '1-1',
    acl: { perResource: 'DESCRIBE on GROUP and on every assigned TOPIC' },
    failed: ({ groupIds }, errorCode) => ({
      throttleTimeMs: 0,
      groups: groupIds.map(groupId => withoutGroup(groupId, errorCode, null)),
    }),
  },
  ({ groupIds, includeAuthorizedOperations }, context) => {
    requireShareGroups(context);
    const needed = { operation: 'DESCRIBE', resource: 'GROUP' } as const;
    const { authorized, unauthorized } = splitByAuthorized(context, needed, groupIds, groupId => groupId);
    const refused = unauthorized.map(groupId =>
      withoutGroup(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED, null),
    );
    return context.node.groups.share.describe(authorized).map(described => {
      const groups = described.map(one => {
        const answer = answerOf(one);
        const shows = includeAuthorizedOperations && answer.errorCode === 0;
        const operations = shows ? authorizedOperations(context, 'GROUP', answer.groupId) : NOT_ASKED;
        return { ...answer, authorizedOperations: operations };
      });
      const seen = groups.map(group => withTopicsSeen(group, context));
      return { throttleTimeMs: 0, groups: [...refused, ...seen] };
    });
  },
);

/** Whoever may not see a topic that the group reads is not told of the group. */
function withTopicsSeen(group: GroupAnswer, context: RequestContext): GroupAnswer {
  if (context.node.authorizer === undefined) return group;
  const topics = new Set<string>();
  for (const { assignment } of group.members)
    for (const { topicName } of assignment.topicPartitions) topics.add(topicName);
  const isSeen = [...topics].every(name => isAuthorized(context, 'DESCRIBE', 'TOPIC', name));
  return isSeen ? group : withoutGroup(group.groupId, ErrorCode.TOPIC_AUTHORIZATION_FAILED, UNSEEN_TOPIC);
}

function answerOf({ groupId, error, group }: DescribedShareGroup): GroupAnswer {
  if (group !== null) return { errorCode: 0, errorMessage: null, groupId, ...group };
  return withoutGroup(groupId, error === null ? 0 : responseErrorOf(error), error?.message || null);
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
