// Consumer groups (KIP-848) as handlers see them: what a request must look like at all, and the way to the shard of its
// group. Rules and messages: Apache Kafka's GroupCoordinatorService.

import { ErrorCode, KafkaError } from '../../../protocol/errors.ts';
import { allOf, Deferred } from '../../runtime/deferred.ts';
import { groupTombstone } from '../group-records.ts';
import type { GroupShard } from '../group-shard.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { isBlank } from '../is-blank.ts';
import { JOIN_EPOCH, LEAVE_EPOCH, STATIC_LEAVE_EPOCH } from '../member-epochs.ts';
import type { ConsumerContext, ConsumerDecision } from './consumer-decision.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { type DescribedConsumerGroup, describeConsumerGroup } from './describe.ts';
import {
  decideHeartbeat,
  type HeartbeatAnswer,
  type HeartbeatCommand,
  type HeartbeatRequest,
} from './heartbeat.ts';
import { decideConsumerLeave } from './leave.ts';
import { upgrade } from './upgrade.ts';

/** From this version on, members name themselves. */
const MEMBER_ID_SINCE = 1;

export interface ConsumerGroupsOptions {
  /** Null: nobody coordinates this group here. */
  readonly shardOf: (groupId: string) => GroupShard | null;
  /** group.consumer.assignors */
  readonly assignors: () => readonly string[];
  /** In Kafka's base64url text. */
  readonly newUuid: () => string;
}

export class ConsumerGroups {
  readonly #options: ConsumerGroupsOptions;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
  }

  heartbeat(command: HeartbeatCommand & { readonly apiVersion: number }): Deferred<HeartbeatAnswer> {
    const invalid = invalidity(command.request, {
      apiVersion: command.apiVersion,
      assignors: this.#options.assignors(),
    });
    if (invalid !== null) return Deferred.completed(refused(invalid));
    const named = this.#named(command);
    const { groupId, memberEpoch } = named.request;
    const shard = this.#options.shardOf(groupId);
    if (shard === null) {
      const error = new KafkaError('NOT_COORDINATOR');
      return Deferred.completed(refused(error));
    }
    const isLeaving = memberEpoch === LEAVE_EPOCH || memberEpoch === STATIC_LEAVE_EPOCH;
    return shard.consumer.change<HeartbeatAnswer>(
      groupId,
      (state, context) =>
        isLeaving
          ? decideConsumerLeave(consumerGroupOf(state, groupId), named.request, context)
          : beat(state, named, context),
      refused,
    );
  }

  describe(groupIds: readonly string[]): Deferred<DescribedConsumerGroup[]> {
    return allOf(
      groupIds.map(groupId => {
        const failed = (error: KafkaError): DescribedConsumerGroup => ({ groupId, error, group: null });
        const shard = this.#options.shardOf(groupId);
        if (groupId === '') return Deferred.completed(failed(new KafkaError('INVALID_GROUP_ID')));
        if (shard === null) return Deferred.completed(failed(new KafkaError('NOT_COORDINATOR')));
        return shard.consumer.read(
          (state, context) => describeConsumerGroup(consumerGroupOf(state, groupId), context),
          groupId,
          failed,
        );
      }),
    );
  }

  #named(command: HeartbeatCommand): HeartbeatCommand {
    if (command.request.memberId !== '') return command;
    return { ...command, request: { ...command.request, memberId: this.#options.newUuid() } };
  }
}

/** An unknown server error is told without its message, as in Apache Kafka. */
function refused(error: KafkaError): HeartbeatAnswer {
  const errorCode = error.errorName === 'MESSAGE_TOO_LARGE' ? ErrorCode.UNKNOWN_SERVER_ERROR : error.code;
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage: errorCode === ErrorCode.UNKNOWN_SERVER_ERROR ? null : error.message,
    memberId: null,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  };
}

function beat(
  state: GroupShardState,
  command: HeartbeatCommand,
  context: ConsumerContext,
): ConsumerDecision<HeartbeatAnswer> {
  const { groupId, memberEpoch } = command.request;
  const known = state.consumerGroups.get(groupId);
  if (known !== undefined) return decideHeartbeat(known, command, { ...context, records: [] });
  if (memberEpoch !== JOIN_EPOCH) throw state.notFound(groupId, 'consumer', 'Consumer group');
  const classic = state.groups.get(groupId);
  if (classic === undefined && state.foreignKind(groupId) === undefined)
    return decideHeartbeat(new ConsumerGroup(groupId), command, { ...context, records: [] });
  if (classic === undefined) throw state.notFound(groupId, 'consumer', 'Consumer group');
  if (classic.state !== 'Empty') {
    const { group, records, timers, conversion } = upgrade(classic, context);
    const decision = decideHeartbeat(group, command, { ...context, records });
    return { ...decision, timers: [...timers, ...decision.timers], conversion };
  }
  const records = [groupTombstone(groupId)];
  return decideHeartbeat(new ConsumerGroup(groupId), command, { ...context, records });
}

export function consumerGroupOf(state: GroupShardState, groupId: string): ConsumerGroup {
  const group = state.consumerGroups.get(groupId);
  if (group !== undefined) return group;
  throw state.notFound(groupId, 'consumer', 'Group');
}

function invalidity(
  request: HeartbeatRequest,
  { apiVersion, assignors }: { readonly apiVersion: number; readonly assignors: readonly string[] },
): KafkaError | null {
  const { memberEpoch, serverAssignor } = request;
  const needsMemberId = apiVersion >= MEMBER_ID_SINCE || memberEpoch > 0 || memberEpoch === LEAVE_EPOCH;
  const message =
    (needsMemberId && isBlank(request.memberId) && "MemberId can't be empty.") ||
    (isBlank(request.groupId) && "GroupId can't be empty.") ||
    (isBlank(request.instanceId) && "InstanceId can't be empty.") ||
    (isBlank(request.rackId) && "RackId can't be empty.") ||
    (memberEpoch === JOIN_EPOCH && joinInvalidity(request)) ||
    (memberEpoch === STATIC_LEAVE_EPOCH && request.instanceId === null && "InstanceId can't be null.") ||
    (memberEpoch < STATIC_LEAVE_EPOCH && 'MemberEpoch is invalid.');
  if (message) return new KafkaError('INVALID_REQUEST', message);
  if (serverAssignor === null || assignors.includes(serverAssignor)) return null;
  return new KafkaError(
    'UNSUPPORTED_ASSIGNOR',
    `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(', ')}.`,
  );
}

function joinInvalidity(request: HeartbeatRequest): string | false {
  if (request.rebalanceTimeoutMs === -1) return 'RebalanceTimeoutMs must be provided in first request.';
  if (request.topicPartitions === null || request.topicPartitions.length > 0)
    return 'TopicPartitions must be empty when (re-)joining.';
  if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null)
    return 'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.';
  return false;
}
