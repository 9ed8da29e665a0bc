// OffsetFetch: what a group has committed. Nothing committed, an unknown group and a topic that was deleted and created
// again all read as offset -1 without an error. Follows Apache Kafka's OffsetMetadataManager.

import { ErrorCode } from '../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import type { CommittedOffset } from './committed-offset.ts';
import type { OffsetStore } from './offset-store.ts';

export interface TopicFetch {
  readonly name: string;
  /** The zero uuid: by name alone. */
  readonly topicId: string;
  readonly partitionIndexes: readonly number[];
}

export interface FetchCommand {
  readonly groupId: string;
  /** Null: everything that is committed. */
  readonly topics: readonly TopicFetch[] | null;
  /** An offset that an open transaction is about to replace is UNSTABLE_OFFSET_COMMIT (KIP-447). */
  readonly requireStable: boolean;
  /** Who asks, if a member does (version 9+): consumer groups want to know. */
  readonly memberId?: string | null;
  readonly memberEpoch?: number;
}

export interface FetchedPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string;
  readonly errorCode: number;
}

export interface FetchedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly FetchedPartition[];
}

export function fetchOffsets(store: OffsetStore, command: FetchCommand): FetchedTopic[] {
  const { groupId, requireStable } = command;
  const partitionOf = (topic: TopicFetch, partition: number) => {
    const key = { groupId, topic: topic.name, partition };
    if (requireStable && store.hasPending(key))
      return withoutOffset(partition, ErrorCode.UNSTABLE_OFFSET_COMMIT);
    const committed = store.get(key);
    if (committed === undefined || isOfAnotherTopic(committed, topic.topicId))
      return withoutOffset(partition, 0);
    return withOffset(partition, committed);
  };
  return (command.topics ?? allTopics(store, groupId)).map(topic => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitionIndexes.map(partition => partitionOf(topic, partition)),
  }));
}

function allTopics(store: OffsetStore, groupId: string): TopicFetch[] {
  return [...(store.ofGroup(groupId) ?? [])].map(([name, byPartition]) => ({
    name,
    topicId: ZERO_UUID,
    partitionIndexes: [...byPartition.keys()],
  }));
}

/** The topic was deleted and made anew under its name. */
function isOfAnotherTopic(committed: CommittedOffset, topicId: string): boolean {
  return topicId !== ZERO_UUID && committed.topicId !== ZERO_UUID && committed.topicId !== topicId;
}

function withOffset(partitionIndex: number, committed: CommittedOffset): FetchedPartition {
  return {
    partitionIndex,
    committedOffset: committed.offset,
    committedLeaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    errorCode: 0,
  };
}

function withoutOffset(partitionIndex: number, errorCode: number): FetchedPartition {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode };
}
