// The ways out of a share group: leaving (-1) and a session that ended. Who is gone is assigned nothing, and the group epoch
// moves; the next heartbeat of somebody else makes the new target. Follows Apache Kafka's shareGroupLeave and
// shareGroupFenceMember.

import { type HeartbeatOutcome, type HeartbeatRequest, knownMember } from './heartbeat.ts';
import {
  cancelledTimer,
  type ShareContext,
  type ShareDecision,
  type ShareTimeout,
} from './share-decision.ts';
import type { ShareGroup } from './share-group.ts';
import { epochRecord, memberTombstones } from './share-records.ts';
import { metadataHashOf } from './share-subscriptions.ts';

export function decideShareLeave(
  group: ShareGroup,
  { memberId, memberEpoch }: HeartbeatRequest,
  context: ShareContext,
): ShareDecision<HeartbeatOutcome> {
  knownMember(group, memberId);
  const answer = { throttleTimeMs: 0, errorCode: 0, memberId, memberEpoch, heartbeatIntervalMs: 0 };
  const response = { answer, initialization: null };
  return { ...without(group, memberId, context), response, reason: `member ${memberId} left` };
}

export function decideShareTimeout(
  group: ShareGroup | undefined,
  { memberId }: ShareTimeout,
  context: ShareContext,
): ShareDecision<null> {
  if (group?.members.has(memberId) !== true) return { records: [], response: null, timers: [], reason: '' };
  const reason = `the session of ${memberId} ended`;
  return { ...without(group, memberId, context), response: null, reason };
}

function without(
  { groupId, groupEpoch, members }: ShareGroup,
  memberId: string,
  { topics }: ShareContext,
): Pick<ShareDecision<never>, 'records' | 'timers'> {
  const left = new Map(members);
  left.delete(memberId);
  return {
    records: [
      ...memberTombstones(groupId, memberId),
      epochRecord(groupId, groupEpoch + 1, metadataHashOf(left, topics)),
    ],
    timers: [cancelledTimer(memberId)],
  };
}
