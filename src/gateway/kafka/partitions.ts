// Which partitions of a topic a request is about: those it names, which must exist, or all.

import type { KafkaClient } from '../../client/kafka-client.ts';
import { HttpError } from '../http-error.ts';

export async function chosenPartitions(options: {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly partitions: readonly number[] | undefined;
  readonly fresh?: boolean;
}): Promise<number[]> {
  const { client, topic, partitions, fresh } = options;
  const info = await client.topic(topic, { fresh: fresh ?? false });
  const all = info.partitions.map(({ partition }) => partition);
  if (partitions === undefined) return all;
  const unknown = partitions.find(partition => !all.includes(partition));
  if (unknown === undefined) return [...partitions].sort((one, other) => one - other);
  throw new HttpError({
    status: 404,
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    message: `Topic "${topic}" has no partition ${unknown}.`,
    hint: `Its partitions are 0 to ${all.length - 1}.`,
  });
}
