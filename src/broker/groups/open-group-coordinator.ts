// Puts the group coordinator together with the parts of the node it stands on: settings, metadata (its topic, and the end
// of other topics) and logs. `start()` it when the logs are open.

import type { EventSink } from '../../events.ts';
import type { BrokerSettings } from '../config/settings.ts';
import { configsOf } from '../metadata/configs.ts';
import { ResourceType } from '../metadata/image.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { SHARE_GROUP_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Partitions } from '../node.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import type { ShareCoordinator } from '../share/share-coordinator.ts';
import { ClusterTopics } from './consumer/cluster-topics.ts';
import { consumerGroupSettings } from './consumer/group-configs.ts';
import { GroupCoordinator, OFFSETS_TOPIC } from './group-coordinator.ts';
import type { GroupSettings } from './group-settings.ts';
import { shareGroupSettings } from './share/group-configs.ts';
import { SharePersister } from './share/share-persister.ts';
import { streamsGroupSettings } from './streams/group-configs.ts';
import { InternalTopicCreation } from './streams/internal-topic-creation.ts';

export interface OpenGroupCoordinatorOptions {
  readonly settings: BrokerSettings;
  readonly metadata: Metadata;
  readonly partitions: Partitions;
  readonly shareCoordinator: ShareCoordinator;
  readonly clock: Clock;
  readonly timers: Timers;
  /** In Kafka's base64url text. */
  readonly newUuid: () => string;
  readonly events: EventSink;
  readonly report: (message: string) => void;
}

export function openGroupCoordinator(options: OpenGroupCoordinatorOptions): GroupCoordinator {
  const { settings, metadata, partitions, clock, timers, newUuid, events, report } = options;
  const topic = () => metadata.image.topicsByName.get(OFFSETS_TOPIC);
  const topics = new ClusterTopics(() => metadata.image);
  const configsOfGroup = (name: string) => configsOf(metadata.image, { type: ResourceType.GROUP, name });
  const coordinator = new GroupCoordinator({
    partitionCount: () => topic()?.partitions.length,
    log: partition => partitions.log(OFFSETS_TOPIC, partition),
    leaderEpoch: partition => topic()?.partitions[partition]?.leaderEpoch ?? 0,
    topicExists: topicId => metadata.image.topicsById.has(topicId),
    batchBytesMax: () => settings.topic(OFFSETS_TOPIC).maxMessageBytes,
    settings: () => groupSettingsOf(settings),
    consumerSettings: groupId => consumerGroupSettings(settings, configsOfGroup(groupId)),
    shareSettings: groupId => shareGroupSettings(settings, configsOfGroup(groupId)),
    persister: new SharePersister({
      coordinator: options.shareCoordinator,
      ensureTopic: () => metadata.ensureInternalTopic(SHARE_GROUP_STATE_TOPIC),
    }),
    highWatermark: (name, partition) => partitions.log(name, partition)?.highWatermark,
    streamsSettings: groupId => streamsGroupSettings(settings, configsOfGroup(groupId)),
    topics,
    internalTopics: new InternalTopicCreation(metadata, clock),
    clock,
    timers,
    newUuid,
    newDashedUuid: () => dashed(newUuid()),
    events,
    report,
  });
  metadata.onChange((changes, whenDurable) => {
    topics.changed(changes);
    const { removedTopics } = changes;
    if (changes.topics.some(({ name }) => name === OFFSETS_TOPIC)) {
      whenDurable(() => coordinator.partitionsChanged());
    }
    if (removedTopics.length === 0) return;
    whenDurable(() => {
      for (const { name, id } of removedTopics) coordinator.topicDeleted({ name, topicId: id });
    });
  });
  return coordinator;
}

/** Member ids end in a uuid as Java prints it, in groups of hexadecimal digits. */
function dashed(uuid: string): string {
  const hex = Buffer.from(uuid, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function groupSettingsOf(settings: BrokerSettings): GroupSettings {
  return {
    minSessionTimeoutMs: settings.get('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: settings.get('group.max.session.timeout.ms'),
    maxSize: settings.get('group.max.size'),
    initialRebalanceDelayMs: settings.get('group.initial.rebalance.delay.ms'),
    offsetMetadataMaxSize: settings.get('offset.metadata.max.bytes'),
    offsetsRetentionMs: settings.get('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckIntervalMs: settings.get('offsets.retention.check.interval.ms'),
  };
}
