// The ways out of a consumer group: leaving (-1), leaving for a while (a static member, -2), a session that ended, partitions
// not given up in time, a classic member that did not join or sync in time. Who is gone owns nothing, and the group epoch moves; the next heartbeat of somebody else makes
// the new target. Follows Apache Kafka's consumerGroupLeave and consumerGroupFenceMember.

import type { GroupRecord } from '../group-records.ts';
import { STATIC_LEAVE_EPOCH } from '../member-epochs.ts';
import {
  type ConsumerContext,
  type ConsumerDecision,
  type ConsumerTimeout,
  cancelledTimers,
} from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type ConsumerMember, hasRegex, NO_EPOCHS } from './consumer-member.ts';
import { assignmentRecord, epochRecord, memberTombstones, regexTombstone } from './consumer-records.ts';
import { downgrade, isDowngradedWithout } from './downgrade.ts';
import type { HeartbeatAnswer, HeartbeatRequest } from './heartbeat.ts';
import { knownMember, knownStaticMember } from './identity.ts';
import { metadataHashOf } from './subscriptions.ts';

export function decideConsumerLeave(
  group: ConsumerGroup,
  { memberId, memberEpoch, instanceId }: HeartbeatRequest,
  context: ConsumerContext,
): ConsumerDecision<HeartbeatAnswer> {
  const response = { throttleTimeMs: 0, errorCode: 0, memberId, memberEpoch, heartbeatIntervalMs: 0 };
  const member =
    instanceId === null ? knownMember(group, memberId) : knownStaticMember(group, { instanceId, memberId });
  if (instanceId !== null && memberEpoch === STATIC_LEAVE_EPOCH) {
    const records = [assignmentRecord(group.groupId, onLeave(member))];
    return { records, response, timers: [], reason: `static member ${instanceId} left for a while` };
  }
  return { ...fence(group, { gone: [member], reason: `member ${memberId} left` }, context), response };
}

/** It keeps its partitions, as if from epoch 0, for whoever comes back in its place. */
function onLeave(member: ConsumerMember): ConsumerMember {
  const assigned = new Map(
    [...member.assigned].map(([topicId, partitions]) => [
      topicId,
      new Map([...partitions.keys()].map(partition => [partition, 0])),
    ]),
  );
  return { ...member, memberEpoch: STATIC_LEAVE_EPOCH, assigned, pendingRevocation: NO_EPOCHS };
}

export function decideConsumerTimeout(
  group: ConsumerGroup | undefined,
  timeout: ConsumerTimeout,
  context: ConsumerContext,
): ConsumerDecision<null> {
  const member = group?.members.get(timeout.memberId);
  const nothing = { records: [], response: null, timers: [], reason: '' };
  if (group === undefined || member === undefined) return nothing;
  if (timeout.kind === 'consumer-rebalance' && member.memberEpoch !== timeout.memberEpoch) return nothing;
  const reason = reasonOf(timeout);
  return { ...fence(group, { gone: [member], reason }, context), response: null };
}

function reasonOf({ kind, memberId }: ConsumerTimeout): string {
  switch (kind) {
    case 'consumer-session':
      return `the session of ${memberId} ended`;
    case 'consumer-rebalance':
      return `${memberId} did not give up its partitions in time`;
    case 'consumer-join':
      return `${memberId} did not join in time`;
    case 'consumer-sync':
      return `${memberId} did not sync in time`;
  }
}

/** Takes members out; a group without members of the consumer protocol may become a classic one. */
export function fence(
  group: ConsumerGroup,
  { gone, reason }: { readonly gone: readonly ConsumerMember[]; readonly reason: string },
  context: ConsumerContext,
): Omit<ConsumerDecision<never>, 'response'> {
  const { groupId } = group;
  const { topics } = context;
  if (isDowngradedWithout(group, gone, context)) {
    return {
      ...downgrade(group, { gone, joining: null, rebalanceReason: reason }, context),
      timers: [],
      reason,
    };
  }
  const records: GroupRecord[] = gone.flatMap(({ memberId }) => memberTombstones(groupId, memberId));
  const members = new Map(group.members);
  for (const { memberId } of gone) members.delete(memberId);
  const resolved = new Map(group.resolvedRegexes);
  for (const regex of new Set(gone.filter(hasRegex).map(({ topicRegex }) => topicRegex))) {
    if ([...members.values()].some(({ topicRegex }) => topicRegex === regex)) continue;
    records.push(regexTombstone(groupId, regex));
    resolved.delete(regex);
  }
  records.push(epochRecord(groupId, group.groupEpoch + 1, metadataHashOf(members, resolved, topics)));
  return { records, timers: gone.flatMap(({ memberId }) => cancelledTimers(memberId)), reason };
}
