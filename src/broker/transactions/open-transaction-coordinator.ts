// Puts the transaction coordinator together with the parts of the node it stands on: settings, metadata (its topic, the
// finalized transaction.version), logs, producer ids and the group coordinator. `start()` it when the groups have started.

import type { BrokerSettings } from '../config/settings.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { ProducerIds } from '../metadata/producer-ids.ts';
import { TRANSACTION_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Partitions } from '../node.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import type { TopicPartition } from './transaction.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';
import type { TransactionSettings } from './transaction-settings.ts';

export interface OpenTransactionCoordinatorOptions {
  readonly settings: BrokerSettings;
  readonly metadata: Metadata;
  readonly partitions: Partitions;
  readonly groups: GroupCoordinator;
  readonly producerIds: ProducerIds;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: (message: string) => void;
}

export function openTransactionCoordinator(
  options: OpenTransactionCoordinatorOptions,
): TransactionCoordinator {
  const { settings, metadata, partitions, groups, producerIds, clock, timers, report } = options;
  const topicOf = (name: string) => metadata.image.topicsByName.get(name);
  const own = () => topicOf(TRANSACTION_STATE_TOPIC);
  const place = ({ topic, partition }: TopicPartition) => {
    const image = topicOf(topic)?.partitions[partition];
    if (image === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    const log = partitions.log(topic, partition);
    return log === undefined ? 'NOT_LEADER_OR_FOLLOWER' : { log, leaderEpoch: image.leaderEpoch };
  };
  const coordinator = new TransactionCoordinator({
    partitionCount: () => own()?.partitions.length,
    log: partition => partitions.log(TRANSACTION_STATE_TOPIC, partition),
    leaderEpoch: partition => own()?.partitions[partition]?.leaderEpoch ?? 0,
    batchBytesMax: () => settings.topic(TRANSACTION_STATE_TOPIC).maxMessageBytes,
    settings: () => transactionSettingsOf(settings),
    serverVersion: () => metadata.image.features.get('transaction.version') ?? 0,
    newProducerId: (given, failed) => {
      producerIds.next(given, failed);
    },
    targets: {
      place,
      completeOffsets: (partition, marker) => groups.completeTransaction(partition, marker),
      whenMetadataDurable: () =>
        metadata.read(
          () => true,
          () => false,
        ),
      nowMs: () => clock.nowMs(),
    },
    clock,
    timers,
    report,
  });
  // After a clean stop nobody leads until this node has registered.
  metadata.onChange(({ isReset, topics }) => {
    if (isReset || topics.some(({ name }) => name === TRANSACTION_STATE_TOPIC)) coordinator.load();
  });
  return coordinator;
}

function transactionSettingsOf(settings: BrokerSettings): TransactionSettings {
  return {
    maxTimeoutMs: settings.get('transaction.max.timeout.ms'),
    transactionalIdExpirationMs: settings.get('transactional.id.expiration.ms'),
    expirationCheckIntervalMs: settings.get('transaction.remove.expired.transaction.cleanup.interval.ms'),
  };
}
