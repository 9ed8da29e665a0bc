// The middle of a rebalance: everybody is called to join again (PreparingRebalance), the next generation begins
// (CompletingRebalance), and the group waits for the leader's assignment. Members that do not come back in time are
// dropped. Follows Apache Kafka's GroupMetadataManager (prepareRebalance to schedulePendingSync).

import { assert } from '../../../protocol/assert.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { ClassicGroup } from './classic-group.ts';
import { type ClassicMember, NO_ASSIGNMENT } from './classic-member.ts';
import { type JoinAnswer, REBALANCE_TIMER, SYNC_TIMER, sessionTimer, type Turn } from './decision.ts';

export function rebalanceOrCompleteJoin(turn: Turn, reason: string): void {
  if (turn.group.state === 'PreparingRebalance') completeJoinIfAllAreBack(turn);
  else prepareRebalance(turn, reason);
}

export function prepareRebalance(turn: Turn, reason: string): void {
  const { group } = turn;
  const isFirst = group.state === 'Empty';
  if (group.state === 'CompletingRebalance') answerSyncs(turn, ErrorCode.REBALANCE_IN_PROGRESS);
  group.pendingSyncs.clear();
  turn.cancel(SYNC_TIMER);
  turn.transitionTo('PreparingRebalance', reason);
  if (isFirst) waitForFirstMembers(turn);
  else if (group.hasAllMembersJoined) completeJoinPhase(turn);
  else turn.schedule(REBALANCE_TIMER, group.rebalanceTimeoutMs, { kind: 'rebalance' });
}

/** Ends the join phase unless it is the first rebalance, which its delay ends. */
export function completeJoinIfAllAreBack(turn: Turn): void {
  const { group } = turn;
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return;
  if (group.hasAllMembersJoined) completeJoinPhase(turn);
}

/** Everybody who is awaited in the first rebalance may take group.initial.rebalance.delay.ms; newcomers extend it. */
function waitForFirstMembers(turn: Turn): void {
  const delayMs = turn.context.settings.initialRebalanceDelayMs;
  const remainingMs = Math.max(turn.group.rebalanceTimeoutMs - delayMs, 0);
  if (delayMs === 0) completeJoinPhase(turn);
  else turn.schedule(REBALANCE_TIMER, delayMs, { kind: 'first-rebalance', delayMs, remainingMs });
}

export function firstRebalanceTimeout(turn: Turn, delayMs: number, remainingMs: number): void {
  const { group } = turn;
  if (group.state !== 'PreparingRebalance') return;
  if (!group.newMemberAdded || remainingMs === 0) {
    completeJoinPhase(turn);
    return;
  }
  group.newMemberAdded = false;
  const nextDelayMs = Math.min(turn.context.settings.initialRebalanceDelayMs, remainingMs);
  const nextRemainingMs = Math.max(remainingMs - delayMs, 0);
  turn.schedule(REBALANCE_TIMER, nextDelayMs, {
    kind: 'first-rebalance',
    delayMs: nextDelayMs,
    remainingMs: nextRemainingMs,
  });
}

/** The next generation begins with those who are here; dynamic members that are not are dropped, static ones kept. */
export function completeJoinPhase(turn: Turn): void {
  const { group } = turn;
  assert(group.state === 'PreparingRebalance', 'only a join phase can be completed');
  turn.cancel(REBALANCE_TIMER);
  const lost = dropAbsentMembers(turn);
  if (group.members.size === 0) {
    becomeEmpty(turn);
    return;
  }
  if (!electJoinedLeader(turn)) {
    // Only silent static members are left: their sessions end them, or one comes back.
    turn.schedule(REBALANCE_TIMER, group.rebalanceTimeoutMs, { kind: 'rebalance' });
    return;
  }
  group.generationId += 1;
  group.protocolName = group.selectProtocol();
  turn.transitionTo(
    'CompletingRebalance',
    lost.length === 0 ? 'all members have joined' : `${lost.join(', ')} did not join in time`,
  );
  group.newMemberAdded = false;
  group.pendingSyncs.clear();
  for (const member of [...group.members.values()]) {
    const answered = turn.completeJoin(member, currentGeneration(turn, member));
    group.update({ ...answered, isNew: false });
    turn.restartSession(member);
    group.pendingSyncs.add(member.memberId);
  }
  turn.schedule(SYNC_TIMER, group.rebalanceTimeoutMs, { kind: 'sync', generationId: group.generationId });
}

/** Static members keep their place without joining, until their session ends. */
function dropAbsentMembers(turn: Turn): string[] {
  const lost = [...turn.group.members.values()]
    .filter(member => member.joinTicket === null && member.groupInstanceId === null)
    .map(member => member.memberId);
  for (const memberId of lost) {
    turn.group.remove(memberId);
    turn.cancel(sessionTimer(memberId));
  }
  return lost;
}

function becomeEmpty(turn: Turn): void {
  const { group } = turn;
  group.generationId += 1;
  group.protocolName = null;
  group.leaderId = null;
  group.pendingSyncs.clear();
  turn.transitionTo('Empty', 'the last member is gone');
  turn.persist();
}

/** A leader that did not come back loses its place to a member that did. */
function electJoinedLeader(turn: Turn): boolean {
  const { group } = turn;
  const leader = group.leaderId === null ? undefined : group.members.get(group.leaderId);
  if (leader !== undefined && leader.joinTicket !== null) return true;
  for (const member of group.members.values()) {
    if (member.joinTicket === null) continue;
    group.leaderId = member.memberId;
    return true;
  }
  return false;
}

/** What JoinGroup answers in the present generation: to the leader with all members, to others without. */
export function currentGeneration(turn: Turn, member: ClassicMember): JoinAnswer {
  const { group } = turn;
  return {
    errorCode: 0,
    memberId: member.memberId,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? '',
    members: group.isLeader(member.memberId) ? membersForLeader(group) : [],
  };
}

function membersForLeader(group: ClassicGroup): JoinAnswer['members'] {
  return [...group.members.values()].map(member => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: group.metadataOf(member),
  }));
}

/** The assignment could not be written: everybody who waits for it is told so, and a new one is asked for. */
export function assignmentLost(turn: Turn, errorCode: number): void {
  if (turn.group.state !== 'CompletingRebalance') return;
  answerSyncs(turn, errorCode);
  prepareRebalance(turn, 'the assignment could not be written');
}

function answerSyncs(turn: Turn, errorCode: number): void {
  for (const member of [...turn.group.members.values()]) {
    if (member.syncTicket !== null) turn.restartSession(member);
    const answered = turn.completeSync(member, { errorCode });
    turn.group.update({ ...answered, assignment: NO_ASSIGNMENT });
  }
}

/** Members that never fetched their assignment are dropped, and the others rebalance without them. */
export function syncTimeout(turn: Turn, generationId: number): void {
  const { group } = turn;
  if (generationId !== group.generationId) return;
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return;
  if (group.pendingSyncs.size === 0) return;
  const lost = [...group.pendingSyncs];
  for (const memberId of lost) {
    group.remove(memberId);
    turn.cancel(sessionTimer(memberId));
  }
  prepareRebalance(turn, `${lost.join(', ')} did not sync in time`);
}
