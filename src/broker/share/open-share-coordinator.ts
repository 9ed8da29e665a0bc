// Puts the share coordinator together with the parts of the node it stands on: settings, metadata (its topic, and the end of
// other topics) and logs. `start()` it when the logs are open.

import type { BrokerSettings } from '../config/settings.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { SHARE_GROUP_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Partitions } from '../node.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import { ShareCoordinator } from './share-coordinator.ts';

export interface OpenShareCoordinatorOptions {
  readonly settings: BrokerSettings;
  readonly metadata: Metadata;
  readonly partitions: Partitions;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: (message: string) => void;
}

export function openShareCoordinator(options: OpenShareCoordinatorOptions): ShareCoordinator {
  const { settings, metadata, partitions, clock, timers, report } = options;
  const own = () => metadata.image.topicsByName.get(SHARE_GROUP_STATE_TOPIC);
  const coordinator = new ShareCoordinator({
    partitionCount: () => own()?.partitions.length,
    log: partition => partitions.log(SHARE_GROUP_STATE_TOPIC, partition),
    leaderEpoch: partition => own()?.partitions[partition]?.leaderEpoch ?? 0,
    batchBytesMax: () => settings.topic(SHARE_GROUP_STATE_TOPIC).maxMessageBytes,
    updatesPerSnapshot: () => settings.get('share.coordinator.snapshot.update.records.per.snapshot'),
    partitionExists: ({ topicId, partition }) =>
      metadata.image.topicsById.get(topicId)?.partitions[partition] !== undefined,
    clock,
    timers,
    report,
  });
  metadata.onChange(({ isReset, topics, removedTopics }, whenDurable) => {
    // After a clean stop nobody leads until this node has registered.
    if (isReset || topics.some(({ name }) => name === SHARE_GROUP_STATE_TOPIC)) coordinator.load();
    if (removedTopics.length === 0) return;
    const removed = new Set(removedTopics.map(({ id }) => id));
    whenDurable(() => coordinator.topicsDeleted(removed));
  });
  return coordinator;
}
