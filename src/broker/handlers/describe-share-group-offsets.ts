// DescribeShareGroupOffsets (KIP-932, KIP-1226): where share groups have arrived, and how far that is from the end. The rules
// are in groups/share/share-offsets.ts and KafkaApis.handleDescribeShareGroupOffsetsRequest.

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { DescribeShareGroupOffsets } from '../../protocol/messages/apis/describe-share-group-offsets.ts';
import { ZERO_UUID } from '../../protocol/wire/reader.ts';
import type { DescribedOffsets, DescribeRequest } from '../groups/share/share-offsets.ts';
import { allOf, Deferred } from '../runtime/deferred.ts';
import { isAuthorized, splitByAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { requireShareGroups } from './share-group-requests.ts';

type DescribedTopic = DescribedOffsets['topics'][number];

const DESCRIBE_TOPIC = { operation: 'DESCRIBE', resource: 'TOPIC' } as const;

export const describeShareGroupOffsets = handler(
  DescribeShareGroupOffsets,
  {
    versions: '0-1',
    acl: { perResource: 'DESCRIBE on GROUP and on every TOPIC' },
    failed: ({ groups }, errorCode) => ({
      throttleTimeMs: 0,
      groups: groups.map(({ groupId }) => groupFailed(groupId, errorCode)),
    }),
  },
  ({ groups }, context) => {
    requireShareGroups(context);
    return allOf(groups.map(group => describe(group, context))).map(described => ({
      throttleTimeMs: 0,
      groups: described,
    }));
  },
);

function describe(group: DescribeRequest, context: RequestContext): Deferred<DescribedOffsets> {
  const { groupId, topics } = group;
  if (!isAuthorized(context, 'DESCRIBE', 'GROUP', groupId))
    return Deferred.completed(groupFailed(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED));
  const { shareOffsets } = context.node.groups;
  if (topics === null) {
    return shareOffsets.describe(group).map(described => {
      const seen = splitByAuthorized(context, DESCRIBE_TOPIC, described.topics, ({ topicName }) => topicName);
      return { ...described, topics: [...seen.authorized] };
    });
  }
  const named = splitByAuthorized(context, DESCRIBE_TOPIC, topics, ({ topicName }) => topicName);
  return shareOffsets.describe({ groupId, topics: [...named.authorized] }).map(described => ({
    ...described,
    topics: [...described.topics, ...named.unauthorized.map(unseen)],
  }));
}

function unseen({
  topicName,
  partitions,
}: {
  readonly topicName: string;
  readonly partitions: readonly number[];
}): DescribedTopic {
  const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  const refused = {
    startOffset: -1,
    leaderEpoch: 0,
    lag: -1n,
    errorCode,
    errorMessage: errorOf(errorCode).text,
  };
  return {
    topicName,
    topicId: ZERO_UUID,
    partitions: partitions.map(partitionIndex => ({ partitionIndex, ...refused })),
  };
}

function groupFailed(groupId: string, errorCode: number): DescribedOffsets {
  return { groupId, topics: [], errorCode, errorMessage: null };
}
