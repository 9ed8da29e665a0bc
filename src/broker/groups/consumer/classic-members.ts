// SyncGroup, Heartbeat and LeaveGroup of classic members in a consumer group. A heartbeat is how such a member learns that
// it has to join again: because there is a new target, because it has to give partitions up, or because those it waits for
// are free. Follows Apache Kafka's classicGroupSyncToConsumerGroup, …HeartbeatToConsumerGroup and …LeaveToConsumerGroup.

import { ErrorCode, KafkaError } from '../../../protocol/errors.ts';
import { type SyncAnswer, type SyncRequest, syncAnswer } from '../classic/decision.ts';
import type { MemberIdentity } from '../classic/fencing.ts';
import type { LeaveAnswer } from '../classic/leave.ts';
import { CONSUMER_PROTOCOL_TYPE } from '../classic/subscribed-topics.ts';
import {
  type ConsumerContext,
  type ConsumerDecision,
  type ConsumerTimerChange,
  consumerJoinTimer,
  consumerSyncTimer,
  sessionTimerChange,
} from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import {
  type ClassicConsumerMember,
  type ConsumerMember,
  isClassic,
  MemberState,
} from './consumer-member.ts';
import { assignmentOf } from './downgrade.ts';
import { knownMember, knownStaticMember } from './identity.ts';
import { fence } from './leave.ts';

type ClassicIdentity = MemberIdentity & { readonly generationId: number };

/** Throws for who is no classic member, or one of another generation. */
function knownClassicMember(group: ConsumerGroup, identity: ClassicIdentity): ClassicConsumerMember {
  const member = memberOf(group, identity);
  if (!isClassic(member)) throw new KafkaError('UNKNOWN_MEMBER_ID');
  if (member.memberEpoch !== identity.generationId) throw new KafkaError('ILLEGAL_GENERATION');
  return member;
}

function memberOf(group: ConsumerGroup, { memberId, groupInstanceId }: MemberIdentity): ConsumerMember {
  return groupInstanceId === null
    ? knownMember(group, memberId)
    : knownStaticMember(group, { instanceId: groupInstanceId, memberId });
}

export function decideClassicSync(
  group: ConsumerGroup,
  request: SyncRequest,
  { topics }: ConsumerContext,
): ConsumerDecision<SyncAnswer> {
  const member = knownClassicMember(group, request);
  const { protocolType, protocolName } = request;
  const [protocol] = member.classic.supportedProtocols;
  const isOther =
    (protocolType !== null && protocolType !== CONSUMER_PROTOCOL_TYPE) ||
    (protocolName !== null && protocolName !== protocol!.name);
  if (isOther) throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
  // Who has to give partitions up has joined already: it does that first.
  if (group.assignmentEpoch > member.memberEpoch && member.state !== MemberState.UNREVOKED_PARTITIONS) {
    return decided(syncAnswer({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS }), [joinTimerChange(member)]);
  }
  const owned = new Map(
    [...member.assigned].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]),
  );
  const assignment = assignmentOf(owned, protocol!.metadata, topics);
  if (assignment === null) throw new KafkaError('UNKNOWN_SERVER_ERROR');
  return decided(syncAnswer({ protocolType, protocolName, assignment }), [
    { key: consumerSyncTimer(member.memberId), delayMs: null },
    sessionTimerChange(member.memberId, member.classic.sessionTimeoutMs),
  ]);
}

/** The error code. */
export function decideClassicHeartbeat(
  group: ConsumerGroup,
  heartbeat: ClassicIdentity,
): ConsumerDecision<number> {
  const member = knownClassicMember(group, heartbeat);
  const session = sessionTimerChange(member.memberId, member.classic.sessionTimeoutMs);
  const mustJoin =
    member.memberEpoch < group.assignmentEpoch ||
    member.state === MemberState.UNREVOKED_PARTITIONS ||
    (member.state === MemberState.UNRELEASED_PARTITIONS && !isWaitingForOthers(group, member));
  if (!mustJoin) return decided<number>(0, [session]);
  return decided<number>(ErrorCode.REBALANCE_IN_PROGRESS, [session, joinTimerChange(member)]);
}

/** Somebody still has a partition of the member's target. */
function isWaitingForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.targetOf(member.memberId)) {
    const assigned = member.assigned.get(topicId);
    for (const partition of partitions) {
      if (assigned?.has(partition) !== true && group.ownerOf(topicId, partition) !== undefined) return true;
    }
  }
  return false;
}

/** From the first call on, not from the last: a member that only sends heartbeats is fenced. */
function joinTimerChange({ memberId, rebalanceTimeoutMs }: ConsumerMember): ConsumerTimerChange {
  return {
    key: consumerJoinTimer(memberId),
    delayMs: rebalanceTimeoutMs,
    timeout: { kind: 'consumer-join', memberId },
    isKept: true,
  };
}

function decided<Response>(
  response: Response,
  timers: readonly ConsumerTimerChange[],
): ConsumerDecision<Response> {
  return { records: [], response, timers, reason: '' };
}

/** Members of either protocol may be removed this way; static ones also by their instance id alone. */
export function decideClassicLeave(
  group: ConsumerGroup,
  leaving: readonly MemberIdentity[],
  context: ConsumerContext,
): ConsumerDecision<LeaveAnswer> {
  const gone = new Map<string, ConsumerMember>();
  const members = leaving.map(identity => {
    const { memberId, groupInstanceId } = identity;
    const member = leavingMember(group, identity);
    if (typeof member === 'number') return { memberId, groupInstanceId, errorCode: member };
    gone.set(member.memberId, member);
    return { memberId, groupInstanceId, errorCode: 0 };
  });
  const response = { errorCode: 0, members };
  if (gone.size === 0) return decided<LeaveAnswer>(response, []);
  const reason = `${[...gone.keys()].join(', ')} left`;
  return { ...fence(group, { gone: [...gone.values()], reason }, context), response };
}

/** The member, or why it cannot leave. */
function leavingMember(
  group: ConsumerGroup,
  { memberId, groupInstanceId }: MemberIdentity,
): ConsumerMember | number {
  if (groupInstanceId === null) return group.members.get(memberId) ?? ErrorCode.UNKNOWN_MEMBER_ID;
  const member = group.staticMember(groupInstanceId);
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  return memberId === '' || memberId === member.memberId ? member : ErrorCode.FENCED_INSTANCE_ID;
}
