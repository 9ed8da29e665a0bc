// StreamsGroupDescribe (KIP-1071): streams groups with topology, members and tasks. A group of another kind is not found
// here. The rules are in groups/streams/describe.ts.

import { StreamsGroupDescribe } from '../../protocol/messages/apis/streams-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import type { DescribedStreamsGroup } from '../groups/streams/describe.ts';
import { describeKind } from './describe-kind.ts';
import { requireGroupProtocol } from './group-protocol.ts';
import { handler } from './handler.ts';

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
  (request, context) => {
    requireGroupProtocol(context, 'streams');
    const { streams } = context.node.groups;
    return describeKind(request, context, {
      describe: groupIds => streams.describe(groupIds),
      answerOf,
      withoutGroup,
      topicsOf,
      unseenTopic: UNSEEN_TOPIC,
    });
  },
);

/** All of the topology. */
function topicsOf({ topology }: GroupAnswer): string[] {
  return (topology?.subtopologies ?? []).flatMap(subtopology => [
    ...subtopology.sourceTopics,
    ...subtopology.repartitionSinkTopics,
    ...subtopology.repartitionSourceTopics.map(({ name }) => name),
    ...subtopology.stateChangelogTopics.map(({ name }) => name),
  ]);
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
