// DeleteShareGroupOffsets (KIP-932): an empty share group forgets where it was in some topics. The rules are in
// groups/share/delete-offsets.ts and KafkaApis.handleDeleteShareGroupOffsetsRequest.

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { DeleteShareGroupOffsets } from '../../protocol/messages/apis/delete-share-group-offsets.ts';
import { ZERO_UUID } from '../../protocol/wire/reader.ts';
import { requireGroup, splitByAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { requireShareGroups } from './share-group-requests.ts';

export const deleteShareGroupOffsets = handler(
  DeleteShareGroupOffsets,
  {
    versions: '0-0',
    acl: { perResource: 'DELETE on GROUP, READ on every TOPIC' },
    failed: (_request, errorCode, message) => ({
      throttleTimeMs: 0,
      errorCode,
      errorMessage: message ?? errorOf(errorCode).text,
      responses: [],
    }),
  },
  ({ groupId, topics }, context) => {
    requireShareGroups(context);
    requireGroup(context, 'DELETE', groupId);
    const needed = { operation: 'READ', resource: 'TOPIC' } as const;
    const { authorized, unauthorized } = splitByAuthorized(context, needed, topics, topic => topic.topicName);
    const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    const errorMessage = errorOf(errorCode).text;
    const refused = unauthorized.map(({ topicName }) => ({
      topicName,
      topicId: ZERO_UUID,
      errorCode,
      errorMessage,
    }));
    return context.node.groups.shareOffsets
      .delete({ groupId, topics: [...authorized] })
      .map(answer =>
        answer.errorCode === 0 ? { ...answer, responses: [...refused, ...answer.responses] } : answer,
      );
  },
);
