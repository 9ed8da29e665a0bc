// JoinGroup of the classic protocol: who may come in, under which id, and whether that starts a rebalance. Follows Apache
// Kafka's GroupMetadataManager (classicGroupJoinToClassicGroup); KIP-345 static members, KIP-394 ids given out first,
// KIP-814 static leaders that come back to an unchanged group.

import { ErrorCode } from '../../../protocol/errors.ts';
import { groupMetadataRecord } from '../group-records.ts';
import { ClassicGroup } from './classic-group.ts';
import { type ClassicMember, hasProtocols, NO_ASSIGNMENT, type Ticket } from './classic-member.ts';
import {
  type ClassicDecision,
  type JoinRequest,
  joinAnswer,
  NOTHING,
  sessionRestart,
  sessionTimer,
  Turn,
  type TurnContext,
} from './decision.ts';
import { fencingError } from './fencing.ts';
import {
  completeJoinIfAllAreBack,
  currentGeneration,
  prepareRebalance,
  rebalanceOrCompleteJoin,
} from './rebalance.ts';

/** How long a member that waits for its first answer is kept: it cannot heartbeat, and its client may be gone. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1_000;
/**
 * Members of one group, and ids given out, whatever group.max.size says: each join copies the group, and an id is given
 * to anybody who asks. The largest groups known have a few thousand members.
 */
export const MEMBERS_MAX = 10_000;
/** What one member may say of itself in all of its protocols; the log takes far less of it (max.message.bytes). */
const METADATA_BYTES_MAX = 4 * 1024 * 1024;
const FIRST_VERSION_WITH_ID_ROUND_TRIP = 4;
const FIRST_VERSION_WITH_SKIP_ASSIGNMENT = 9;

export interface JoinCommand {
  readonly request: JoinRequest;
  readonly apiVersion: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly ticket: Ticket;
}

/** `group`: undefined when there is none of that name yet. */
export function decideJoin(
  group: ClassicGroup | undefined,
  command: JoinCommand,
  context: TurnContext,
): ClassicDecision {
  const { request, ticket } = command;
  if (group === undefined && request.memberId !== '') {
    const response = joinAnswer({ memberId: request.memberId, errorCode: ErrorCode.UNKNOWN_MEMBER_ID });
    return { ...NOTHING, answers: [{ kind: 'join', ticket, response }] };
  }
  if (isTooLarge(request)) {
    const response = joinAnswer({ memberId: request.memberId, errorCode: ErrorCode.MESSAGE_TOO_LARGE });
    return { ...NOTHING, answers: [{ kind: 'join', ticket, response }] };
  }
  const turn = new Turn(group?.copy() ?? new ClassicGroup(request.groupId, context.nowMs), context);
  // A new group is in the log from its first moment, so that it is there after a restart for the member that comes
  // back with the id it was given.
  if (group === undefined) turn.records.push(groupMetadataRecord(turn.group));
  if (!hasRoom(turn, request.memberId)) {
    turn.group.remove(request.memberId);
    turn.answerJoin(ticket, { memberId: '', errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED });
    // The others need not wait for it any longer.
    completeJoinIfAllAreBack(turn);
  } else if (!turn.group.supports(request.protocolType, request.protocols)) {
    turn.answerJoin(ticket, {
      memberId: request.memberId,
      errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
    });
  } else if (request.memberId === '') {
    joinNew(turn, command);
  } else {
    joinKnown(turn, command);
  }
  return turn;
}

export function isTooLarge({ protocols }: JoinRequest): boolean {
  const size = protocols.reduce((sum, { name, metadata }) => sum + name.length + metadata.length, 0);
  return size > METADATA_BYTES_MAX;
}

/** A dynamic member without an id is given one and comes back with it (KIP-394). */
export function mustComeBackWithId({ request, apiVersion }: Omit<JoinCommand, 'ticket'>): boolean {
  const { memberId, groupInstanceId } = request;
  return memberId === '' && groupInstanceId === null && apiVersion >= FIRST_VERSION_WITH_ID_ROUND_TRIP;
}

/** group.max.size. While a rebalance is on, those count who have joined it: the slowest to come back are kept out. */
function hasRoom(turn: Turn, memberId: string): boolean {
  const { group } = turn;
  const { maxSize } = turn.context.settings;
  const member = group.members.get(memberId);
  const isNewcomer = member === undefined && !group.pendingJoins.has(memberId);
  if (isNewcomer && group.members.size + group.pendingJoins.size >= MEMBERS_MAX) return false;
  switch (group.state) {
    case 'Empty':
      return true;
    case 'PreparingRebalance':
      return (member !== undefined && member.joinTicket !== null) || group.membersAwaitingJoin < maxSize;
    default:
      return member !== undefined || group.members.size < maxSize;
  }
}

function joinNew(turn: Turn, command: JoinCommand): void {
  const { group } = turn;
  const { request } = command;
  const memberId = `${request.groupInstanceId ?? command.clientId}-${turn.context.newUuid()}`;
  if (request.groupInstanceId !== null) {
    const replacedId = group.staticMembers.get(request.groupInstanceId);
    if (replacedId === undefined) addMember(turn, command, memberId);
    else replaceStaticMember(turn, command, { replacedId, memberId });
    return;
  }
  if (!mustComeBackWithId(command)) {
    addMember(turn, command, memberId);
    return;
  }
  group.pendingJoins.add(memberId);
  turn.timers.push(sessionRestart(memberId, request.sessionTimeoutMs));
  turn.answerJoin(command.ticket, { memberId, errorCode: ErrorCode.MEMBER_ID_REQUIRED });
}

function addMember(turn: Turn, command: JoinCommand, memberId: string): void {
  const { group } = turn;
  const { request } = command;
  const member: ClassicMember = {
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: command.clientId,
    clientHost: command.clientHost,
    rebalanceTimeoutMs: rebalanceTimeoutMsOf(command),
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: request.protocols,
    assignment: NO_ASSIGNMENT,
    isNew: true,
    joinTicket: command.ticket,
    syncTicket: null,
  };
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true;
  group.add(member, request.protocolType);
  turn.restartSession(member, NEW_MEMBER_JOIN_TIMEOUT_MS);
  rebalanceOrCompleteJoin(turn, `member ${memberId} joined`);
}

/** Version 0 had one timeout for both. */
export function rebalanceTimeoutMsOf({ apiVersion, request }: Omit<JoinCommand, 'ticket'>): number {
  return apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs;
}

function joinKnown(turn: Turn, command: JoinCommand): void {
  const { group } = turn;
  const { memberId, groupInstanceId, protocols } = command.request;
  if (group.pendingJoins.has(memberId)) {
    // An id was given out to a dynamic member; who brings it back as a static one is not that member.
    if (groupInstanceId === null) addMember(turn, command, memberId);
    else turn.answerJoin(command.ticket, { memberId, errorCode: ErrorCode.UNKNOWN_MEMBER_ID });
    return;
  }
  const errorCode = fencingError(group, { memberId, groupInstanceId });
  if (errorCode !== 0) {
    turn.answerJoin(command.ticket, { memberId, errorCode });
    return;
  }
  const member = group.members.get(memberId)!;
  const isUnchanged = hasProtocols(member, protocols);
  switch (group.state) {
    case 'PreparingRebalance':
      rejoin(turn, command, member, `member ${memberId} joined again`);
      break;
    case 'CompletingRebalance':
      // It may have missed the answer to its first try.
      if (isUnchanged) turn.answerJoin(command.ticket, currentGeneration(turn, member));
      else rejoin(turn, command, member, `member ${memberId} changed its metadata`);
      break;
    case 'Stable':
      // The leader sees what the broker does not, new partitions for one: it may ask for a rebalance this way.
      if (group.isLeader(memberId)) rejoin(turn, command, member, `leader ${memberId} joined again`);
      else if (!isUnchanged) rejoin(turn, command, member, `member ${memberId} changed its metadata`);
      else turn.answerJoin(command.ticket, currentGeneration(turn, member));
      break;
    case 'Empty':
      turn.answerJoin(command.ticket, { memberId, errorCode: ErrorCode.UNKNOWN_MEMBER_ID });
      break;
  }
}

function rejoin(turn: Turn, command: JoinCommand, member: ClassicMember, reason: string): void {
  updateMember(turn, command, member);
  rebalanceOrCompleteJoin(turn, reason);
}

function updateMember(turn: Turn, command: JoinCommand, member: ClassicMember): ClassicMember {
  const { request, ticket } = command;
  // A member waits with one request. Whoever still listens for the older one is told to try again.
  turn.completeJoin(member, { memberId: member.memberId, errorCode: ErrorCode.REBALANCE_IN_PROGRESS });
  const updated: ClassicMember = {
    ...member,
    protocols: request.protocols,
    rebalanceTimeoutMs: rebalanceTimeoutMsOf(command),
    sessionTimeoutMs: request.sessionTimeoutMs,
    joinTicket: ticket,
  };
  turn.group.update(updated);
  return updated;
}

/** A static member has restarted. If the group would choose the same protocol as before, nobody need rebalance. */
function replaceStaticMember(
  turn: Turn,
  command: JoinCommand,
  ids: { readonly replacedId: string; readonly memberId: string },
): void {
  const { group } = turn;
  const replaced = group.members.get(ids.replacedId)!;
  const wasLeaderId = group.leaderId;
  turn.completeJoin(replaced, { memberId: ids.replacedId, errorCode: ErrorCode.FENCED_INSTANCE_ID });
  turn.completeSync(replaced, { errorCode: ErrorCode.FENCED_INSTANCE_ID });
  turn.cancel(sessionTimer(ids.replacedId));
  const successor = updateMember(turn, command, group.replaceStatic(replaced, ids.memberId));
  turn.restartSession(successor);
  const reason = `static member ${command.request.groupInstanceId} came back as ${ids.memberId}`;
  if (group.state === 'CompletingRebalance') {
    // The leader may be assigning to the old id right now.
    prepareRebalance(turn, reason);
  } else if (group.state === 'Stable' && group.selectProtocol() === group.protocolName) {
    answerReplaced(turn, command, successor, wasLeaderId);
  } else if (group.state === 'Stable') {
    rebalanceOrCompleteJoin(turn, reason);
  } else {
    completeJoinIfAllAreBack(turn);
  }
}

/** Older clients would assign as soon as they hear that they lead, so they are told the id that led before. */
function answerReplaced(
  turn: Turn,
  command: JoinCommand,
  successor: ClassicMember,
  wasLeaderId: string | null,
): void {
  const { group } = turn;
  const answer = currentGeneration(turn, successor);
  const response =
    command.apiVersion >= FIRST_VERSION_WITH_SKIP_ASSIGNMENT
      ? { ...answer, skipAssignment: group.isLeader(successor.memberId) }
      : { ...answer, leader: wasLeaderId ?? '', members: [] };
  group.update(turn.completeJoin(successor, response));
  turn.persist();
}
