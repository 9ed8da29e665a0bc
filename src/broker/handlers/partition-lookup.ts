// From what a request says (a topic's name or id, a partition's number) to the log that holds it, with the epoch it is
// led in. Reads the metadata image; never creates anything.

import { ErrorCode } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { TopicImage } from '../metadata/image.ts';
import type { BrokerNode } from '../node.ts';

export interface LocalPartition {
  readonly log: PartitionLog;
  readonly leaderEpoch: number;
}

/** The topic a request means: by id from the version on that has ids, by name before. */
export function findTopic(
  node: BrokerNode,
  named: { readonly name: string; readonly topicId: string; readonly usesTopicIds: boolean },
): TopicImage | undefined {
  const { image } = node.metadata;
  return named.usesTopicIds ? image.topicsById.get(named.topicId) : image.topicsByName.get(named.name);
}

export function findPartition(
  node: BrokerNode,
  topic: TopicImage | undefined,
  partition: number,
): LocalPartition | { readonly errorCode: number } {
  const image = topic?.partitions[partition];
  if (topic === undefined || image === undefined) return { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
  const log = node.partitions.log(topic.name, partition);
  if (log === undefined) return { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER };
  return { log, leaderEpoch: image.leaderEpoch };
}
