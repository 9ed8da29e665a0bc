// Streams groups (KIP-1071) as handlers see them: what a request must look like at all, and the way to the shard of its
// group. Rules and messages: Apache Kafka's GroupCoordinatorService and GroupMetadataManager.

import { ErrorCode, KafkaError } from '../../../protocol/errors.ts';
import { allOf, Deferred } from '../../runtime/deferred.ts';
import { groupTombstone } from '../group-records.ts';
import type { GroupShard } from '../group-shard.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { JOIN_EPOCH, LEAVE_EPOCH, STATIC_LEAVE_EPOCH } from '../member-epochs.ts';
import { type DescribedStreamsGroup, describeStreamsGroup } from './describe.ts';
import { decideHeartbeat } from './heartbeat.ts';
import type { InternalTopicCreation } from './internal-topic-creation.ts';
import { decideLeave } from './leave.ts';
import type {
  HeartbeatCommand,
  HeartbeatOutcome,
  StreamsContext,
  StreamsDecision,
} from './streams-decision.ts';
import { StreamsGroup } from './streams-group.ts';
import { invalidity } from './validity.ts';

export interface StreamsGroupsOptions {
  /** Null: nobody coordinates this group here. */
  readonly shardOf: (groupId: string) => GroupShard | null;
  readonly internalTopics: InternalTopicCreation;
}

export class StreamsGroups {
  readonly internalTopics: InternalTopicCreation;
  readonly #options: StreamsGroupsOptions;

  constructor(options: StreamsGroupsOptions) {
    this.#options = options;
    this.internalTopics = options.internalTopics;
  }

  heartbeat(command: HeartbeatCommand): Deferred<HeartbeatOutcome> {
    const { request } = command;
    const { groupId, memberEpoch } = request;
    const invalid = invalidity(request);
    if (invalid !== null) return Deferred.completed(refused(invalid));
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(refused(new KafkaError('NOT_COORDINATOR')));
    const isLeaving = memberEpoch === LEAVE_EPOCH || memberEpoch === STATIC_LEAVE_EPOCH;
    return shard.streams.change<HeartbeatOutcome>(
      groupId,
      (state, context) =>
        isLeaving ? decideLeave(streamsGroupOf(state, groupId), request) : beat(state, command, context),
      refused,
    );
  }

  describe(groupIds: readonly string[]): Deferred<DescribedStreamsGroup[]> {
    return allOf(
      groupIds.map(groupId => {
        const failed = (error: KafkaError): DescribedStreamsGroup => ({ groupId, error, group: null });
        if (groupId === '') return Deferred.completed(failed(new KafkaError('INVALID_GROUP_ID')));
        const shard = this.#options.shardOf(groupId);
        if (shard === null) return Deferred.completed(failed(new KafkaError('NOT_COORDINATOR')));
        return shard.streams.read(
          groupId,
          state => describeStreamsGroup(streamsGroupOf(state, groupId)),
          failed,
        );
      }),
    );
  }
}

/** An unknown server error is told without its message, as in Apache Kafka. */
function refused({ errorName, code, message }: KafkaError): HeartbeatOutcome {
  const isServers = errorName === 'MESSAGE_TOO_LARGE' || errorName === 'UNKNOWN_SERVER_ERROR';
  return {
    answer: refusal(isServers ? ErrorCode.UNKNOWN_SERVER_ERROR : code, isServers ? null : message),
    topicsToCreate: new Map(),
  };
}

export function refusal(errorCode: number, errorMessage: string | null): HeartbeatOutcome['answer'] {
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage,
    memberId: '',
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    acceptableRecoveryLag: 0,
    taskOffsetIntervalMs: 0,
    status: [],
    endpointInformationEpoch: 0,
  };
}

function beat(
  state: GroupShardState,
  command: HeartbeatCommand,
  context: StreamsContext,
): StreamsDecision<HeartbeatOutcome> {
  const { groupId, memberEpoch } = command.request;
  const known = state.streamsGroups.get(groupId);
  if (known !== undefined)
    return decideHeartbeat(known, command, { ...context, records: [], isNameTaken: true });
  if (memberEpoch !== JOIN_EPOCH) throw state.notFound(groupId, 'streams', 'Streams group');
  const group = new StreamsGroup(groupId);
  const classic = state.groups.get(groupId);
  if (classic?.state === 'Empty') {
    const records = [groupTombstone(groupId)];
    return decideHeartbeat(group, command, { ...context, records, isNameTaken: true });
  }
  if (state.has(groupId)) throw state.notFound(groupId, 'streams', 'Streams group');
  return decideHeartbeat(group, command, { ...context, records: [], isNameTaken: false });
}

function streamsGroupOf(state: GroupShardState, groupId: string): StreamsGroup {
  const group = state.streamsGroups.get(groupId);
  if (group !== undefined) return group;
  throw state.notFound(groupId, 'streams', 'Group');
}
