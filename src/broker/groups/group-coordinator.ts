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
import type { ShardProducer, TransactionMarkerInput } from '../runtime/shard.ts';
import { type JoinAnswer, joinAnswer, NOTHING, type SyncAnswer, syncAnswer } from './classic/decision.ts';
import type { MemberIdentity } from './classic/fencing.ts';
import { decideJoin, type JoinCommand } from './classic/join.ts';
import { decideLeave, type LeaveAnswer } from './classic/leave.ts';
import { decideHeartbeat, decideSync, type SyncCommand } from './classic/sync.ts';
import { decideClassicJoin } from './consumer/classic-join.ts';
import { decideClassicHeartbeat, decideClassicLeave, decideClassicSync } from './consumer/classic-members.ts';
import type { ConsumerGroupSettings } from './consumer/consumer-decision.ts';
import { ConsumerGroups } from './consumer/consumer-groups.ts';
import {
  consumerFetchError,
  decideConsumerCommit,
  decideConsumerOffsetDelete,
  expireConsumerGroup,
} from './consumer/consumer-offsets.ts';
import type { TopicsView } from './consumer/topics-view.ts';
import {
  type DescribedGroup,
  describeGroup,
  type ListedGroup,
  type ListFilter,
  listGroups,
} from './group-listing.ts';
import type { GroupSettings } from './group-settings.ts';
import { GroupShard, responseErrorOf } from './group-shard.ts';
import type { GroupShardState } from './group-shard-state.ts';
import {
  type CommitCommand,
  commitFailed,
  decideCommit,
  decideTransactionalCommit,
  type TopicResult,
} from './offsets/offset-commit.ts';
import {
  type DeletedOffsets,
  decideOffsetDelete,
  type OffsetDeleteCommand,
  offsetDeleteFailed,
} from './offsets/offset-delete.ts';
import { deleteGroup, deleteOrphans, deleteTopicOffsets, expireGroup } from './offsets/offset-expiry.ts';
import { type FetchCommand, type FetchedTopic, fetchOffsets } from './offsets/offset-fetch.ts';

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
  readonly topics: TopicsView;
  readonly clock: Clock;
  readonly timers: Timers;
  /** In Kafka's base64url text: ids of members of consumer groups. */
  readonly newUuid: () => string;
  /** As Java prints it, in groups of hexadecimal digits: the end of a classic member's id. */
  readonly newDashedUuid: () => string;
  readonly events: EventSink;
  readonly report: (message: string) => void;
}

export interface HeartbeatCommand extends MemberIdentity {
  readonly groupId: string;
  readonly generationId: number;
}

export interface ListedGroups {
  readonly errorCode: number;
  readonly groups: readonly ListedGroup[];
}

/** `topics` are empty when `errorCode` is set. */
export interface FetchedOffsets {
  readonly errorCode: number;
  readonly topics: readonly FetchedTopic[];
}

export class GroupCoordinator {
  /** Groups of the consumer protocol (KIP-848). */
  readonly consumer: ConsumerGroups;
  readonly #options: GroupCoordinatorOptions;
  readonly #shards: CoordinatorShards<GroupShard>;
  #expiryTimer: Timer | null = null;
  #isStarted = false;

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
    this.consumer = new ConsumerGroups({
      shardOf: groupId => this.#shards.of(groupId),
      assignors: () => options.consumerSettings('').assignors,
      newUuid: options.newUuid,
    });
  }

  /** Loads every partition that has records. One that cannot be loaded is reported and stays out of service. */
  start(): void {
    this.#isStarted = true;
    this.partitionsChanged();
    this.#scheduleExpiry();
  }

  /** Loads partitions with records that this node has just become the leader of, as at its start. */
  partitionsChanged(): void {
    if (!this.#isStarted) return;
    for (const partition of this.#shards.partitionsWithRecords()) {
      if (this.#shards.made(partition) !== undefined) continue;
      this.#shards
        .at(partition)
        ?.writeApart(state => deleteOrphans(state.offsets, this.#options.topicExists));
    }
  }

  /** Answers everybody who waits in a JoinGroup or SyncGroup, so that a stop need not wait for them. */
  release(): void {
    for (const shard of this.#shards.all()) shard.release();
  }

  /** Gives the groups up: the broker has stopped. */
  close(): void {
    this.#isStarted = false;
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

  join(command: Omit<JoinCommand, 'ticket'>): Deferred<JoinAnswer> {
    const { groupId, memberId, sessionTimeoutMs } = command.request;
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#options.settings();
    const refused = (errorCode: number) => Deferred.completed(joinAnswer({ memberId, errorCode }));
    if (groupId === '') return refused(ErrorCode.INVALID_GROUP_ID);
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return refused(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const shard = this.#shards.of(groupId);
    if (shard === null) return refused(ErrorCode.NOT_COORDINATOR);
    const consumerGroup = shard.livingConsumerGroup(groupId);
    if (consumerGroup !== undefined) {
      return shard.consumer.change<JoinAnswer>(
        groupId,
        (_state, context) => decideClassicJoin(consumerGroup, command, context),
        error => joinAnswer({ memberId: '', errorCode: responseErrorOf(error) }),
      );
    }
    return shard.join(groupId, memberId, ticket => (group, context, isForeign) => {
      if (!isForeign) return decideJoin(group, { ...command, ticket }, context);
      const response = joinAnswer({ memberId: '', errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL });
      return { ...NOTHING, answers: [{ kind: 'join', ticket, response }] };
    });
  }

  sync(command: Omit<SyncCommand, 'ticket'>): Deferred<SyncAnswer> {
    const { groupId } = command.request;
    const refused = (errorCode: number) => Deferred.completed(syncAnswer({ errorCode }));
    if (groupId === '') return refused(ErrorCode.INVALID_GROUP_ID);
    const shard = this.#shards.of(groupId);
    if (shard === null) return refused(ErrorCode.NOT_COORDINATOR);
    const consumerGroup = shard.livingConsumerGroup(groupId);
    if (consumerGroup !== undefined) {
      return shard.consumer.change<SyncAnswer>(
        groupId,
        (_state, context) => decideClassicSync(consumerGroup, command.request, context),
        error => syncAnswer({ errorCode: responseErrorOf(error) }),
      );
    }
    return shard.sync(
      groupId,
      ticket => (group, context) => decideSync(group, { ...command, ticket }, context),
    );
  }

  /** The error code. */
  heartbeat(command: HeartbeatCommand): Deferred<number> {
    if (command.groupId === '') return Deferred.completed<number>(ErrorCode.INVALID_GROUP_ID);
    const shard = this.#shards.of(command.groupId);
    if (shard === null) return Deferred.completed<number>(ErrorCode.NOT_COORDINATOR);
    const consumerGroup = shard.livingConsumerGroup(command.groupId);
    if (consumerGroup !== undefined) {
      return shard.consumer.change<number>(
        command.groupId,
        () => decideClassicHeartbeat(consumerGroup, command),
        responseErrorOf,
      );
    }
    return shard.write(
      command.groupId,
      state => {
        const { errorCode, timers } = decideHeartbeat(state.groups.get(command.groupId), command);
        return { records: [], response: errorCode, timers };
      },
      responseErrorOf,
    );
  }

  leave(groupId: string, leaving: readonly MemberIdentity[]): Deferred<LeaveAnswer> {
    if (groupId === '') return Deferred.completed<LeaveAnswer>(leaveFailed(ErrorCode.INVALID_GROUP_ID));
    const shard = this.#shards.of(groupId);
    if (shard === null) return Deferred.completed<LeaveAnswer>(leaveFailed(ErrorCode.NOT_COORDINATOR));
    const failed = (error: KafkaError) => leaveFailed(responseErrorOf(error));
    const consumerGroup = shard.livingConsumerGroup(groupId);
    if (consumerGroup !== undefined) {
      return shard.consumer.change<LeaveAnswer>(
        groupId,
        (_state, context) => decideClassicLeave(consumerGroup, leaving, context),
        failed,
      );
    }
    return shard.change(groupId, (group, context) => decideLeave(group, leaving, context), {
      done: ({ members }): LeaveAnswer => ({ errorCode: 0, members }),
      failed,
    });
  }

  commit(command: CommitCommand): Deferred<readonly TopicResult[]> {
    const { groupId, topics } = command;
    const shard = this.#shards.of(groupId);
    if (shard === null)
      return Deferred.completed<readonly TopicResult[]>(commitFailed(topics, ErrorCode.NOT_COORDINATOR));
    const { offsetMetadataMaxSize } = this.#options.settings();
    return shard.write<readonly TopicResult[]>(
      groupId,
      (state, nowMs) => {
        const context = { nowMs, offsetMetadataMaxSize };
        const group = state.groups.get(groupId);
        const consumerGroup = state.consumerGroups.get(groupId);
        if (consumerGroup !== undefined) {
          const commit = decideConsumerCommit(consumerGroup, command, { ...context, isTransactional: false });
          return { records: commit.records, response: commit.topics };
        }
        if (group === undefined && state.foreignKind(groupId) !== undefined) {
          return { records: [], response: commitFailed(topics, ErrorCode.UNKNOWN_MEMBER_ID) };
        }
        const decision = decideCommit(group, command, context);
        return { records: decision.records, response: decision.topics, timers: decision.timers };
      },
      error => commitFailed(topics, responseErrorOf(error)),
    );
  }

  /** TxnOffsetCommit: the offsets wait for the end of the producer's transaction. */
  commitTransactional(command: CommitCommand, producer: ShardProducer): Deferred<readonly TopicResult[]> {
    const { groupId, topics } = command;
    const shard = groupId === '' ? null : this.#shards.of(groupId);
    if (shard === null) {
      const errorCode = groupId === '' ? ErrorCode.INVALID_GROUP_ID : ErrorCode.NOT_COORDINATOR;
      return Deferred.completed<readonly TopicResult[]>(commitFailed(topics, errorCode));
    }
    const { offsetMetadataMaxSize } = this.#options.settings();
    return shard.writeTransactional<readonly TopicResult[]>(
      producer,
      (state, nowMs) => {
        const context = { nowMs, offsetMetadataMaxSize };
        const group = state.groups.get(groupId);
        const consumerGroup = state.consumerGroups.get(groupId);
        if (consumerGroup !== undefined) {
          const commit = decideConsumerCommit(consumerGroup, command, { ...context, isTransactional: true });
          return { records: commit.records, response: commit.topics };
        }
        if (group === undefined && state.foreignKind(groupId) !== undefined) {
          return { records: [], response: commitFailed(topics, ErrorCode.UNKNOWN_MEMBER_ID) };
        }
        const decision = decideTransactionalCommit(group, command, context);
        return { records: decision.records, response: decision.topics };
      },
      error => commitFailed(topics, responseErrorOf(error)),
    );
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

  fetchOffsets(command: FetchCommand): Deferred<FetchedOffsets> {
    const refused = (errorCode: number): FetchedOffsets => ({ errorCode, topics: [] });
    const shard = this.#shards.of(command.groupId);
    if (shard === null) return Deferred.completed(refused(ErrorCode.NOT_COORDINATOR));
    return shard.read<FetchedOffsets>(
      state => {
        const { memberId = null, memberEpoch = -1 } = command;
        const group = state.consumerGroups.get(command.groupId);
        const errorCode = group === undefined ? 0 : consumerFetchError(group, { memberId, memberEpoch });
        return errorCode === 0
          ? { errorCode, topics: fetchOffsets(state.offsets, command) }
          : refused(errorCode);
      },
      error => refused(responseErrorOf(error)),
    );
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
    return shard.remove(
      groupId,
      state => {
        const group = state.groups.get(groupId) ?? state.consumerGroups.get(groupId);
        if (group === undefined) return { records: [], response: ErrorCode.GROUP_ID_NOT_FOUND };
        if (group.state !== 'Empty') return { records: [], response: ErrorCode.NON_EMPTY_GROUP };
        return { records: deleteGroup(group, state.offsets), response: 0 };
      },
      responseErrorOf,
    );
  }

  deleteOffsets(command: OffsetDeleteCommand): Deferred<DeletedOffsets> {
    const refused = (errorCode: number) => Deferred.completed(offsetDeleteFailed(errorCode));
    const { groupId } = command;
    if (groupId === '') return refused(ErrorCode.INVALID_GROUP_ID);
    const shard = this.#shards.of(groupId);
    if (shard === null) return refused(ErrorCode.NOT_COORDINATOR);
    return shard.write(
      groupId,
      state => {
        const consumerGroup = state.consumerGroups.get(groupId);
        if (consumerGroup !== undefined)
          return decideConsumerOffsetDelete(consumerGroup, state.offsets, command);
        return decideOffsetDelete(state.groups.get(groupId), state.offsets, command);
      },
      error => offsetDeleteFailed(responseErrorOf(error)),
    );
  }

  /** A topic is gone: nobody's offsets of it mean anything any more. */
  topicDeleted(topic: { readonly name: string; readonly topicId: string }): void {
    for (const shard of this.#shards.all()) {
      shard.writeApart(state => deleteTopicOffsets(state.offsets, topic));
    }
  }

  #expireOffsets(): void {
    const { clock, settings } = this.#options;
    const retention = { nowMs: clock.nowMs(), offsetsRetentionMs: settings().offsetsRetentionMs };
    for (const shard of this.#shards.all()) {
      shard.writeApart((state: GroupShardState) => [
        ...[...state.groups.values()].flatMap(group => expireGroup(group, state.offsets, retention)),
        ...[...state.consumerGroups.values()].flatMap(group =>
          expireConsumerGroup(group, state.offsets, retention),
        ),
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
    const { settings, clock, timers, events, report, batchBytesMax } = this.#options;
    const { topics, consumerSettings, newUuid, newDashedUuid } = this.#options;
    const leaderEpoch = () => this.#options.leaderEpoch(partition);
    return new GroupShard({
      log,
      settings,
      consumerContext: groupId => {
        const nowMs = clock.nowMs();
        const classic = { nowMs, settings: settings(), newUuid: newDashedUuid };
        return { nowMs, topics, settings: consumerSettings(groupId), classic, newUuid };
      },
      leaderEpoch,
      batchBytesMax,
      clock,
      timers,
      newUuid: newDashedUuid,
      events,
      report,
    });
  }
}

function leaveFailed(errorCode: number): LeaveAnswer {
  return { errorCode, members: [] };
}
