// Share groups (KIP-932) as handlers see them: what a request must look like at all, the way to the shard of its group, and
// what follows with the share coordinator once the group's records are durable. Rules and messages: Apache Kafka's
// GroupCoordinatorService.

import { KafkaError } from '../../../protocol/errors.ts';
import { allOf, Deferred } from '../../runtime/deferred.ts';
import { type GroupShard, responseErrorOf } from '../group-shard.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { isBlank } from '../is-blank.ts';
import { JOIN_EPOCH, LEAVE_EPOCH } from '../member-epochs.ts';
import { decideDeleteState } from './delete-offsets.ts';
import { type DescribedShareGroup, describeShareGroup } from './describe.ts';
import {
  decideShareHeartbeat,
  type HeartbeatAnswer,
  type HeartbeatCommand,
  type HeartbeatOutcome,
  type HeartbeatRequest,
} from './heartbeat.ts';
import { decideInitialized } from './initialization.ts';
import { decideShareLeave } from './leave.ts';
import type { Initialization } from './share-decision.ts';
import { ShareGroup } from './share-group.ts';
import {
  firstError,
  invalidity,
  partitionsOf,
  type SharePersister,
  type StateOutcomes,
} from './share-persister.ts';
import type { PartitionsByTopic } from './state-partitions.ts';

export interface ShareGroupsOptions {
  /** Null: nobody coordinates this group here. */
  readonly shardOf: (groupId: string) => GroupShard | null;
  readonly persister: SharePersister;
}

interface Deletion {
  readonly errorCode: number;
  readonly partitions: PartitionsByTopic;
}

export class ShareGroups {
  readonly #options: ShareGroupsOptions;

  constructor(options: ShareGroupsOptions) {
    this.#options = options;
  }

  heartbeat(command: HeartbeatCommand): Deferred<HeartbeatAnswer> {
    const invalid = requestInvalidity(command.request);
    if (invalid !== null) return Deferred.completed(refused(new KafkaError('INVALID_REQUEST', invalid)));
    const { groupId, memberEpoch } = command.request;
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(refused(new KafkaError('NOT_COORDINATOR')));
    return shard.share
      .change<HeartbeatOutcome>(
        groupId,
        (state, context) =>
          memberEpoch === LEAVE_EPOCH
            ? decideShareLeave(shareGroupOf(state, groupId), command.request, context)
            : decideShareHeartbeat(
                beatingGroup(state, groupId, memberEpoch === JOIN_EPOCH),
                command,
                context,
              ),
        error => ({ answer: refused(error), initialization: null }),
      )
      .map(({ answer, initialization }) => {
        if (initialization !== null) this.initialize(initialization);
        return answer;
      });
  }

  describe(groupIds: readonly string[]): Deferred<DescribedShareGroup[]> {
    return allOf(
      groupIds.map(groupId => {
        const failed = (error: KafkaError): DescribedShareGroup => ({ groupId, error, group: null });
        const shard = this.#options.shardOf(groupId);
        if (groupId === '') return Deferred.completed(failed(new KafkaError('INVALID_GROUP_ID', '')));
        if (shard === null) return Deferred.completed(failed(new KafkaError('NOT_COORDINATOR')));
        return shard.share.read(
          groupId,
          (state, { topics }) => describeShareGroup(shareGroupOf(state, groupId), topics),
          failed,
        );
      }),
    );
  }

  /** The share coordinator begins to keep the state of these, and the group is told. Completes when it has been. */
  initialize(initialization: Initialization): Deferred<StateOutcomes> {
    const { groupId } = initialization;
    return this.#options.persister.initialize(initialization).andThen(outcomes => {
      const isDone = firstError(outcomes) === null;
      return this.initialized(groupId, partitionsOf(outcomes), isDone).map(() => outcomes);
    });
  }

  initialized(groupId: string, partitions: PartitionsByTopic, isDone: boolean): Deferred<null> {
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(null);
    const decide = (isInitialized: boolean) =>
      shard.share.change<boolean>(
        groupId,
        (state, context) => ({
          ...decideInitialized(
            state.shareGroups.get(groupId),
            { partitions, isDone: isInitialized },
            context,
          ),
          response: true,
        }),
        () => false,
      );
    // What could not be written down as initialized is tried again by a later heartbeat.
    return decide(isDone)
      .andThen(isWritten => (isWritten || !isDone ? Deferred.completed(isWritten) : decide(false)))
      .map(() => null);
  }

  /** Before the group is deleted: its share state goes. The error code; 0 as well where there is no share group. */
  deleteState(groupId: string): Deferred<number> {
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(0);
    const decided = shard.share.change<Deletion>(
      groupId,
      (state, context) => {
        const decision = decideDeleteState(state.shareGroups.get(groupId), context);
        return { ...decision, response: { errorCode: 0, partitions: decision.response } };
      },
      error => ({ errorCode: responseErrorOf(error), partitions: new Map() }),
    );
    return decided.andThen(({ errorCode, partitions }) => {
      if (errorCode !== 0 || partitions.size === 0) return Deferred.completed(errorCode);
      const invalid = invalidity('Delete', groupId, partitions);
      if (invalid !== null) return Deferred.completed(invalid.code);
      return this.#options.persister
        .delete(groupId, partitions)
        .map(outcomes => firstError(outcomes)?.errorCode ?? 0);
    });
  }
}

function refused(error: KafkaError): HeartbeatAnswer {
  return {
    throttleTimeMs: 0,
    errorCode: responseErrorOf(error),
    errorMessage: error.message,
    memberId: null,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  };
}

/** The group of a request that needs one. Throws GROUP_ID_NOT_FOUND. */
export function shareGroupOf(state: GroupShardState, groupId: string): ShareGroup {
  const group = state.shareGroups.get(groupId);
  if (group !== undefined) return group;
  throw state.notFound(groupId, 'share', 'Group');
}

/** The group that a member joins, or that AlterShareGroupOffsets begins: a new one, where there is none. */
export function shareGroupOrNew(state: GroupShardState, groupId: string): ShareGroup {
  return beatingGroup(state, groupId, true);
}

function beatingGroup(state: GroupShardState, groupId: string, isCreated: boolean): ShareGroup {
  const group = state.shareGroups.get(groupId);
  if (group !== undefined) return group;
  if (!isCreated || state.has(groupId)) throw state.notFound(groupId, 'share', 'Share group');
  return new ShareGroup(groupId);
}

function requestInvalidity(request: HeartbeatRequest): string | null {
  const { memberEpoch, subscribedTopicNames } = request;
  if (isBlank(request.memberId)) return "MemberId can't be empty.";
  if (isBlank(request.groupId)) return "GroupId can't be empty.";
  if (isBlank(request.rackId)) return "RackId can't be empty.";
  if (memberEpoch === JOIN_EPOCH && (subscribedTopicNames ?? []).length === 0)
    return 'SubscribedTopicNames must be set in first request.';
  return memberEpoch < LEAVE_EPOCH ? 'MemberEpoch is invalid.' : null;
}
