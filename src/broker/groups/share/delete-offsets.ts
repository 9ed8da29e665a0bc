// The end of share state, asked for by DeleteShareGroupOffsets (some topics) and DeleteGroups (all of them). Both take two
// steps: a record says that the topics are being deleted, and once the share coordinator has deleted them, another that
// they are gone, or the group's end. An end that was interrupted is tried again with the next request. Follows Apache
// Kafka's GroupMetadataManager (sharePartitionsEligibleForOffsetDeletion, shareGroupBuildPartitionDeleteRequest).

import { ErrorCode, errorOf, KafkaError } from '../../../protocol/errors.ts';
import type { DeleteShareGroupOffsets } from '../../../protocol/messages/apis/delete-share-group-offsets.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import type { ShareContext, ShareDecision } from './share-decision.ts';
import type { ShareGroup } from './share-group.ts';
import { statePartitionsRecord } from './share-records.ts';
import {
  NO_STATE_PARTITIONS,
  type PartitionsByTopic,
  range,
  type StatePartitions,
  type StateTopic,
  union,
} from './state-partitions.ts';

export type DeleteRequest = RequestOf<typeof DeleteShareGroupOffsets>;
export type DeleteAnswer = ResponseDraft<typeof DeleteShareGroupOffsets>;
export type DeletedTopic = DeleteAnswer['responses'][number];

export interface DeletionOutcome {
  /** What the share coordinator is to forget. */
  readonly partitions: PartitionsByTopic;
  /** Topics of which there is nothing to delete. */
  readonly refused: readonly DeletedTopic[];
}

export function decideDeleteOffsets(
  group: ShareGroup,
  { topics: requested }: Pick<DeleteRequest, 'topics'>,
  { topics }: ShareContext,
): ShareDecision<DeletionOutcome> {
  const { groupId, statePartitions } = group;
  if (group.members.size > 0) throw new KafkaError('NON_EMPTY_GROUP');
  const partitions = new Map<string, ReadonlySet<number>>();
  const refused: DeletedTopic[] = [];
  const outcome = { response: { partitions, refused }, timers: [], reason: 'its offsets are being deleted' };
  if (statePartitions === null) return { ...outcome, records: [] };
  const initialized = new Map(statePartitions.initialized);
  const deleting = new Set(statePartitions.deleting);
  for (const { topicName } of requested) {
    const topic = topics.byName(topicName);
    const known = topic === undefined ? undefined : initialized.get(topic.id);
    if (topic === undefined) {
      refused.push(refusedTopic(topicName, errorOf(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION).text));
    } else if (known !== undefined) {
      partitions.set(topic.id, known.partitions);
      initialized.delete(topic.id);
      deleting.add(topic.id);
    } else if (deleting.has(topic.id)) {
      partitions.set(topic.id, new Set(range(topic.partitionCount)));
    } else {
      refused.push(refusedTopic(topicName, 'There is no offset information to delete.'));
    }
  }
  const next = { ...statePartitions, initialized, deleting };
  return { ...outcome, records: [statePartitionsRecord(groupId, next, topics)] };
}

/** The share coordinator has forgotten these topics. */
export function decideOffsetsDeleted(
  group: ShareGroup | undefined,
  topicIds: ReadonlySet<string>,
  { topics }: ShareContext,
): ShareDecision<null> {
  const current = group?.statePartitions ?? null;
  const nothing = { response: null, timers: [], reason: 'its offsets were deleted' };
  if (group === undefined || current === null) return { ...nothing, records: [] };
  const deleting = new Set([...current.deleting].filter(topicId => !topicIds.has(topicId)));
  return { ...nothing, records: [statePartitionsRecord(group.groupId, { ...current, deleting }, topics)] };
}

/** Before the group itself goes: everything that it has state of. Nothing, where it never had any. */
export function decideDeleteState(
  group: ShareGroup | undefined,
  { topics }: ShareContext,
): ShareDecision<PartitionsByTopic> {
  const nothing = { records: [], response: new Map(), timers: [], reason: '' };
  if (group === undefined) return nothing;
  if (group.state !== 'Empty') throw new KafkaError('NON_EMPTY_GROUP');
  const { groupId, statePartitions } = group;
  if (statePartitions === null) return nothing;
  const candidates = stateOf(statePartitions, topics);
  const next: StatePartitions = { ...NO_STATE_PARTITIONS, deleting: new Set(candidates.keys()) };
  return {
    records: [statePartitionsRecord(groupId, next, topics)],
    response: new Map([...candidates].map(([topicId, { partitions }]) => [topicId, partitions])),
    timers: [],
    reason: 'it is being deleted',
  };
}

/** With what an earlier deletion has left over, where the topic is still there. */
function stateOf(
  { initialized, initializing, deleting }: StatePartitions,
  topics: ShareContext['topics'],
): Map<string, StateTopic> {
  const leftOver = new Map<string, StateTopic>();
  for (const topicId of deleting) {
    const topic = topics.byId(topicId);
    if (topic === undefined) continue;
    const { name, partitionCount } = topic;
    leftOver.set(topicId, { name, partitions: new Set(range(partitionCount)), timestampMs: -1 });
  }
  return union(union(initialized, initializing), leftOver);
}

function refusedTopic(topicName: string, errorMessage: string): DeletedTopic {
  const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  return { topicName, topicId: ZERO_UUID, errorCode, errorMessage };
}
