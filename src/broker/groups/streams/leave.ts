// The ways out of a streams group: leaving (-1), a session that ended, tasks not given up in time. Who is gone owns nothing,
// and the group epoch moves; the next heartbeat of somebody else makes the new target. And the end of a new group's wait
// for members. Follows Apache Kafka's streamsGroupLeave, streamsGroupFenceMember and computeDelayedTargetAssignment.

import type { GroupRecord } from '../group-records.ts';
import { knownMember } from './identity.ts';
import {
  cancelledTimers,
  type HeartbeatOutcome,
  type HeartbeatRequest,
  type StreamsContext,
  type StreamsDecision,
  type StreamsTimeout,
} from './streams-decision.ts';
import type { StreamsGroup } from './streams-group.ts';
import { epochRecord, memberTombstones } from './streams-records.ts';
import { targetFor } from './target.ts';

const NOTHING: StreamsDecision<null> = { records: [], response: null, timers: [], reason: '' };

export function decideLeave(
  group: StreamsGroup,
  { memberId, memberEpoch, shutdownApplication }: HeartbeatRequest,
): StreamsDecision<HeartbeatOutcome> {
  knownMember(group, memberId);
  const answer = {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId,
    memberEpoch,
    heartbeatIntervalMs: 0,
    acceptableRecoveryLag: 0,
    taskOffsetIntervalMs: 0,
    status: [],
    endpointInformationEpoch: 0,
  };
  const shutdownRequestedBy = group.memory.shutdownRequestedBy ?? (shutdownApplication ? memberId : null);
  return {
    ...fence(group, memberId, `member ${memberId} left`),
    response: { answer, topicsToCreate: new Map() },
    memory: { shutdownRequestedBy },
  };
}

export function decideTimeout(
  group: StreamsGroup | undefined,
  timeout: StreamsTimeout,
  context: StreamsContext,
): StreamsDecision<null> {
  if (group === undefined) return NOTHING;
  if (timeout.kind === 'streams-initial-delay') return decideFirstTarget(group, context);
  const member = group.members.get(timeout.memberId);
  if (member === undefined) return NOTHING;
  if (timeout.kind === 'streams-session')
    return fence(group, member.memberId, `the session of ${member.memberId} ended`);
  if (member.memberEpoch !== timeout.memberEpoch) return NOTHING;
  return fence(group, member.memberId, `${member.memberId} did not give up its tasks in time`);
}

function fence(group: StreamsGroup, memberId: string, reason: string): StreamsDecision<null> {
  const { groupId, metadataHash, validatedTopologyEpoch, assignmentConfigs } = group;
  const groupEpoch = group.groupEpoch + 1;
  const records: GroupRecord[] = [
    ...memberTombstones(groupId, memberId),
    epochRecord(groupId, { groupEpoch, metadataHash, validatedTopologyEpoch, assignmentConfigs }),
  ];
  return { records, response: null, timers: cancelledTimers(memberId), reason };
}

/** Nobody else is waited for. A group that has met no heartbeat since its first must wait for one. */
function decideFirstTarget(group: StreamsGroup, context: StreamsContext): StreamsDecision<null> {
  const { groupEpoch, assignmentEpoch, assignmentConfigs } = group;
  const topology = group.memory.configuredTopology;
  if (group.members.size === 0 || groupEpoch <= assignmentEpoch || topology === null) return NOTHING;
  const records: GroupRecord[] = [];
  const asked = { group, groupEpoch, topology, assignmentConfigs, member: null };
  targetFor({ ...asked, isInitialDelayRunning: false }, context, { records, statuses: [] });
  return { records, response: null, timers: [], reason: 'the initial rebalance delay is over' };
}
