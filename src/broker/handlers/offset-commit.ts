// OffsetCommit: answered when the offsets are durable. Topics and partitions that do not exist are answered here and
// never reach the group. The rules are in groups/offsets/offset-commit.ts and KafkaApis.handleOffsetCommitRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { OffsetCommit } from '../../protocol/messages/apis/offset-commit.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import type { TopicCommit, TopicResult } from '../groups/offsets/offset-commit.ts';
import { commitFailed } from '../groups/offsets/offset-commit.ts';
import { isAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { findTopic } from './partition-lookup.ts';

type Request = RequestOf<typeof OffsetCommit>;
type Response = ResponseDraft<typeof OffsetCommit>;

const TOPIC_IDS_SINCE = 10;

export const offsetCommit = handler(
  OffsetCommit,
  {
    versions: '2-10',
    acl: { operation: 'READ', on: 'GROUP', named: ({ groupId }) => groupId },
    failed: (request, errorCode) => answerOf(commitFailed(request.topics, errorCode)),
  },
  (request, context) => {
    const { known, unknown } = sort(request, context);
    if (known.length === 0) return answerOf(unknown);
    return context.node.groups.offsets
      .commit({
        groupId: request.groupId,
        memberId: request.memberId,
        groupInstanceId: request.groupInstanceId,
        generationId: request.generationIdOrMemberEpoch,
        retentionTimeMs: Number(request.retentionTimeMs),
        apiVersion: context.apiVersion,
        topics: known,
      })
      .map(results => answerOf(merge(unknown, results, context.apiVersion >= TOPIC_IDS_SINCE)));
  },
);

interface Sorted {
  readonly known: TopicCommit[];
  readonly unknown: TopicResult[];
}

function sort(request: Request, context: RequestContext): Sorted {
  const { node, apiVersion } = context;
  const sorted: Sorted = { known: [], unknown: [] };
  const usesTopicIds = apiVersion >= TOPIC_IDS_SINCE;
  for (const topic of request.topics) {
    const image = findTopic(node, { ...topic, usesTopicIds });
    const name = usesTopicIds ? image?.name : topic.name;
    if (name !== undefined && !isAuthorized(context, 'READ', 'TOPIC', name)) {
      sorted.unknown.push(...commitFailed([{ ...topic, name }], ErrorCode.TOPIC_AUTHORIZATION_FAILED));
      continue;
    }
    if (image === undefined) {
      const errorCode = usesTopicIds ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
      sorted.unknown.push(...commitFailed([topic], errorCode));
      continue;
    }
    const named = { name: image.name, topicId: image.id };
    const exists = (partition: number) => image.partitions[partition] !== undefined;
    const here = topic.partitions.filter(({ partitionIndex }) => exists(partitionIndex));
    const elsewhere = topic.partitions.filter(({ partitionIndex }) => !exists(partitionIndex));
    if (here.length > 0) sorted.known.push({ ...named, partitions: here });
    if (elsewhere.length > 0) {
      const missing = { ...named, partitions: elsewhere };
      sorted.unknown.push(...commitFailed([missing], ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }
  }
  return sorted;
}

/** One entry per topic; what was refused here comes first, as in Apache Kafka. */
function merge(
  unknown: readonly TopicResult[],
  known: readonly TopicResult[],
  usesTopicIds: boolean,
): TopicResult[] {
  const merged = new Map<string, TopicResult>();
  for (const topic of [...unknown, ...known]) {
    const key = usesTopicIds ? topic.topicId : topic.name;
    const earlier = merged.get(key)?.partitions ?? [];
    merged.set(key, { ...topic, partitions: [...earlier, ...topic.partitions] });
  }
  return [...merged.values()];
}

function answerOf(topics: readonly TopicResult[]): Response {
  return { topics };
}
