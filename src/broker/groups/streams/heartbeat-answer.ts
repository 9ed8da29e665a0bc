// What a heartbeat is answered: the tasks when they have changed, where the others answer queries when the member has not
// heard of the last change, and why there are no tasks yet. Follows the end of GroupMetadataManager.streamsGroupHeartbeat.

import { JOIN_EPOCH } from '../member-epochs.ts';
import type { Beat } from './beat.ts';
import type { ConfiguredTopology } from './configure-topology.ts';
import { endpointsOf } from './endpoints.ts';
import { StatusCode } from './status.ts';
import type { HeartbeatAnswer, HeartbeatOutcome } from './streams-decision.ts';
import type { StreamsMember } from './streams-member.ts';
import { isSameOwned, taskIdsOf } from './tasks.ts';

export interface Answered {
  readonly outcome: HeartbeatOutcome;
  readonly endpointEpoch: number;
}

export function heartbeatAnswer(
  beat: Beat,
  decided: {
    readonly before: StreamsMember;
    readonly member: StreamsMember;
    readonly topology: ConfiguredTopology;
    readonly shutdownRequestedBy: string | null;
  },
): Answered {
  const { group, command, context, statuses, isNameTaken } = beat;
  const { before, member, topology, shutdownRequestedBy } = decided;
  const { request } = command;
  const isTold = request.memberEpoch === JOIN_EPOCH || !isSameOwned(before.assigned, member.assigned);
  const endpointEpoch = group.memory.endpointEpoch + (isTold && member.userEndpoint !== null ? 1 : 0);
  if (topology.problem !== null) statuses.push(topology.problem);
  if (shutdownRequestedBy !== null) {
    statuses.push({
      statusCode: StatusCode.SHUTDOWN_APPLICATION,
      statusDetail: `Streams group member ${shutdownRequestedBy} encountered a fatal error and requested a shutdown for the entire application.`,
    });
  }
  const answer: HeartbeatAnswer = {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: context.settings.heartbeatIntervalMs,
    acceptableRecoveryLag: 0,
    taskOffsetIntervalMs: 0,
    status: statuses.map(status => ({ ...status })),
    ...(isTold ? tasksOf(member) : {}),
    // A group that has just come into being forgets its endpoints' epoch.
    endpointInformationEpoch: isNameTaken ? endpointEpoch : 0,
    partitionsByUserEndpoint:
      endpointEpoch === request.endpointInformationEpoch
        ? null
        : endpointsOf(othersAnd(beat, member), topology, context.topics),
  };
  return { outcome: { answer, topicsToCreate: topology.topicsToCreate }, endpointEpoch };
}

function tasksOf({
  assigned,
}: StreamsMember): Pick<HeartbeatAnswer, 'activeTasks' | 'standbyTasks' | 'warmupTasks'> {
  return {
    activeTasks: taskIdsOf(assigned.active),
    standbyTasks: taskIdsOf(assigned.standby),
    warmupTasks: taskIdsOf(assigned.warmup),
  };
}

function* othersAnd({ group }: Beat, member: StreamsMember): Iterable<StreamsMember> {
  for (const other of group.members.values()) if (other.memberId !== member.memberId) yield other;
  yield member;
}
