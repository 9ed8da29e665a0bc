// OffsetForLeaderEpoch: where a leader epoch of a partition ended. A consumer that knew the log before an unclean stop
// learns so whether what it read is still there (KIP-320). Rules: Partition.lastOffsetForLeaderEpoch.

import { ErrorCode } from '../../protocol/errors.ts';
import { OffsetForLeaderEpoch } from '../../protocol/messages/apis/offset-for-leader-epoch.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import type { BrokerNode } from '../node.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isQuietlyAuthorized, splitByAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { findPartition, findTopic } from './partition-lookup.ts';

type Question = RequestOf<typeof OffsetForLeaderEpoch>['topics'][number]['partitions'][number];

const UNKNOWN = { leaderEpoch: -1, endOffset: -1 } as const;
const NO_EPOCH = -1;

export const offsetForLeaderEpoch = handler(
  OffsetForLeaderEpoch,
  {
    versions: '2-4',
    acl: { perResource: 'CLUSTER_ACTION on CLUSTER or DESCRIBE on TOPIC' },
    failed: ({ topics }, errorCode) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ errorCode, partition, ...UNKNOWN })),
      })),
    }),
  },
  ({ topics }, context) => {
    const isBroker = isQuietlyAuthorized(context, 'CLUSTER_ACTION', 'CLUSTER', CLUSTER_NAME);
    const needed = { operation: 'DESCRIBE', resource: 'TOPIC' } as const;
    const { authorized, unauthorized } = isBroker
      ? { authorized: topics, unauthorized: [] }
      : splitByAuthorized(context, needed, topics, ({ topic }) => topic);
    const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    return {
      throttleTimeMs: 0,
      topics: [
        ...authorized.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map(question => ({
            partition: question.partition,
            ...endOfEpoch(context.node, topic, question),
          })),
        })),
        ...unauthorized.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map(({ partition }) => ({ errorCode, partition, ...UNKNOWN })),
        })),
      ],
    };
  },
);

function endOfEpoch(node: BrokerNode, name: string, question: Question) {
  const { partition, currentLeaderEpoch } = question;
  const topic = findTopic(node, { name, topicId: '', usesTopicIds: false });
  const found = findPartition(node, topic, partition);
  if ('errorCode' in found) return { errorCode: found.errorCode, ...UNKNOWN };
  if (currentLeaderEpoch !== NO_EPOCH && currentLeaderEpoch !== found.leaderEpoch) {
    const isOld = currentLeaderEpoch < found.leaderEpoch;
    return {
      errorCode: isOld ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
      ...UNKNOWN,
    };
  }
  return { errorCode: ErrorCode.NONE, ...found.log.endOffsetForEpoch(question.leaderEpoch) };
}
