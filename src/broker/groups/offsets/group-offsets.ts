// Committed offsets as handlers see them: the way to the shard of the group, and which kind of group decides. Groups of
// the classic, consumer and streams protocols keep offsets here; share groups never do (theirs are the share coordinator's).

import { ErrorCode } from '../../../protocol/errors.ts';
import { Deferred } from '../../runtime/deferred.ts';
import type { ShardProducer } from '../../runtime/shard.ts';
import { offsetMembersOf as consumerMembersOf } from '../consumer/consumer-offsets.ts';
import type { GroupSettings } from '../group-settings.ts';
import { type GroupShard, responseErrorOf } from '../group-shard.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { offsetMembersOf as streamsMembersOf } from '../streams/streams-offsets.ts';
import { decideKindOffsetDelete } from './kind-offsets.ts';
import { decideMemberCommit, type MemberCommitContext, memberFetchError } from './member-offsets.ts';
import {
  type CommitCommand,
  type CommitDecision,
  commitFailed,
  decideCommit,
  decideTransactionalCommit,
  type TopicResult,
} from './offset-commit.ts';
import {
  type DeletedOffsets,
  decideOffsetDelete,
  type OffsetDeleteCommand,
  offsetDeleteFailed,
} from './offset-delete.ts';
import { type FetchCommand, type FetchedTopic, fetchOffsets } from './offset-fetch.ts';

export interface GroupOffsetsOptions {
  /** Null: nobody coordinates this group here. */
  readonly shardOf: (groupId: string) => GroupShard | null;
  readonly settings: () => GroupSettings;
}

/** `topics` are empty when `errorCode` is set. */
export interface FetchedOffsets {
  readonly errorCode: number;
  readonly topics: readonly FetchedTopic[];
}

export class GroupOffsets {
  readonly #options: GroupOffsetsOptions;

  constructor(options: GroupOffsetsOptions) {
    this.#options = options;
  }

  commit(command: CommitCommand): Deferred<readonly TopicResult[]> {
    const { groupId, topics } = command;
    const shard = this.#options.shardOf(groupId);
    if (shard === null)
      return Deferred.completed<readonly TopicResult[]>(commitFailed(topics, ErrorCode.NOT_COORDINATOR));
    const { offsetMetadataMaxSize } = this.#options.settings();
    return shard.write<readonly TopicResult[]>(
      groupId,
      (state, nowMs) => {
        const context = { nowMs, offsetMetadataMaxSize };
        const group = state.groups.get(groupId);
        const ofKind = kindCommit(state, command, { ...context, isTransactional: false });
        if (ofKind !== undefined) return { records: ofKind.records, response: ofKind.topics };
        if (state.shareGroups.has(groupId)) {
          return { records: [], response: commitFailed(topics, ErrorCode.GROUP_ID_NOT_FOUND) };
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
    const shard = groupId === '' ? null : this.#options.shardOf(groupId);
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
        const ofKind = kindCommit(state, command, { ...context, isTransactional: true });
        if (ofKind !== undefined) return { records: ofKind.records, response: ofKind.topics };
        if (state.shareGroups.has(groupId)) {
          return { records: [], response: commitFailed(topics, ErrorCode.GROUP_ID_NOT_FOUND) };
        }
        const decision = decideTransactionalCommit(group, command, context);
        return { records: decision.records, response: decision.topics };
      },
      error => commitFailed(topics, responseErrorOf(error)),
    );
  }

  fetch(command: FetchCommand): Deferred<FetchedOffsets> {
    const refused = (errorCode: number): FetchedOffsets => ({ errorCode, topics: [] });
    const shard = this.#options.shardOf(command.groupId);
    if (shard === null) return Deferred.completed(refused(ErrorCode.NOT_COORDINATOR));
    return shard.read<FetchedOffsets>(
      state => {
        const errorCode = fetchError(state, command);
        return errorCode === 0
          ? { errorCode, topics: fetchOffsets(state.offsets, command) }
          : refused(errorCode);
      },
      error => refused(responseErrorOf(error)),
    );
  }

  remove(command: OffsetDeleteCommand): Deferred<DeletedOffsets> {
    const refused = (errorCode: number) => Deferred.completed(offsetDeleteFailed(errorCode));
    const { groupId } = command;
    if (groupId === '') return refused(ErrorCode.INVALID_GROUP_ID);
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return refused(ErrorCode.NOT_COORDINATOR);
    return shard.write(
      groupId,
      state => {
        const ofKind = state.consumerGroups.get(groupId) ?? state.streamsGroups.get(groupId);
        if (ofKind !== undefined) return decideKindOffsetDelete(ofKind, state.offsets, command);
        return decideOffsetDelete(state.groups.get(groupId), state.offsets, command);
      },
      error => offsetDeleteFailed(responseErrorOf(error)),
    );
  }
}

/** A commit to a consumer or streams group; undefined: it is neither. */
function kindCommit(
  state: GroupShardState,
  command: CommitCommand,
  context: MemberCommitContext,
): CommitDecision | undefined {
  const consumerGroup = state.consumerGroups.get(command.groupId);
  if (consumerGroup !== undefined)
    return decideMemberCommit(consumerMembersOf(consumerGroup), command, context);
  const streamsGroup = state.streamsGroups.get(command.groupId);
  return streamsGroup && decideMemberCommit(streamsMembersOf(streamsGroup), command, context);
}

function fetchError(
  state: GroupShardState,
  { groupId, memberId = null, memberEpoch = -1 }: FetchCommand,
): number {
  const member = { memberId, memberEpoch };
  const consumerGroup = state.consumerGroups.get(groupId);
  if (consumerGroup !== undefined) return memberFetchError(consumerMembersOf(consumerGroup), member);
  const streamsGroup = state.streamsGroups.get(groupId);
  return streamsGroup === undefined ? 0 : memberFetchError(streamsMembersOf(streamsGroup), member);
}
