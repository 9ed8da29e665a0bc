// JoinGroup of a classic member in a consumer group (KIP-848, a group that is rolling from one protocol to the other): it is
// answered at once, for the group's epochs and targets are the rebalance. Its subscription stands in the first of its
// protocols; what it owns, too. Follows Apache Kafka's classicGroupJoinToConsumerGroup, refusals included.

import { ErrorCode, KafkaError } from '../../../protocol/errors.ts';
import type { ConsumerProtocolSubscription } from '../../../protocol/messages/consumer-protocol.ts';
import { decodeSubscription } from '../../../protocol/messages/consumer-protocol.ts';
import type { RecordOf } from '../../../protocol/schema/field.ts';
import { DecodeError } from '../../../protocol/wire/decode-error.ts';
import { type JoinAnswer, joinAnswer } from '../classic/decision.ts';
import { isTooLarge, type JoinCommand, mustComeBackWithId, rebalanceTimeoutMsOf } from '../classic/join.ts';
import { CONSUMER_PROTOCOL_TYPE } from '../classic/subscribed-topics.ts';
import {
  type ConsumerContext,
  type ConsumerDecision,
  consumerJoinTimer,
  consumerSyncTimer,
  sessionTimerChange,
} from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import {
  type ClassicConsumerMember,
  type ConsumerMember,
  isClassic,
  isSameList,
  isSameMetadata,
  newMember,
  sortedNames,
} from './consumer-member.ts';
import { memberRecord } from './consumer-records.ts';
import { downgrade, isDowngradedByReplacing } from './downgrade.ts';
import { assertRoom, knownStaticMember } from './identity.ts';
import { groupEpochAfter, membersAfter, type Progress, replaceStatic, step } from './progress.ts';
import type { OwnedPartitions } from './reconcile.ts';
import { decideRegexes } from './regex-subscription.ts';
import { targetFor } from './target.ts';
import type { TopicsView } from './topics-view.ts';

type Subscription = RecordOf<typeof ConsumerProtocolSubscription>;
export type ClassicJoinCommand = Omit<JoinCommand, 'ticket'>;

/** One JoinGroup while it is being decided. */
interface Join extends Progress {
  readonly command: ClassicJoinCommand;
  readonly subscription: Subscription;
  readonly memberId: string;
}

export function decideClassicJoin(
  group: ConsumerGroup,
  command: ClassicJoinCommand,
  context: ConsumerContext,
): ConsumerDecision<JoinAnswer> {
  const { request } = command;
  if (isTooLarge(request)) throw new KafkaError('MESSAGE_TOO_LARGE');
  const { migrationPolicy, maxSize } = context.settings;
  if (migrationPolicy === 'disabled') throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
  assertRoom(group, { memberId: request.memberId, maxSize });
  if (!supportsProtocols(group, request)) throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
  const memberId = request.memberId || context.newUuid();
  if (mustComeBackWithId(command)) {
    const response = joinAnswer({ memberId, errorCode: ErrorCode.MEMBER_ID_REQUIRED });
    return { records: [], response, timers: [], reason: '' };
  }
  const subscription = subscriptionOf(command);
  const join: Join = { group, command, context, subscription, memberId, records: [], timers: [] };
  return decideJoining(join);
}

/** Whether all classic members know one of these protocols. */
function supportsProtocols(
  group: ConsumerGroup,
  { protocolType, protocols }: ClassicJoinCommand['request'],
): boolean {
  if (protocolType !== CONSUMER_PROTOCOL_TYPE) return false;
  const classic = [...group.members.values()].filter(isClassic);
  return protocols.some(({ name }) =>
    classic.every(member => member.classic.supportedProtocols.some(protocol => protocol.name === name)),
  );
}

function subscriptionOf({ request }: ClassicJoinCommand): Subscription {
  try {
    return decodeSubscription(request.protocols[0]!.metadata);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
  }
}

function decideJoining(join: Join): ConsumerDecision<JoinAnswer> {
  const { group, command, context, records, timers } = join;
  const { groupInstanceId } = command.request;
  const { before, formerId } = arrivalOf(join);
  const replaced = groupInstanceId === null ? undefined : group.staticMember(groupInstanceId);
  const updated = updatedMember(join, before);
  const isChanged = !isSameMetadata(before, updated);
  if (isChanged) records.push(memberRecord(group.groupId, updated));
  const regexes = decideRegexes({ group, before, updated, context, records });
  const members = membersAfter(group, updated, formerId);
  const isBumped = !isSameList(before.topicNames, updated.topicNames) || regexes.isChanged;
  const groupEpoch = groupEpochAfter(join, { members, isBumped, regexes });
  const reason = `member ${updated.memberId} joined`;
  const ownedPartitions = ownedBy(join.subscription, context.topics);
  if (replaced !== undefined && isDowngradedByReplacing(group, replaced, context)) {
    return { ...downgraded(join, { updated, groupEpoch, isBumped, ownedPartitions }), reason };
  }
  const target = targetFor(
    { group, groupEpoch, members, member: updated, formerMemberId: formerId },
    context,
    records,
  );
  const member = step(join, { member: updated, target, hasSubscriptionChanged: isBumped, ownedPartitions });
  const rebalanceTimeoutMs = rebalanceTimeoutMsOf(command);
  timers.push(
    { key: consumerJoinTimer(member.memberId), delayMs: null },
    sessionTimerChange(member.memberId, command.request.sessionTimeoutMs),
    {
      key: consumerSyncTimer(member.memberId),
      delayMs: rebalanceTimeoutMs,
      timeout: { kind: 'consumer-sync', memberId: member.memberId },
    },
  );
  return {
    records,
    response: answerOf(updated, member.memberEpoch),
    timers,
    checkedTopicsVersion: context.topics.version,
    ...(regexes.toResolve === null ? {} : { regexesToResolve: regexes.toResolve }),
    reason,
  };
}

/** `before`: the member as it was, under the id it has now; `formerId`: the id the group's state knows it by. */
function arrivalOf(join: Join): { readonly before: ConsumerMember; readonly formerId: string } {
  const { group, command, memberId } = join;
  const { groupInstanceId: instanceId } = command.request;
  if (instanceId === null)
    return { before: group.members.get(memberId) ?? newMember(memberId), formerId: memberId };
  if (command.request.memberId !== '')
    return { before: knownStaticMember(group, { instanceId, memberId }), formerId: memberId };
  const existing = group.staticMember(instanceId);
  if (existing === undefined) return { before: newMember(memberId), formerId: memberId };
  return { before: replaceStatic(join, existing, memberId), formerId: existing.memberId };
}

function updatedMember({ command, subscription }: Join, before: ConsumerMember): ClassicConsumerMember {
  const { request, clientId, clientHost } = command;
  return {
    ...before,
    instanceId: request.groupInstanceId ?? before.instanceId,
    rackId: subscription.rackId || before.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMsOf(command),
    topicNames: sortedNames(subscription.topics),
    // A classic client matches its pattern itself.
    topicRegex: '',
    clientId,
    clientHost,
    classic: { sessionTimeoutMs: request.sessionTimeoutMs, supportedProtocols: [...request.protocols] },
  };
}

function ownedBy({ ownedPartitions }: Subscription, topics: TopicsView): OwnedPartitions {
  return ownedPartitions.flatMap(({ topic, partitions }) => {
    const known = topics.byName(topic);
    return known === undefined ? [] : [{ topicId: known.id, partitions }];
  });
}

/** The last member of the consumer protocol was a static one, and this member has come in its place. */
function downgraded(
  join: Join,
  input: {
    readonly updated: ClassicConsumerMember;
    readonly groupEpoch: number;
    readonly isBumped: boolean;
    readonly ownedPartitions: OwnedPartitions;
  },
): Omit<ConsumerDecision<JoinAnswer>, 'reason'> {
  const { group, context, records } = join;
  const { updated, groupEpoch, isBumped, ownedPartitions } = input;
  const isStale = group.assignmentEpoch < groupEpoch;
  const target = { epoch: group.assignmentEpoch, partitions: group.targetOfMember(updated) };
  const { memberEpoch } = isStale
    ? updated
    : step(join, { member: updated, target, hasSubscriptionChanged: isBumped, ownedPartitions });
  const { records: last, conversion } = downgrade(
    group,
    {
      gone: [],
      joining: updated,
      rebalanceReason: isStale ? `${updated.memberId} joined after the last assignment` : null,
    },
    context,
  );
  const response = answerOf(updated, memberEpoch);
  return { records: [...records, ...last], response, timers: [], conversion };
}

/** Nobody leads: the broker assigns. */
function answerOf({ memberId, classic }: ClassicConsumerMember, memberEpoch: number): JoinAnswer {
  return joinAnswer({
    memberId,
    generationId: memberEpoch,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName: classic.supportedProtocols[0]!.name,
  });
}
