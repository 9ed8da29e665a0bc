// __consumer_offsets: what a consumer group knew of its topics. Kafka 4.3 only writes tombstones for it
// (KIP-1101).

import { array, int32, logRecord, string, struct, uuid } from '../../schema/field.ts';

export const ConsumerGroupPartitionMetadataKey = logRecord({
  type: 4,
  name: 'ConsumerGroupPartitionMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const ConsumerGroupPartitionMetadataValue = logRecord({
  type: 4,
  name: 'ConsumerGroupPartitionMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array(
      struct({
        topicId: uuid,
        topicName: string,
        numPartitions: int32,
        partitionMetadata: array(
          struct({
            partition: int32,
            racks: array(string),
          }),
        ),
      }),
    ),
  },
});
