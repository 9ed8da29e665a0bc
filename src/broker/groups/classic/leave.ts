// The ways out of a classic group: LeaveGroup (several members at once from version 3 on, static ones also by their
// instance id alone) and a session that ran out. Follows Apache Kafka's GroupMetadataManager.

import { ErrorCode } from '../../../protocol/errors.ts';
import type { LeaveGroup } from '../../../protocol/messages/apis/leave-group.ts';
import type { ResponseDraft } from '../../../protocol/schema/field.ts';
import type { ClassicGroup } from './classic-group.ts';
import { isExcusedFromHeartbeat } from './classic-member.ts';
import {
  type ClassicDecision,
  NOTHING,
  sessionTimer,
  type Timeout,
  Turn,
  type TurnContext,
} from './decision.ts';
import { fencingError, type MemberIdentity } from './fencing.ts';
import {
  completeJoinIfAllAreBack,
  completeJoinPhase,
  firstRebalanceTimeout,
  rebalanceOrCompleteJoin,
  syncTimeout,
} from './rebalance.ts';

export type LeaveAnswer = ResponseDraft<typeof LeaveGroup>;
type MemberAnswers = NonNullable<LeaveAnswer['members']>;

export interface LeaveDecision extends ClassicDecision {
  readonly members: MemberAnswers;
}

export function decideLeave(
  group: ClassicGroup | undefined,
  leaving: readonly MemberIdentity[],
  context: TurnContext,
): LeaveDecision {
  if (group === undefined) {
    const members = leaving.map(identity => ({ ...named(identity), errorCode: ErrorCode.UNKNOWN_MEMBER_ID }));
    return { ...NOTHING, members };
  }
  const turn = new Turn(group.copy(), context);
  const members = leaving.map(identity => ({ ...named(identity), errorCode: leave(turn, identity) }));
  const left = members.filter(member => member.errorCode === 0);
  if (left.length > 0) {
    const reason = `${left.map(member => member.memberId || member.groupInstanceId).join(', ')} left`;
    if (turn.group.state === 'Stable' || turn.group.state === 'CompletingRebalance') {
      rebalanceOrCompleteJoin(turn, reason);
    } else {
      completeJoinIfAllAreBack(turn);
    }
  }
  return { ...decisionOf(turn), members };
}

function named({ memberId, groupInstanceId }: MemberIdentity): MemberIdentity {
  return { memberId, groupInstanceId };
}

function decisionOf(turn: Turn): ClassicDecision {
  const { group, records, answers, timers, transitions } = turn;
  return { group, records, answers, timers, transitions };
}

/** 0 or the error of this member. */
function leave(turn: Turn, identity: MemberIdentity): number {
  const { group } = turn;
  if (identity.memberId === '') {
    // An administrator removes a static member by its instance id.
    const memberId =
      identity.groupInstanceId === null ? undefined : group.staticMembers.get(identity.groupInstanceId);
    if (memberId === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    drop(turn, memberId);
    return 0;
  }
  if (!group.pendingJoins.has(identity.memberId)) {
    const fenced = fencingError(group, identity);
    if (fenced !== 0) return fenced;
  }
  drop(turn, identity.memberId);
  return 0;
}

function drop(turn: Turn, memberId: string): void {
  const member = turn.group.members.get(memberId);
  if (member !== undefined) {
    turn.completeJoin(member, { memberId: '', errorCode: ErrorCode.UNKNOWN_MEMBER_ID });
    turn.completeSync(member, { errorCode: ErrorCode.UNKNOWN_MEMBER_ID });
  }
  turn.group.remove(memberId);
  turn.cancel(sessionTimer(memberId));
}

/** A timer fell due. What it means is decided by the state of now, not of when it was set. */
export function decideTimeout(
  group: ClassicGroup | undefined,
  timeout: Timeout,
  context: TurnContext,
): ClassicDecision {
  if (group === undefined) return NOTHING;
  const turn = new Turn(group.copy(), context);
  switch (timeout.kind) {
    case 'session':
      sessionTimeout(turn, timeout.memberId);
      break;
    case 'first-rebalance':
      firstRebalanceTimeout(turn, timeout.delayMs, timeout.remainingMs);
      break;
    case 'rebalance':
      if (group.state === 'PreparingRebalance') completeJoinPhase(turn);
      break;
    case 'sync':
      syncTimeout(turn, timeout.generationId);
      break;
  }
  return turn;
}

function sessionTimeout(turn: Turn, memberId: string): void {
  const { group } = turn;
  const member = group.members.get(memberId);
  if (member !== undefined && isExcusedFromHeartbeat(member)) return;
  if (member === undefined && !group.pendingJoins.has(memberId)) return;
  drop(turn, memberId);
  if (member !== undefined && (group.state === 'Stable' || group.state === 'CompletingRebalance')) {
    rebalanceOrCompleteJoin(turn, `the session of ${memberId} ended`);
  } else if (group.state === 'PreparingRebalance' && group.hasAllMembersJoined) {
    completeJoinPhase(turn);
  }
}
