// Groups of the classic protocol as handlers see them: what a request must look like at all, and the way to the shard of its
// group. A consumer group with members answers the requests of classic members, too (KIP-848). Decides nothing itself.

import { ErrorCode, type KafkaError } from '../../../protocol/errors.ts';
import { Deferred } from '../../runtime/deferred.ts';
import { decideClassicJoin } from '../consumer/classic-join.ts';
import {
  decideClassicHeartbeat,
  decideClassicLeave,
  decideClassicSync,
} from '../consumer/classic-members.ts';
import type { GroupSettings } from '../group-settings.ts';
import { type GroupShard, responseErrorOf } from '../group-shard.ts';
import { type JoinAnswer, joinAnswer, NOTHING, type SyncAnswer, syncAnswer } from './decision.ts';
import type { MemberIdentity } from './fencing.ts';
import { decideJoin, type JoinCommand } from './join.ts';
import { decideLeave, type LeaveAnswer } from './leave.ts';
import { decideHeartbeat, decideSync, type SyncCommand } from './sync.ts';

export interface ClassicGroupsOptions {
  /** Null: nobody coordinates this group here. */
  readonly shardOf: (groupId: string) => GroupShard | null;
  readonly settings: () => GroupSettings;
}

export interface HeartbeatCommand extends MemberIdentity {
  readonly groupId: string;
  readonly generationId: number;
}

export class ClassicGroups {
  readonly #options: ClassicGroupsOptions;

  constructor(options: ClassicGroupsOptions) {
    this.#options = options;
  }

  join(command: Omit<JoinCommand, 'ticket'>): Deferred<JoinAnswer> {
    const { groupId, memberId, sessionTimeoutMs } = command.request;
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#options.settings();
    const refused = (errorCode: number) => Deferred.completed(joinAnswer({ memberId, errorCode }));
    if (groupId === '') return refused(ErrorCode.INVALID_GROUP_ID);
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return refused(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const shard = this.#options.shardOf(groupId);
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
    const shard = this.#options.shardOf(groupId);
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
    const shard = this.#options.shardOf(command.groupId);
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
    const shard = this.#options.shardOf(groupId);
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
}

function leaveFailed(errorCode: number): LeaveAnswer {
  return { errorCode, members: [] };
}
