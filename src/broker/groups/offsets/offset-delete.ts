// Decides OffsetDelete: committed offsets of some partitions go, unless the group reads their topic. Follows Apache Kafka's
// OffsetMetadataManager.deleteOffsets and ClassicGroup.validateOffsetDelete.

import { ErrorCode } from '../../../protocol/errors.ts';
import type { Decision } from '../../runtime/shard.ts';
import type { ClassicGroup } from '../classic/classic-group.ts';
import { subscribedTopics, usesConsumerProtocol } from '../classic/subscribed-topics.ts';
import { type GroupRecord, offsetTombstone } from '../group-records.ts';
import type { OffsetStore } from './offset-store.ts';

export interface OffsetDeleteCommand {
  readonly groupId: string;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[];
}

/** `topics` are empty when `errorCode` is set. */
export interface DeletedOffsets {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

export function offsetDeleteFailed(errorCode: number): DeletedOffsets {
  return { errorCode, topics: [] };
}

export function decideOffsetDelete(
  group: ClassicGroup | undefined,
  offsets: OffsetStore,
  { groupId, topics }: OffsetDeleteCommand,
): Decision<GroupRecord, DeletedOffsets> {
  if (group === undefined) {
    return { records: [], response: offsetDeleteFailed(ErrorCode.GROUP_ID_NOT_FOUND) };
  }
  const isConsumer = usesConsumerProtocol(group);
  if (group.state !== 'Empty' && !isConsumer) {
    return { records: [], response: offsetDeleteFailed(ErrorCode.NON_EMPTY_GROUP) };
  }
  const subscribed = subscribedTopics(group);
  const records: GroupRecord[] = [];
  const response = topics.map(({ name, partitions }) => {
    // Of a consumer group whose subscriptions cannot be read, every topic counts as read.
    const isRead = subscribed === null ? isConsumer : subscribed.has(name);
    const errorCode = isRead ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
    for (const partition of isRead ? [] : new Set(partitions)) {
      const key = { groupId, topic: name, partition };
      if (offsets.get(key) !== undefined || offsets.hasPending(key)) records.push(offsetTombstone(key));
    }
    return { name, partitions: partitions.map(partition => ({ partition, errorCode })) };
  });
  return { records, response: { errorCode: ErrorCode.NONE, topics: response } };
}
