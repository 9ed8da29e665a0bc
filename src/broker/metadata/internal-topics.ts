// The coordinators' own topics, with the settings Apache Kafka gives them (`…TopicConfigs` of GroupCoordinatorService,
// TransactionCoordinator and ShareCoordinatorService). Their number of partitions is frozen into the data once they exist.

import type { BrokerSettings } from '../config/settings.ts';
import type { NewTopic } from './create-topics.ts';
import {
  GROUP_METADATA_TOPIC,
  type InternalTopicName,
  SHARE_GROUP_STATE_TOPIC,
  TRANSACTION_STATE_TOPIC,
} from './topic-names.ts';

/** One node keeps one copy, whatever `…replication.factor` asks for. */
const REPLICATION_FACTOR = 1;

export function internalTopic(name: InternalTopicName, settings: BrokerSettings): NewTopic {
  switch (name) {
    case GROUP_METADATA_TOPIC:
      return groupMetadataTopic(settings);
    case TRANSACTION_STATE_TOPIC:
      return transactionStateTopic(settings);
    case SHARE_GROUP_STATE_TOPIC:
      return shareGroupStateTopic(settings);
  }
}

function groupMetadataTopic(settings: BrokerSettings): NewTopic {
  return {
    name: GROUP_METADATA_TOPIC,
    numPartitions: settings.get('offsets.topic.num.partitions'),
    replicationFactor: REPLICATION_FACTOR,
    assignments: [],
    configs: [
      { name: 'compression.type', value: 'producer' },
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'segment.bytes', value: String(settings.get('offsets.topic.segment.bytes')) },
    ],
  };
}

function transactionStateTopic(settings: BrokerSettings): NewTopic {
  return {
    name: TRANSACTION_STATE_TOPIC,
    numPartitions: settings.get('transaction.state.log.num.partitions'),
    replicationFactor: REPLICATION_FACTOR,
    assignments: [],
    configs: [
      { name: 'compression.type', value: 'uncompressed' },
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'min.insync.replicas', value: '1' },
      { name: 'segment.bytes', value: String(settings.get('transaction.state.log.segment.bytes')) },
      { name: 'unclean.leader.election.enable', value: 'false' },
    ],
  };
}

function shareGroupStateTopic(settings: BrokerSettings): NewTopic {
  return {
    name: SHARE_GROUP_STATE_TOPIC,
    numPartitions: settings.get('share.coordinator.state.topic.num.partitions'),
    replicationFactor: REPLICATION_FACTOR,
    assignments: [],
    configs: [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'compression.type', value: 'producer' },
      { name: 'segment.bytes', value: String(settings.get('share.coordinator.state.topic.segment.bytes')) },
      { name: 'min.insync.replicas', value: '1' },
      { name: 'retention.ms', value: '-1' },
    ],
  };
}
