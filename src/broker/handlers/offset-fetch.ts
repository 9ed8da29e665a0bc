// OffsetFetch: one group up to version 7, several from version 8 on; topics by id from version 10 on. The rules are in
// groups/offsets/offset-fetch.ts, KafkaApis.handleOffsetFetchRequest and OffsetFetchResponse.groupError.

import { ErrorCode } from '../../protocol/errors.ts';
import { OffsetFetch } from '../../protocol/messages/apis/offset-fetch.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { ZERO_UUID } from '../../protocol/wire/reader.ts';
import type { FetchedOffsets } from '../groups/offsets/group-offsets.ts';
import type { FetchedTopic, TopicFetch } from '../groups/offsets/offset-fetch.ts';
import { allOf, Deferred } from '../runtime/deferred.ts';
import { isAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';

type Request = RequestOf<typeof OffsetFetch>;
type Response = ResponseDraft<typeof OffsetFetch>;

const GROUP_ERROR_SINCE = 2;
const SEVERAL_GROUPS_SINCE = 8;
const TOPIC_IDS_SINCE = 10;

interface GroupRequest {
  readonly groupId: string;
  /** Null: everything that is committed. */
  readonly topics: readonly TopicFetch[] | null;
  /** Who asks, if a member does (version 9+). */
  readonly memberId?: string | null;
  readonly memberEpoch?: number;
}

interface GroupAnswer {
  readonly groupId: string;
  readonly errorCode: number;
  readonly topics: readonly FetchedTopic[];
}

export const offsetFetch = handler(
  OffsetFetch,
  {
    versions: '1-10',
    acl: { perResource: 'DESCRIBE on GROUP and TOPIC' },
    failed: (request, errorCode) => {
      const groups = request.groups.map(({ groupId }) => ({ groupId, errorCode, topics: [] }));
      return { groups, topics: [], errorCode };
    },
  },
  (request, context) => {
    const groups = groupsOf(request, context.apiVersion).map(group =>
      fetchGroup(group, request.requireStable, context),
    );
    return allOf(groups).map(answers => answerOf(answers, context.apiVersion));
  },
);

function groupsOf(request: Request, apiVersion: number): readonly GroupRequest[] {
  if (apiVersion >= SEVERAL_GROUPS_SINCE) return request.groups;
  const topics = request.topics?.map(topic => ({ ...topic, topicId: ZERO_UUID })) ?? null;
  return [{ groupId: request.groupId, topics }];
}

function fetchGroup(
  group: GroupRequest,
  requireStable: boolean,
  context: RequestContext,
): Deferred<GroupAnswer> {
  const { groupId, memberId = null, memberEpoch = -1 } = group;
  if (!isAuthorized(context, 'DESCRIBE', 'GROUP', groupId)) {
    const errorCode = ErrorCode.GROUP_AUTHORIZATION_FAILED;
    return Deferred.completed(groupFailed(group, errorCode, context.apiVersion));
  }
  const { known, unknown } = resolve(group, context);
  return context.node.groups.offsets
    .fetch({ groupId, topics: known, requireStable, memberId, memberEpoch })
    .map(fetched => {
      if (fetched.errorCode !== 0) return groupFailed(group, fetched.errorCode, context.apiVersion);
      const topics = group.topics === null ? visible(fetched, context) : fetched.topics;
      return { groupId, errorCode: 0, topics: [...topics, ...unknown] };
    });
}

/** By id, a topic must exist to have a name; by name it need not. */
function resolve({ topics }: GroupRequest, context: RequestContext) {
  const { node, apiVersion } = context;
  if (topics === null) return { known: topics, unknown: [] };
  const known: TopicFetch[] = [];
  const unknown: FetchedTopic[] = [];
  const sort = (topic: TopicFetch) => {
    if (isAuthorized(context, 'DESCRIBE', 'TOPIC', topic.name)) known.push(topic);
    else unknown.push(withoutOffsets(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
  };
  for (const topic of topics) {
    if (apiVersion < TOPIC_IDS_SINCE) {
      sort(topic);
      continue;
    }
    const image = node.metadata.image.topicsById.get(topic.topicId);
    if (image === undefined) unknown.push(withoutOffsets(topic, ErrorCode.UNKNOWN_TOPIC_ID));
    else sort({ ...topic, name: image.name });
  }
  return { known, unknown };
}

/** Asked for everything by id, only topics that have one can be shown. */
function visible(fetched: FetchedOffsets, context: RequestContext): readonly FetchedTopic[] {
  const { node, apiVersion } = context;
  const topics = fetched.topics.filter(({ name }) => isAuthorized(context, 'DESCRIBE', 'TOPIC', name));
  if (apiVersion < TOPIC_IDS_SINCE) return topics;
  return topics.flatMap(topic => {
    const image = node.metadata.image.topicsByName.get(topic.name);
    return image === undefined ? [] : [{ ...topic, topicId: image.id }];
  });
}

function withoutOffsets(topic: TopicFetch, errorCode: number): FetchedTopic {
  return {
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitionIndexes.map(partitionIndex => ({
      partitionIndex,
      committedOffset: -1,
      committedLeaderEpoch: -1,
      metadata: '',
      errorCode,
    })),
  };
}

/** Version 1 has no place for the group's error but its partitions. */
function groupFailed({ groupId, topics }: GroupRequest, errorCode: number, apiVersion: number): GroupAnswer {
  if (apiVersion >= GROUP_ERROR_SINCE) return { groupId, errorCode, topics: [] };
  return { groupId, errorCode, topics: (topics ?? []).map(topic => withoutOffsets(topic, errorCode)) };
}

function answerOf(groups: readonly GroupAnswer[], apiVersion: number): Response {
  if (apiVersion >= SEVERAL_GROUPS_SINCE) return { groups };
  const [group] = groups;
  return { groups: [], errorCode: group?.errorCode ?? 0, topics: group?.topics ?? [] };
}
