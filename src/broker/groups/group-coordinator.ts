// The group coordinator as handlers see it: a group's requests go to the shard of the partition its name hashes to. Shards
// are made when first needed; those with records are loaded at start. Holds no state of groups and decides nothing.
//
// Without __consumer_offsets there is no coordinator: NOT_COORDINATOR sends clients to FindCoordinator, which makes it.

import type { EventSink } from '../../events.ts';
import { ErrorCode, type ErrorName, type KafkaError } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import { CoordinatorShards } from '../runtime/coordinator-shards.ts';
import { allOf, Deferred } from '../runtime/deferred.ts';
import type { TransactionMarkerInput } from '../runtime/shard.ts';
import { ClassicGroups } from './classic/classic-groups.ts';
import type { ConsumerGroupSettings } from './consumer/consumer-decision.ts';
import { ConsumerGroups } from './consumer/consumer-groups.ts';
import type { TopicsView } from './consumer/topics-view.ts';
import type { KindGroup, KindGroups, KindRecord } from './group-kinds.ts';
import {
  type DescribedGroup,
  describeGroup,
  type ListedGroup,
  type ListFilter,
  listGroups,
} from './group-listing.ts';
import { type GroupRecord, groupTombstone } from './group-records.ts';
import type { GroupSettings } from './group-settings.ts';
import { GroupShard, type KindContexts, responseErrorOf } from './group-shard.ts';
import type { GroupShardState } from './group-shard-state.ts';
import { GroupOffsets } from './offsets/group-offsets.ts';
import { expireKindGroup, type ReadingGroup } from './offsets/kind-offsets.ts';
import {
  deleteOffsets,
  deleteOrphans,
  deleteTopicOffsets,
  expireGroup,
  type Retention,
} from './offsets/offset-expiry.ts';
import type { OffsetStore } from './offsets/offset-store.ts';
import { forgetTopics } from './share/initialization.ts';
import type { ShareGroupSettings } from './share/share-decision.ts';
import { ShareGroups } from './share/share-groups.ts';
import { ShareOffsets } from './share/share-offsets.ts';
import type { SharePersister } from './share/share-persister.ts';
import type { InternalTopicCreation } from './streams/internal-topic-creation.ts';
import type { StreamsGroupSettings } from './streams/streams-decision.ts';
import { StreamsGroups } from './streams/streams-groups.ts';

export const OFFSETS_TOPIC = '__consumer_offsets';

export interface GroupCoordinatorOptions {
  /** Partitions of __consumer_offsets; undefined while the topic does not exist. */
  readonly partitionCount: () => number | undefined;
  readonly log: (partition: number) => PartitionLog | undefined;
  readonly leaderEpoch: (partition: number) => number;
  readonly topicExists: (topicId: string) => boolean;
  /** max.message.bytes of __consumer_offsets. */
  readonly batchBytesMax: () => number;
  readonly settings: () => GroupSettings;
  /** Of one consumer group, by its own (dynamic) configs and the broker's. */
  readonly consumerSettings: (groupId: string) => ConsumerGroupSettings;
  /** Of one share group, likewise. */
  readonly shareSettings: (groupId: string) => ShareGroupSettings;
  readonly persister: SharePersister;
  /** Up to where a partition can be read; undefined: this node does not lead it. */
  readonly highWatermark: (topic: string, partition: number) => number | undefined;
  /** Of one streams group, likewise. */
  readonly streamsSettings: (groupId: string) => StreamsGroupSettings;
  readonly topics: TopicsView;
  /** Makes the internal topics of streams groups. */
  readonly internalTopics: InternalTopicCreation;
  readonly clock: Clock;
  readonly timers: Timers;
  /** In Kafka's base64url text: ids of members of consumer groups. */
  readonly newUuid: () => string;
  /** As Java prints it, in groups of hexadecimal digits: the end of a classic member's id. */
  readonly newDashedUuid: () => string;
  readonly events: EventSink;
  readonly report: (message: string) => void;
}

export interface ListedGroups {
  readonly errorCode: number;
  readonly groups: readonly ListedGroup[];
}

export class GroupCoordinator {
  readonly classic: ClassicGroups;
  readonly offsets: GroupOffsets;
  /** Groups of the consumer protocol (KIP-848). */
  readonly consumer: ConsumerGroups;
  /** Share groups (KIP-932). */
  readonly share: ShareGroups;
  readonly shareOffsets: ShareOffsets;
  /** Groups of Kafka Streams threads (KIP-1071). */
  readonly streams: StreamsGroups;
  readonly #options: GroupCoordinatorOptions;
  readonly #shards: CoordinatorShards<GroupShard>;
  #expiryTimer: Timer | null = null;
  #isStarted = false;
  #isClosed = false;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    const { partitionCount, log, report } = options;
    this.#shards = new CoordinatorShards({
      topic: OFFSETS_TOPIC,
      holds: 'groups',
      partitionCount,
      log,
      make: (log, partition) => this.#newShard(log, partition),
      report,
    });
    // What another coordinator answers after the end comes to nobody: a shard made for it would be a second writer.
    const shardOf = (groupId: string) => (this.#isClosed ? null : this.#shards.of(groupId));
    this.classic = new ClassicGroups({ shardOf, settings: options.settings });
    this.offsets = new GroupOffsets({ shardOf, settings: options.settings });
    this.consumer = new ConsumerGroups({
      shardOf,
      assignors: () => options.consumerSettings('').assignors,
      newUuid: options.newUuid,
    });
    const { persister, topics, highWatermark } = options;
    this.share = new ShareGroups({ shardOf, persister });
    this.shareOffsets = new ShareOffsets({ shardOf, groups: this.share, persister, topics, highWatermark });
    this.streams = new StreamsGroups({ shardOf, internalTopics: options.internalTopics });
  }

  /** Loads every partition that has records. One that cannot be loaded is reported and stays out of service. */
  start(): void {
    this.#isStarted = true;
    this.#isClosed = false;
    this.partitionsChanged();
    this.#scheduleExpiry();
  }

  /** Loads partitions with records that this node has just become the leader of, as at its start. */
  partitionsChanged(): void {
    if (!this.#isStarted) return;
    for (const partition of this.#shards.partitionsWithRecords()) {
      if (this.#shards.made(partition) !== undefined) continue;
      this.#shards.at(partition)?.writeApart(state => this.#orphans(state));
    }
  }

  /** What is kept of topics that went while nobody was there to see it. */
  #orphans(state: GroupShardState): GroupRecord[] {
    const { topicExists, topics } = this.#options;
    return [
      ...deleteOrphans(state.offsets, topicExists),
      ...forgetTopics(state.shareGroups.values(), topicId => !topicExists(topicId), topics),
    ];
  }

  /** Answers everybody who waits in a JoinGroup or SyncGroup, so that a stop need not wait for them. */
  release(): void {
    for (const shard of this.#shards.all()) shard.release();
  }

  /** Gives the groups up: the broker has stopped. */
  close(): void {
    this.#isStarted = false;
    this.#isClosed = true;
    this.#expiryTimer?.cancel();
    this.#expiryTimer = null;
    this.#shards.close();
  }

  /** Where the group's records are; -1 while __consumer_offsets does not exist. */
  partitionOf(groupId: string): number {
    return this.#shards.partitionOf(groupId);
  }

  /** What a partition's shard holds, as it runs: for questions from inside, never for an answer to a client. */
  stateOf(partition: number): GroupShardState | undefined {
    return this.#shards.made(partition)?.state;
  }

  /** Ends a producer's transaction in one partition of __consumer_offsets; the error, or null when it is durable. */
  completeTransaction(partition: number, marker: TransactionMarkerInput): Deferred<ErrorName | null> {
    const shard = this.#shards.at(partition);
    if (shard === null) return Deferred.completed<ErrorName | null>('UNKNOWN_TOPIC_OR_PARTITION');
    return shard.writeMarker(marker).map<ErrorName | null>(error => {
      // The transaction coordinator knows partitions, not coordinators: it tries again.
      if (error?.errorName === 'COORDINATOR_NOT_AVAILABLE') return 'NOT_LEADER_OR_FOLLOWER';
      return error?.errorName ?? null;
    });
  }

  describe(groupIds: readonly string[]): Deferred<DescribedGroup[]> {
    return allOf(
      groupIds.map(groupId => {
        const failed = (errorCode: number): DescribedGroup => ({ groupId, errorCode, group: null });
        const shard = this.#shards.of(groupId);
        if (shard === null) return Deferred.completed(failed(ErrorCode.NOT_COORDINATOR));
        return shard.read<DescribedGroup>(
          state => describeGroup(state, groupId),
          error => failed(responseErrorOf(error)),
        );
      }),
    );
  }

  /** Groups of all shards; a shard that is out of service fails the whole, so that nobody takes a part for all. */
  list(filter: ListFilter): Deferred<ListedGroups> {
    const parts = this.#shards.all().map(shard =>
      shard.read<readonly ListedGroup[] | KafkaError>(
        state => listGroups(state, filter),
        error => error,
      ),
    );
    return allOf(parts).map((results): ListedGroups => {
      const groups: ListedGroup[] = [];
      for (const result of results) {
        if ('code' in result) return { errorCode: responseErrorOf(result), groups: [] };
        groups.push(...result);
      }
      return { errorCode: 0, groups };
    });
  }

  /** The error code of each group, in order. */
  delete(groupIds: readonly string[]): Deferred<number[]> {
    return allOf(groupIds.map(groupId => this.#deleteOne(groupId)));
  }

  #deleteOne(groupId: string): Deferred<number> {
    const shard = this.#shards.of(groupId);
    if (shard === null) return Deferred.completed<number>(ErrorCode.NOT_COORDINATOR);
    // Share state goes first: as long as it could not be deleted, the group says where it is.
    return this.share
      .deleteState(groupId)
      .andThen(errorCode => (errorCode === 0 ? this.#remove(shard, groupId) : Deferred.completed(errorCode)));
  }

  #remove(shard: GroupShard, groupId: string): Deferred<number> {
    return shard.remove(
      groupId,
      state => {
        const classic = state.groups.get(groupId);
        const group = classic ?? state.kindGroup(groupId);
        if (group === undefined) return { records: [], response: ErrorCode.GROUP_ID_NOT_FOUND };
        if (group.state !== 'Empty') return { records: [], response: ErrorCode.NON_EMPTY_GROUP };
        const ofGroup = classic === undefined ? state.kindTombstones(groupId) : [groupTombstone(groupId)];
        return { records: [...deleteOffsets(groupId, state.offsets), ...ofGroup], response: 0 };
      },
      responseErrorOf,
    );
  }

  /** A topic is gone: nobody's offsets of it mean anything any more. */
  topicDeleted(topic: { readonly name: string; readonly topicId: string }): void {
    const { topics } = this.#options;
    for (const shard of this.#shards.all()) {
      shard.writeApart(state => [
        ...deleteTopicOffsets(state.offsets, topic),
        ...forgetTopics(state.shareGroups.values(), topicId => topicId === topic.topicId, topics),
      ]);
    }
  }

  #expireOffsets(): void {
    const { clock, settings } = this.#options;
    const retention = { nowMs: clock.nowMs(), offsetsRetentionMs: settings().offsetsRetentionMs };
    for (const shard of this.#shards.all()) {
      shard.writeApart((state: GroupShardState) => [
        ...[...state.groups.values()].flatMap(group => expireGroup(group, state.offsets, retention)),
        ...expiredOf(state.consumerGroups, state.offsets, retention),
        ...expiredOf(state.streamsGroups, state.offsets, retention),
      ]);
    }
    this.#scheduleExpiry();
  }

  #scheduleExpiry(): void {
    const { timers, settings } = this.#options;
    const delayMs = settings().offsetsRetentionCheckIntervalMs;
    this.#expiryTimer = timers.schedule(delayMs, () => this.#expireOffsets());
  }

  #newShard(log: PartitionLog, partition: number): GroupShard {
    const { settings, clock, timers, events, report, batchBytesMax, newDashedUuid } = this.#options;
    return new GroupShard({
      log,
      settings,
      contexts: this.#contexts(),
      leaderEpoch: () => this.#options.leaderEpoch(partition),
      batchBytesMax,
      clock,
      timers,
      newUuid: newDashedUuid,
      events,
      report,
    });
  }

  #contexts(): KindContexts {
    const { settings, clock, topics, consumerSettings, shareSettings, streamsSettings } = this.#options;
    const { newUuid, newDashedUuid } = this.#options;
    return {
      share: groupId => ({ nowMs: clock.nowMs(), topics, settings: shareSettings(groupId) }),
      streams: groupId => ({ nowMs: clock.nowMs(), topics, settings: streamsSettings(groupId) }),
      consumer: groupId => {
        const nowMs = clock.nowMs();
        const classic = { nowMs, settings: settings(), newUuid: newDashedUuid };
        return { nowMs, topics, settings: consumerSettings(groupId), classic, newUuid };
      },
    };
  }
}

function expiredOf<Group extends KindGroup & ReadingGroup, Record extends KindRecord>(
  groups: KindGroups<Group, Record>,
  store: OffsetStore,
  retention: Retention,
): GroupRecord[] {
  const { tombstones } = groups.kind;
  return [...groups.values()].flatMap(group => expireKindGroup(group, { store, tombstones }, retention));
}
