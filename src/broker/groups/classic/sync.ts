// SyncGroup and Heartbeat of the classic protocol. The leader's SyncGroup brings the assignment of all; the others wait
// for it. From then on the group is stable, and in the log. Follows Apache Kafka's GroupMetadataManager.

import { ErrorCode } from '../../../protocol/errors.ts';
import type { ClassicGroup } from './classic-group.ts';
import { NO_ASSIGNMENT, type Ticket } from './classic-member.ts';
import {
  type ClassicDecision,
  NOTHING,
  SYNC_TIMER,
  type SyncAnswer,
  type SyncRequest,
  sessionRestart,
  syncAnswer,
  type TimerChange,
  Turn,
  type TurnContext,
} from './decision.ts';
import { fencingError, type MemberIdentity } from './fencing.ts';
import { assignmentLost } from './rebalance.ts';

export interface SyncCommand {
  readonly request: SyncRequest;
  readonly ticket: Ticket;
}

export function decideSync(
  group: ClassicGroup | undefined,
  command: SyncCommand,
  context: TurnContext,
): ClassicDecision {
  const { request, ticket } = command;
  const errorCode = syncError(group, request);
  if (errorCode !== 0 || group === undefined) return onlyAnswer(ticket, syncAnswer({ errorCode }));
  const turn = new Turn(group.copy(), context);
  turn.group.pendingSyncs.delete(request.memberId);
  if (turn.group.pendingSyncs.size === 0) turn.cancel(SYNC_TIMER);
  const member = turn.group.members.get(request.memberId)!;
  if (turn.group.state === 'Stable') {
    turn.answerSync(ticket, assignmentOf(turn.group, member.assignment));
    return turn;
  }
  // A member waits with one request. Whoever still listens for the older one is told to try again.
  turn.completeSync(member, { errorCode: ErrorCode.REBALANCE_IN_PROGRESS });
  turn.group.update({ ...member, syncTicket: ticket });
  if (turn.group.isLeader(request.memberId)) assign(turn, request);
  return turn;
}

function syncError(group: ClassicGroup | undefined, request: SyncRequest): number {
  if (group === undefined || group.state === 'Empty') return ErrorCode.UNKNOWN_MEMBER_ID;
  const fenced = fencingError(group, request);
  if (fenced !== 0) return fenced;
  if (request.generationId !== group.generationId) return ErrorCode.ILLEGAL_GENERATION;
  if (
    differs(request.protocolType, group.protocolType) ||
    differs(request.protocolName, group.protocolName)
  ) {
    return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
  }
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : 0;
}

/** The leader's records were refused (an assignment larger than the log takes). */
export function decideAssignmentLost(
  group: ClassicGroup | undefined,
  errorCode: number,
  context: TurnContext,
): ClassicDecision {
  if (group === undefined) return NOTHING;
  const turn = new Turn(group.copy(), context);
  assignmentLost(turn, errorCode);
  return turn;
}

/** Null says nothing, so it contradicts nothing. */
function differs(requested: string | null, actual: string | null): boolean {
  return requested !== null && actual !== null && requested !== actual;
}

function assign(turn: Turn, request: SyncRequest): void {
  const { group } = turn;
  const assignments = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  turn.transitionTo('Stable', `leader ${request.memberId} assigned generation ${group.generationId}`);
  for (const member of [...group.members.values()]) {
    const assignment = assignments.get(member.memberId) ?? NO_ASSIGNMENT;
    if (member.syncTicket !== null) turn.restartSession(member);
    const answered = turn.completeSync(member, assignmentOf(group, assignment));
    group.update({ ...answered, assignment });
  }
  turn.persist();
}

function assignmentOf(group: ClassicGroup, assignment: Buffer): SyncAnswer {
  return syncAnswer({ protocolType: group.protocolType, protocolName: group.protocolName, assignment });
}

function onlyAnswer(ticket: Ticket, response: SyncAnswer): ClassicDecision {
  return { ...NOTHING, answers: [{ kind: 'sync', ticket, response }] };
}

export interface HeartbeatOutcome {
  readonly errorCode: number;
  readonly timers: readonly TimerChange[];
}

/** Changes nothing but the member's session, so it needs no copy of the group. */
export function decideHeartbeat(
  group: ClassicGroup | undefined,
  heartbeat: MemberIdentity & { readonly generationId: number },
): HeartbeatOutcome {
  if (group === undefined) return { errorCode: ErrorCode.UNKNOWN_MEMBER_ID, timers: [] };
  const fenced = fencingError(group, heartbeat);
  if (fenced !== 0) return { errorCode: fenced, timers: [] };
  if (heartbeat.generationId !== group.generationId) {
    return { errorCode: ErrorCode.ILLEGAL_GENERATION, timers: [] };
  }
  const member = group.members.get(heartbeat.memberId)!;
  return {
    errorCode: group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : 0,
    timers: [sessionRestart(member.memberId, member.sessionTimeoutMs)],
  };
}
