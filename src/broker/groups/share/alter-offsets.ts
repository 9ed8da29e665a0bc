// AlterShareGroupOffsets: an empty share group is to begin elsewhere. A group that is not there comes to be by it. What is
// altered is being initialized anew: the record says so first, then the share coordinator gets the offsets. Follows Apache
// Kafka's GroupMetadataManager.alterShareGroupOffsets.

import { ErrorCode, errorOf, KafkaError } from '../../../protocol/errors.ts';
import type { AlterShareGroupOffsets } from '../../../protocol/messages/apis/alter-share-group-offsets.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import type { StateOutcome } from '../../share/state-decisions.ts';
import type { Initialization, ShareContext, ShareDecision } from './share-decision.ts';
import type { ShareGroup } from './share-group.ts';
import { type ShareGroupRecord, statePartitionsRecord } from './share-records.ts';
import { type StateTopic, withInitializing } from './state-partitions.ts';

export type AlterRequest = RequestOf<typeof AlterShareGroupOffsets>;
export type AlterAnswer = ResponseDraft<typeof AlterShareGroupOffsets>;
type AlteredTopic = AlterAnswer['responses'][number];

export interface AlterOutcome {
  readonly answer: AlterAnswer;
  readonly initialization: Initialization;
}

export function decideAlterOffsets(
  group: ShareGroup,
  { topics: requested }: Pick<AlterRequest, 'topics'>,
  { topics, nowMs }: ShareContext,
): ShareDecision<AlterOutcome> {
  const { groupId, groupEpoch, statePartitions } = group;
  if (group.members.size > 0) throw new KafkaError('NON_EMPTY_GROUP');
  const initializing = new Map<string, StateTopic>();
  const startOffsets = new Map<string, ReadonlyMap<number, number>>();
  const responses = requested.map(({ topicName, partitions }): AlteredTopic => {
    const topic = topics.byName(topicName);
    const isThere = (index: number) => topic !== undefined && index < topic.partitionCount;
    if (topic !== undefined) {
      const offsets = partitions.filter(({ partitionIndex }) => isThere(partitionIndex));
      const byPartition = new Map(offsets.map(each => [each.partitionIndex, each.startOffset]));
      initializing.set(topic.id, {
        name: topicName,
        partitions: new Set(byPartition.keys()),
        timestampMs: nowMs,
      });
      if (byPartition.size > 0) startOffsets.set(topic.id, byPartition);
    }
    return {
      topicName,
      topicId: topic?.id ?? ZERO_UUID,
      partitions: partitions.map(({ partitionIndex }) =>
        isThere(partitionIndex) ? altered(partitionIndex) : unknown(partitionIndex),
      ),
    };
  });
  const records: ShareGroupRecord[] =
    initializing.size === 0
      ? []
      : [statePartitionsRecord(groupId, withInitializing(statePartitions, initializing), topics)];
  return {
    records,
    response: {
      answer: alterAnswer({ responses }),
      initialization: { groupId, stateEpoch: groupEpoch, startOffsets },
    },
    timers: [],
    reason: 'its offsets were altered',
  };
}

export function alterAnswer(answer: Partial<AlterAnswer>): AlterAnswer {
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, responses: [], ...answer };
}

/** What the share coordinator refused is said with its partition. */
export function withRefusals(
  answer: AlterAnswer,
  outcomeOf: (topicId: string, partition: number) => StateOutcome | undefined,
): AlterAnswer {
  const responses = answer.responses.map(topic => ({
    ...topic,
    partitions: topic.partitions.map(partition => {
      const { errorCode, errorMessage } = outcomeOf(topic.topicId, partition.partitionIndex) ?? partition;
      return partition.errorCode === 0 ? { ...partition, errorCode, errorMessage } : partition;
    }),
  }));
  return { ...answer, responses };
}

function altered(partitionIndex: number) {
  return { partitionIndex, errorCode: 0, errorMessage: null };
}

function unknown(partitionIndex: number) {
  const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  return { partitionIndex, errorCode, errorMessage: errorOf(errorCode).text };
}
