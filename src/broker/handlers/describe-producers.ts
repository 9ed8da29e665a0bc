// DescribeProducers: what partitions know of their producers, with the transactions open in them (KIP-664). Rules:
// KafkaApis.handleDescribeProducersRequest.

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { DescribeProducers } from '../../protocol/messages/apis/describe-producers.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { problemOfTopicName } from '../metadata/topic-names.ts';
import { isAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { findPartition } from './partition-lookup.ts';

type PartitionAnswer = NonNullable<
  NonNullable<ResponseDraft<typeof DescribeProducers>['topics']>[number]['partitions']
>[number];

export const describeProducers = handler(
  DescribeProducers,
  {
    versions: '0-0',
    acl: { perResource: 'READ on TOPIC' },
    failed: (request, errorCode, message) => ({
      throttleTimeMs: 0,
      topics: request.topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map(index => refused(index, errorCode, message)),
      })),
    }),
  },
  ({ topics }, context) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map(index => described(context, name, index)),
    })),
  }),
);

function described(context: RequestContext, topic: string, partitionIndex: number): PartitionAnswer {
  const { node } = context;
  const problem = problemOfTopicName(topic);
  if (problem !== null) return refused(partitionIndex, ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
  if (!isAuthorized(context, 'READ', 'TOPIC', topic)) {
    const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    return refused(partitionIndex, errorCode, errorOf(errorCode).text);
  }
  const image = node.metadata.image.topicsByName.get(topic);
  if (image === undefined) {
    const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    return refused(partitionIndex, errorCode, errorOf(errorCode).text);
  }
  const place = findPartition(node, image, partitionIndex);
  if ('errorCode' in place) return refused(partitionIndex, place.errorCode, null);
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    activeProducers: place.log.activeProducers().map(producer => ({
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      lastSequence: producer.lastSequence,
      lastTimestamp: BigInt(producer.lastTimestamp),
      coordinatorEpoch: producer.coordinatorEpoch,
      currentTxnStartOffset: producer.currentTransactionFirstOffset,
    })),
  };
}

function refused(partitionIndex: number, errorCode: number, errorMessage: string | null): PartitionAnswer {
  return { partitionIndex, errorCode, errorMessage, activeProducers: [] };
}
