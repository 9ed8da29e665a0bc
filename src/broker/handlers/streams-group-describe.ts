// StreamsGroupDescribe (KIP-1071): streams groups with topology, members and tasks. A group of another kind is not found
// here. The rules are in groups/streams/describe.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { StreamsGroupDescribe } from '../../protocol/messages/apis/streams-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import type { DescribedStreamsGroup } from '../groups/streams/describe.ts';
import { isAuthorized, splitByAuthorized } from './authorize.ts';
import { authorizedOperations, NOT_ASKED } from './authorized-operations.ts';
import { requireGroupProtocol } from './group-protocol.ts';
import { handler, type RequestContext } from './handler.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof StreamsGroupDescribe>['groups']>[number];

const UNSEEN_TOPIC = 'The described group uses topics that the client is not authorized to describe.';

export const streamsGroupDescribe = handler(
  StreamsGroupDescribe,
  {
    versions: '0-0',
    acl: { perResource: 'DESCRIBE on GROUP and on every TOPIC of the topology' },
    failed: ({ groupIds }, errorCode) => ({
      throttleTimeMs: 0,
      groups: groupIds.map(groupId => withoutGroup(groupId, errorCode, null)),
    }),
  },
  ({ groupIds, includeAuthorizedOperations }, context) => {
    requireGroupProtocol(context, 'streams');
    const needed = { operation: 'DESCRIBE', resource: 'GROUP' } as const;
    const { authorized, unauthorized } = splitByAuthorized(context, needed, groupIds, groupId => groupId);
    const refused = unauthorized.map(groupId =>
      withoutGroup(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED, null),
    );
    return context.node.groups.streams.describe(authorized).map(described => {
      const groups = described.map(one => {
        const answer = answerOf(one);
        const shows = includeAuthorizedOperations && answer.errorCode === 0;
        const operations = shows ? authorizedOperations(context, 'GROUP', answer.groupId) : NOT_ASKED;
        return withTopicsSeen({ ...answer, authorizedOperations: operations }, context);
      });
      return { throttleTimeMs: 0, groups: [...refused, ...groups] };
    });
  },
);

/** Whoever may not see a topic of the topology is not told of the group. */
function withTopicsSeen(group: GroupAnswer, context: RequestContext): GroupAnswer {
  const { topology } = group;
  if (context.node.authorizer === undefined || topology === null || topology === undefined) return group;
  const topics = new Set(
    (topology.subtopologies ?? []).flatMap(subtopology => [
      ...subtopology.sourceTopics,
      ...subtopology.repartitionSinkTopics,
      ...subtopology.repartitionSourceTopics.map(({ name }) => name),
      ...subtopology.stateChangelogTopics.map(({ name }) => name),
    ]),
  );
  const isSeen = [...topics].every(name => isAuthorized(context, 'DESCRIBE', 'TOPIC', name));
  return isSeen ? group : withoutGroup(group.groupId, ErrorCode.TOPIC_AUTHORIZATION_FAILED, UNSEEN_TOPIC);
}

/** Only what concerns the group itself is told in words. */
function answerOf({ groupId, error, group }: DescribedStreamsGroup): GroupAnswer {
  if (group !== null) return { errorCode: 0, errorMessage: null, groupId, ...group };
  const isTold = error?.errorName === 'GROUP_ID_NOT_FOUND';
  return withoutGroup(groupId, error === null ? 0 : responseErrorOf(error), isTold ? error.message : null);
}

function withoutGroup(groupId: string, errorCode: number, errorMessage: string | null): GroupAnswer {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    topology: null,
    members: [],
  };
}
