// Puts the share partitions together with the parts of the node they stand on: settings, metadata, logs, and the share
// coordinator, which keeps their state. The coordinator's topic is made when the first share partition is read.

import { ErrorCode } from '../../protocol/errors.ts';
import type { BrokerSettings } from '../config/settings.ts';
import { configsOf } from '../metadata/configs.ts';
import { ResourceType } from '../metadata/image.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { SHARE_GROUP_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Partitions } from '../node.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { ShareCoordinator } from '../share/share-coordinator.ts';
import { refusal, type StateOutcome } from '../share/state-decisions.ts';
import { shareGroupSettings } from './share-group-settings.ts';
import { type FoundPartition, SharePartitions } from './share-partitions.ts';

export interface OpenSharePartitionsOptions {
  readonly settings: BrokerSettings;
  readonly metadata: Metadata;
  readonly partitions: Partitions;
  readonly shareCoordinator: ShareCoordinator;
  readonly clock: Clock;
  readonly timers: Timers;
}

export function openSharePartitions(options: OpenSharePartitionsOptions): SharePartitions {
  const { settings, metadata, partitions, shareCoordinator, clock, timers } = options;
  const find = ({ topicId, partition }: { topicId: string; partition: number }): FoundPartition => {
    const topic = metadata.image.topicsById.get(topicId);
    const image = topic?.partitions[partition];
    if (topic === undefined || image === undefined) return { error: 'UNKNOWN_TOPIC_OR_PARTITION' };
    const log = partitions.log(topic.name, partition);
    return log === undefined ? { error: 'NOT_LEADER_OR_FOLLOWER' } : { log, leaderEpoch: image.leaderEpoch };
  };
  const sharePartitions = new SharePartitions({
    find,
    settings: groupId =>
      shareGroupSettings(settings, configsOf(metadata.image, { type: ResourceType.GROUP, name: groupId })),
    sessionsMax: () => settings.get('group.share.max.share.sessions'),
    persister: {
      read: command =>
        onceThere(metadata.ensureInternalTopic(SHARE_GROUP_STATE_TOPIC), () =>
          shareCoordinator.read(command),
        ),
      write: command => shareCoordinator.write(command),
    },
    clock,
    timers,
  });
  metadata.onChange(({ isReset, removedTopics }) => {
    if (isReset || removedTopics.length > 0) {
      sharePartitions.keepTopics(topicId => metadata.image.topicsById.has(topicId));
    }
  });
  return sharePartitions;
}

function onceThere(topic: Deferred<number>, read: () => Deferred<StateOutcome>): Deferred<StateOutcome> {
  const outcome = new Deferred<StateOutcome>();
  topic.whenComplete(errorCode => {
    if (errorCode === ErrorCode.NONE) read().whenComplete(value => outcome.complete(value));
    else outcome.complete(refusal('COORDINATOR_NOT_AVAILABLE'));
  });
  return outcome;
}
