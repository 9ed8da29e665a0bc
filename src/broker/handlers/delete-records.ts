// DeleteRecords: moves the log start of partitions forward. What lies below is gone for readers at once and from disk
// soon. Rules: KafkaApis.handleDeleteRecordsRequest, Partition.deleteRecordsOnLeader.

import { ErrorCode } from '../../protocol/errors.ts';
import { DeleteRecords } from '../../protocol/messages/apis/delete-records.ts';
import { isInternalTopic } from '../metadata/topic-names.ts';
import type { BrokerNode } from '../node.ts';
import { isAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { findPartition, findTopic } from './partition-lookup.ts';

const NO_LOW_WATERMARK = -1;
/** Asks for the high watermark. */
const HIGH_WATERMARK = -1;

interface Deletion {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

interface DeletionResult {
  readonly errorCode: number;
  readonly lowWatermark: number;
}

export const deleteRecords = handler(
  DeleteRecords,
  {
    versions: '0-2',
    acl: { perResource: 'DELETE on TOPIC' },
    failed: (request, errorCode) => ({
      throttleTimeMs: 0,
      topics: request.topics.map(topic => ({
        name: topic.name,
        partitions: topic.partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          lowWatermark: NO_LOW_WATERMARK,
          errorCode,
        })),
      })),
    }),
  },
  (request, context) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => {
      const isAllowed = isAuthorized(context, 'DELETE', 'TOPIC', name);
      return {
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => ({
          partitionIndex,
          ...(isAllowed
            ? deleteBefore(context.node, { topic: name, partition: partitionIndex, offset })
            : refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED)),
        })),
      };
    }),
  }),
);

function deleteBefore(node: BrokerNode, { topic, partition, offset }: Deletion): DeletionResult {
  const found = findPartition(
    node,
    findTopic(node, { name: topic, topicId: '', usesTopicIds: false }),
    partition,
  );
  if ('errorCode' in found) return refused(found.errorCode);
  if (isInternalTopic(topic)) return refused(ErrorCode.INVALID_TOPIC_EXCEPTION);
  const { log } = found;
  const { cleanupPolicy } = log.settings;
  if (cleanupPolicy.includes('compact') && !cleanupPolicy.includes('delete')) {
    return refused(ErrorCode.POLICY_VIOLATION);
  }
  if (offset < HIGH_WATERMARK) return refused(ErrorCode.OFFSET_OUT_OF_RANGE);
  const result = log.deleteRecordsBefore(offset);
  if (result.error !== null) return refused(ErrorCode[result.error]);
  return { errorCode: ErrorCode.NONE, lowWatermark: result.logStartOffset };
}

function refused(errorCode: number): DeletionResult {
  return { errorCode, lowWatermark: NO_LOW_WATERMARK };
}
