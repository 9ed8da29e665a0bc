// ShareGroupDescribe (KIP-932): share groups with members, epochs and assignments. A group of another kind is not found
// here. The rules are in groups/share/describe.ts.

import { ShareGroupDescribe } from '../../protocol/messages/apis/share-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import type { DescribedShareGroup } from '../groups/share/describe.ts';
import { describeKind } from './describe-kind.ts';
import { handler } from './handler.ts';
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
  (request, context) => {
    requireShareGroups(context);
    const { share } = context.node.groups;
    return describeKind(request, context, {
      describe: groupIds => share.describe(groupIds),
      answerOf,
      withoutGroup,
      topicsOf,
      unseenTopic: UNSEEN_TOPIC,
    });
  },
);

function topicsOf({ members }: GroupAnswer): string[] {
  return members.flatMap(({ assignment }) => assignment.topicPartitions.map(({ topicName }) => topicName));
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
