// ConsumerGroupHeartbeat of a member that stays or joins (KIP-848). Three steps, each with its records: the member as it
// is now, and a new group epoch when what the group reads has changed; a new target assignment when the epoch has moved;
// the member's next step towards its target. Follows Apache Kafka's GroupMetadataManager.consumerGroupHeartbeat.

import type { ConsumerGroupHeartbeat } from '../../../protocol/messages/apis/consumer-group-heartbeat.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import type { GroupRecord } from '../group-records.ts';
import { JOIN_EPOCH } from '../member-epochs.ts';
import { type ConsumerContext, type ConsumerDecision, sessionTimerChange } from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import {
  type ConsumerMember,
  isSameEpochs,
  isSameList,
  isSameMetadata,
  newMember,
  sortedNames,
} from './consumer-member.ts';
import { memberRecord } from './consumer-records.ts';
import { assertEpoch, assertReleased, assertRoom, knownMember, knownStaticMember } from './identity.ts';
import { groupEpochAfter, membersAfter, type Progress, replaceStatic, step } from './progress.ts';
import { decideRegexes } from './regex-subscription.ts';
import { targetFor } from './target.ts';

export type HeartbeatRequest = RequestOf<typeof ConsumerGroupHeartbeat>;
export type HeartbeatAnswer = ResponseDraft<typeof ConsumerGroupHeartbeat>;

export interface HeartbeatCommand {
  readonly request: HeartbeatRequest;
  readonly clientId: string;
  readonly clientHost: string;
}

/** One heartbeat while it is being decided. */
interface Beat extends Progress {
  readonly command: HeartbeatCommand;
}

/** `before`: the member as it was, under the id it has now; `formerId`: the id the group's state knows it by. */
interface Arrival {
  readonly before: ConsumerMember;
  readonly formerId: string;
}

/** `records`: what made room for the group (the tombstone of an empty classic one), or made it from a living one. */
export function decideHeartbeat(
  group: ConsumerGroup,
  command: HeartbeatCommand,
  context: ConsumerContext & { readonly records: readonly GroupRecord[] },
): ConsumerDecision<HeartbeatAnswer> {
  const beat: Beat = { group, command, context, records: [...context.records], timers: [] };
  const { request } = command;
  assertRoom(group, { memberId: request.memberId, maxSize: context.settings.maxSize });
  const { before, formerId } = arrivalOf(beat);
  const updated = updatedMember(before, command);
  const isChanged = !isSameMetadata(before, updated);
  if (isChanged) beat.records.push(memberRecord(group.groupId, updated));
  const namesChanged = isChanged && !isSameList(before.topicNames, updated.topicNames);
  const regexes = decideRegexes({ group, before, updated, context, records: beat.records });
  const members = membersAfter(group, updated, formerId);
  const groupEpoch = groupEpochAfter(beat, {
    members,
    isBumped: namesChanged || regexes.isResolved,
    regexes,
  });
  const target = targetFor(
    { group, groupEpoch, members, member: updated, formerMemberId: formerId },
    context,
    beat.records,
  );
  const hasSubscriptionChanged = namesChanged || regexes.isChanged;
  const { topicPartitions: ownedPartitions } = request;
  const member = step(beat, { member: updated, target, hasSubscriptionChanged, ownedPartitions });
  beat.timers.push(sessionTimerChange(member.memberId, context.settings.sessionTimeoutMs));
  return {
    records: beat.records,
    response: answerOf(beat, before, member),
    timers: beat.timers,
    checkedTopicsVersion: context.topics.version,
    ...(regexes.toResolve === null ? {} : { regexesToResolve: regexes.toResolve }),
    reason:
      request.memberEpoch === JOIN_EPOCH
        ? `member ${member.memberId} joined`
        : `heartbeat of ${member.memberId}`,
  };
}

function arrivalOf(beat: Beat): Arrival {
  const { group, command } = beat;
  const { memberId, memberEpoch, instanceId, topicPartitions } = command.request;
  const isJoining = memberEpoch === JOIN_EPOCH;
  if (instanceId === null) {
    const known = isJoining ? group.members.get(memberId) : knownMember(group, memberId);
    const before = known ?? newMember(memberId);
    assertEpoch(before, memberEpoch, topicPartitions);
    return { before, formerId: memberId };
  }
  if (!isJoining) {
    const before = knownStaticMember(group, { instanceId, memberId });
    assertEpoch(before, memberEpoch, topicPartitions);
    return { before, formerId: memberId };
  }
  const existing = group.staticMember(instanceId);
  if (existing === undefined) return { before: group.memberOrNew(memberId), formerId: memberId };
  if (existing.classic === null) assertReleased(existing, { instanceId, memberId });
  return { before: replaceStatic(beat, existing, memberId), formerId: existing.memberId };
}

/** Null in a request means "as before". */
function updatedMember(
  before: ConsumerMember,
  { request, clientId, clientHost }: HeartbeatCommand,
): ConsumerMember {
  const { instanceId, rackId, rebalanceTimeoutMs, serverAssignor } = request;
  const { subscribedTopicNames, subscribedTopicRegex } = request;
  return {
    ...before,
    instanceId: instanceId ?? before.instanceId,
    rackId: rackId ?? before.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? before.rebalanceTimeoutMs : rebalanceTimeoutMs,
    serverAssignor: serverAssignor ?? before.serverAssignor,
    topicNames: subscribedTopicNames === null ? before.topicNames : sortedNames(subscribedTopicNames),
    topicRegex: subscribedTopicRegex ?? before.topicRegex,
    clientId,
    clientHost,
    classic: null,
  };
}

/** The assignment is told to who joins, who tells everything anew (as after an error), and when it has changed. */
function answerOf(beat: Beat, before: ConsumerMember, member: ConsumerMember): HeartbeatAnswer {
  const { request } = beat.command;
  const tellsAll =
    request.rebalanceTimeoutMs !== -1 &&
    (request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null) &&
    request.topicPartitions !== null;
  const isTold =
    request.memberEpoch === JOIN_EPOCH || tellsAll || !isSameEpochs(before.assigned, member.assigned);
  const topicPartitions = [...member.assigned].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions.keys()].sort((a, b) => a - b),
  }));
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: beat.context.settings.heartbeatIntervalMs,
    assignment: isTold ? { topicPartitions } : null,
  };
}
