// AlterShareGroupOffsets (KIP-932): an empty share group is to begin elsewhere. The rules are in
// groups/share/alter-offsets.ts and KafkaApis.handleAlterShareGroupOffsetsRequest.

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { AlterShareGroupOffsets } from '../../protocol/messages/apis/alter-share-group-offsets.ts';
import { ZERO_UUID } from '../../protocol/wire/reader.ts';
import { type AlterAnswer, type AlterRequest, alterAnswer } from '../groups/share/alter-offsets.ts';
import { isAuthorized, requireGroup } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { requireShareGroups } from './share-group-requests.ts';

export const alterShareGroupOffsets = handler(
  AlterShareGroupOffsets,
  {
    versions: '0-0',
    acl: { perResource: 'READ on GROUP and on every TOPIC' },
    failed: (_request, errorCode, message) =>
      alterAnswer({ errorCode, errorMessage: textOf(errorCode, message) }),
  },
  ({ groupId, topics }, context) => {
    requireShareGroups(context);
    requireGroup(context, 'READ', groupId);
    const refused: AlterAnswer['responses'][number][] = [];
    const known: AlterRequest['topics'] = [];
    for (const topic of topics) {
      const errorCode = refusalOf(topic.topicName, context);
      if (errorCode === 0) known.push(topic);
      else refused.push(refusedTopic(topic, errorCode, context));
    }
    return context.node.groups.shareOffsets
      .alter({ groupId, topics: known })
      .map(answer =>
        answer.errorCode === 0 ? { ...answer, responses: [...refused, ...answer.responses] } : answer,
      );
  },
);

function refusalOf(topic: string, context: RequestContext): number {
  if (!isAuthorized(context, 'READ', 'TOPIC', topic)) return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  const isThere = context.node.metadata.image.topicsByName.has(topic);
  return isThere ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
}

function refusedTopic(
  { topicName, partitions }: AlterRequest['topics'][number],
  errorCode: number,
  { node }: RequestContext,
) {
  const errorMessage = errorOf(errorCode).text;
  return {
    topicName,
    topicId: node.metadata.image.topicsByName.get(topicName)?.id ?? ZERO_UUID,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
  };
}

function textOf(errorCode: number, message: string | null): string {
  return message ?? errorOf(errorCode).text;
}
