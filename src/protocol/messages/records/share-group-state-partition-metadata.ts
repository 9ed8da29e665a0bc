// __consumer_offsets: which share partitions have been, or are being, initialized or deleted.

import { array, int32, logRecord, string, struct, uuid } from '../../schema/field.ts';

const topicPartitionsInfo = struct({
  topicId: uuid,
  topicName: string,
  partitions: array(int32),
});

const topicInfo = struct({
  topicId: uuid,
  topicName: string,
});

export const ShareGroupStatePartitionMetadataKey = logRecord({
  type: 15,
  name: 'ShareGroupStatePartitionMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
  },
});

export const ShareGroupStatePartitionMetadataValue = logRecord({
  type: 15,
  name: 'ShareGroupStatePartitionMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    initializingTopics: array(topicPartitionsInfo),
    initializedTopics: array(topicPartitionsInfo),
    deletingTopics: array(topicInfo),
  },
});
