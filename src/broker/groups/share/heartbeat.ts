// ShareGroupHeartbeat of a member that stays or joins (KIP-932). Three steps, each with its records: the member as it is
// now, and a new group epoch when what the group reads has changed or partitions wait to be assigned; a new target
// assignment when the epoch has moved; the member's place in it. What the group reads and has no share state yet is
// written down as being initialized; the share coordinator is asked once that is durable. Follows Apache Kafka's
// GroupMetadataManager.shareGroupHeartbeat.

import { KafkaError } from '../../../protocol/errors.ts';
import type { ShareGroupHeartbeat } from '../../../protocol/messages/apis/share-group-heartbeat.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import { isSameAssignment, type TopicPartitions } from '../assignors/assignor.ts';
import { isSameList, sortedNames } from '../consumer/consumer-member.ts';
import { JOIN_EPOCH } from '../member-epochs.ts';
import {
  type Initialization,
  type ShareContext,
  type ShareDecision,
  sessionTimerChange,
} from './share-decision.ts';
import type { ShareGroup } from './share-group.ts';
import { isSameMetadata, isSamePlace, type ShareMember, STABLE } from './share-member.ts';
import {
  assignmentRecord,
  epochRecord,
  listed,
  memberRecord,
  type ShareGroupRecord,
  statePartitionsRecord,
} from './share-records.ts';
import { metadataHashOf, readersOf, type ShareMembers, topicIdsOf } from './share-subscriptions.ts';
import { topicsToInitialize, withInitializing } from './state-partitions.ts';
import { isAssignmentPending, type ShareTarget, targetFor } from './target.ts';

export type HeartbeatRequest = RequestOf<typeof ShareGroupHeartbeat>;
export type HeartbeatAnswer = ResponseDraft<typeof ShareGroupHeartbeat>;

export interface HeartbeatCommand {
  readonly request: HeartbeatRequest;
  readonly clientId: string;
  readonly clientHost: string;
}

export interface HeartbeatOutcome {
  readonly answer: HeartbeatAnswer;
  /** What the share coordinator is to be asked now. */
  readonly initialization: Initialization | null;
}

export function decideShareHeartbeat(
  group: ShareGroup,
  command: HeartbeatCommand,
  context: ShareContext,
): ShareDecision<HeartbeatOutcome> {
  const { request } = command;
  const { memberId, memberEpoch } = request;
  assertRoom(group, { memberId, maxSize: context.settings.maxSize });
  const before = memberEpoch === JOIN_EPOCH ? group.memberOrNew(memberId) : knownMember(group, memberId);
  assertEpoch(before, memberEpoch);
  const updated = updatedMember(before, command);
  const records: ShareGroupRecord[] = [];
  const isChanged = !group.members.has(memberId) || !isSameMetadata(before, updated);
  if (isChanged) records.push(memberRecord(group.groupId, updated));
  const members = new Map(group.members).set(memberId, updated);
  const { groupEpoch, isBumped } = groupEpochAfter(
    group,
    { members, namesChanged: !isSameList(before.topicNames, updated.topicNames) },
    context,
    records,
  );
  const target = targetFor({ group, groupEpoch, members, member: updated }, context, records);
  const member = placed(updated, { target, isBumped }, context);
  if (member !== updated) records.push(assignmentRecord(group.groupId, member));
  const initialization = initializationFor(group, { groupEpoch, members }, context, records);
  return {
    records,
    response: { answer: answerOf(command, { before, member }, context), initialization },
    timers: [sessionTimerChange(memberId, context.settings.sessionTimeoutMs)],
    checkedTopicsVersion: context.topics.version,
    reason: memberEpoch === JOIN_EPOCH ? `member ${memberId} joined` : `heartbeat of ${memberId}`,
  };
}

function assertRoom(
  group: ShareGroup,
  { memberId, maxSize }: { readonly memberId: string; readonly maxSize: number },
): void {
  if (group.members.size < maxSize || group.members.has(memberId)) return;
  throw new KafkaError(
    'GROUP_MAX_SIZE_REACHED',
    `The share group has reached its maximum capacity of ${maxSize} members.`,
  );
}

export function knownMember(group: ShareGroup, memberId: string): ShareMember {
  const member = group.members.get(memberId);
  if (member !== undefined) return member;
  throw new KafkaError('UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${group.groupId}.`);
}

function assertEpoch(member: ShareMember, received: number): void {
  const { memberEpoch, previousMemberEpoch } = member;
  if (received === JOIN_EPOCH || received === memberEpoch) return;
  // The answer with the newer epoch may have got lost.
  if (received < memberEpoch && received === previousMemberEpoch) return;
  const [which, previous] =
    received > memberEpoch
      ? ['greater', '']
      : ['smaller', `, and it does not match the previous member epoch (${previousMemberEpoch})`];
  throw new KafkaError(
    'FENCED_MEMBER_EPOCH',
    `The share group member has a ${which} member epoch (${received}) than the one known by the group coordinator (${memberEpoch})${previous}. The member must abandon all its partitions and rejoin.`,
  );
}

/** Null in a request means "as before". */
function updatedMember(
  before: ShareMember,
  { request, clientId, clientHost }: HeartbeatCommand,
): ShareMember {
  const { rackId, subscribedTopicNames } = request;
  return {
    ...before,
    rackId: rackId ?? before.rackId,
    topicNames: subscribedTopicNames === null ? before.topicNames : sortedNames(subscribedTopicNames),
    clientId,
    clientHost,
  };
}

function groupEpochAfter(
  group: ShareGroup,
  change: { readonly members: ShareMembers; readonly namesChanged: boolean },
  { topics }: ShareContext,
  records: ShareGroupRecord[],
): { readonly groupEpoch: number; readonly isBumped: boolean } {
  const { groupEpoch } = group;
  // While an assignment is due anyway, what else waits will be part of it.
  const isPending = group.assignmentEpoch >= groupEpoch && isAssignmentPending(group);
  const isNeeded = change.namesChanged || isPending;
  if (!isNeeded && group.checkedTopicsVersion === topics.version) return { groupEpoch, isBumped: false };
  const metadataHash = metadataHashOf(change.members, topics);
  if (!isNeeded && metadataHash === group.metadataHash) return { groupEpoch, isBumped: false };
  records.push(epochRecord(group.groupId, groupEpoch + 1, metadataHash));
  return { groupEpoch: groupEpoch + 1, isBumped: true };
}

/** The member in its target: nobody has to give up first. Topics that it does not read (any more) are left out. */
function placed(
  member: ShareMember,
  { target, isBumped }: { readonly target: ShareTarget; readonly isBumped: boolean },
  context: ShareContext,
): ShareMember {
  const isReconciled = member.state === STABLE && member.memberEpoch === target.epoch;
  if (isReconciled && !isBumped) return member;
  const topicIds = topicIdsOf(member, context.topics);
  const read: TopicPartitions = new Map([...target.partitions].filter(([topicId]) => topicIds.has(topicId)));
  const next =
    member.memberEpoch === target.epoch
      ? { ...member, assigned: read }
      : {
          ...member,
          state: STABLE,
          assigned: read,
          memberEpoch: target.epoch,
          previousMemberEpoch: member.memberEpoch,
        };
  return isSamePlace(next, member) ? member : next;
}

function initializationFor(
  group: ShareGroup,
  { groupEpoch, members }: { readonly groupEpoch: number; readonly members: ShareMembers },
  { topics, nowMs, settings }: ShareContext,
  records: ShareGroupRecord[],
): Initialization | null {
  const { groupId, statePartitions } = group;
  const missing = topicsToInitialize(statePartitions, readersOf(members).keys(), {
    topics,
    nowMs,
    retryIntervalMs: settings.initializeRetryIntervalMs,
  });
  if (missing.size === 0) return null;
  records.push(statePartitionsRecord(groupId, withInitializing(statePartitions, missing), topics));
  const startOffsets = [...missing].map(([topicId, { partitions }]) => {
    const uninitialized = [...partitions].map(partition => [partition, -1] as const);
    return [topicId, new Map(uninitialized)] as const;
  });
  return { groupId, stateEpoch: groupEpoch, startOffsets: new Map(startOffsets) };
}

/** The assignment is told to who joins, who tells its subscription anew (as after an error), and when it has changed. */
function answerOf(
  { request }: HeartbeatCommand,
  { before, member }: { readonly before: ShareMember; readonly member: ShareMember },
  { settings }: ShareContext,
): HeartbeatAnswer {
  const isTold =
    request.memberEpoch === JOIN_EPOCH ||
    request.subscribedTopicNames !== null ||
    !isSameAssignment(before.assigned, member.assigned);
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: settings.heartbeatIntervalMs,
    assignment: isTold ? { topicPartitions: listed(member.assigned) } : null,
  };
}
