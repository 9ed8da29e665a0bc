// What the five requests to the share coordinator have in common: a group, and a tree of topics and partitions of which
// each is answered for itself. A request without a group, or with a topic without partitions, gets an empty answer, as in
// Apache Kafka (ShareCoordinatorService).

import { errorOf } from '../../protocol/errors.ts';
import { allOf, type Deferred } from '../runtime/deferred.ts';
import type { SharePartitionKey } from '../share/share-state.ts';

/** Only brokers ask. */
export const CLUSTER_ACTION = { operation: 'CLUSTER_ACTION', on: 'CLUSTER' } as const;

interface Tree<Partition> {
  readonly groupId: string;
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly Partition[] }[];
}

interface Results<Result> {
  results: { topicId: string; partitions: (Result & { partition: number })[] }[];
}

export function eachSharePartition<Partition extends { readonly partition: number }, Result>(
  { groupId, topics }: Tree<Partition>,
  answer: (key: SharePartitionKey, partition: Partition) => Deferred<Result>,
): Deferred<Results<Result>> {
  const isAnswerable = groupId !== '' && topics.every(({ partitions }) => partitions.length > 0);
  const answered = isAnswerable ? topics : [];
  return allOf(
    answered.map(({ topicId, partitions }) =>
      allOf(
        partitions.map(each =>
          answer({ groupId, topicId, partition: each.partition }, each).map(result => ({
            ...result,
            partition: each.partition,
          })),
        ),
      ).map(results => ({ topicId, partitions: results })),
    ),
  ).map(results => ({ results }));
}

export function failedSharePartitions<More extends object>(
  { topics }: Tree<{ readonly partition: number }>,
  errorCode: number,
  message: string | null,
  more?: More,
): Results<More & { errorCode: number; errorMessage: string | null }> {
  const errorMessage = message ?? errorOf(errorCode).text;
  return {
    results: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partition }) => ({
        ...(more as More),
        partition,
        errorCode,
        errorMessage,
      })),
    })),
  };
}
