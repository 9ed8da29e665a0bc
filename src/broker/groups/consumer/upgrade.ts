// A living classic group becomes a consumer group (KIP-848, group.consumer.migration.policy): its members stay, as classic
// members, with what they were assigned last as their target and their own, in the epoch of their generation. Whoever waits
// for a rebalance of the classic group is told to join again. Pure: the group is made anew from the records that will make
// it again in the log. Follows Apache Kafka's validateOnlineUpgrade, convertToConsumerGroup and ConsumerGroup.fromClassicGroup.

import { ErrorCode, KafkaError } from '../../../protocol/errors.ts';
import { decodeAssignment, decodeSubscription } from '../../../protocol/messages/consumer-protocol.ts';
import { DecodeError } from '../../../protocol/wire/decode-error.ts';
import type { TopicPartitions } from '../assignors/assignor.ts';
import type { ClassicGroup } from '../classic/classic-group.ts';
import { type ClassicMember, metadataOf } from '../classic/classic-member.ts';
import { type Answer, joinAnswer, syncAnswer } from '../classic/decision.ts';
import { usesConsumerProtocol } from '../classic/subscribed-topics.ts';
import { type GroupRecord, groupTombstone } from '../group-records.ts';
import {
  type ConsumerContext,
  type ConsumerTimerChange,
  type Conversion,
  sessionTimerChange,
} from './consumer-decision.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { type ClassicConsumerMember, MemberState, newMember, sortedNames } from './consumer-member.ts';
import {
  assignmentRecord,
  type ConsumerGroupRecord,
  epochRecord,
  memberRecord,
  replayConsumerRecord,
  targetEpochRecord,
  targetRecord,
} from './consumer-records.ts';
import { metadataHashOf } from './subscriptions.ts';
import type { TopicsView } from './topics-view.ts';

/** As if no assignment had been made yet: the next one need not wait for its interval. */
const NO_TIME = 0;

export interface Upgrade {
  readonly group: ConsumerGroup;
  readonly records: readonly GroupRecord[];
  readonly timers: readonly ConsumerTimerChange[];
  readonly conversion: Conversion;
}

export function upgrade(classicGroup: ClassicGroup, { settings, topics }: ConsumerContext): Upgrade {
  const { groupId, generationId } = classicGroup;
  assertMayUpgrade(classicGroup, settings);
  const converted = convertedMembers(classicGroup, topics);
  const members = converted.map(({ member }) => member);
  const byId = new Map(members.map(member => [member.memberId, member]));
  const records: ConsumerGroupRecord[] = [
    ...members.map(member => memberRecord(groupId, member)),
    epochRecord(groupId, generationId, metadataHashOf(byId, new Map(), topics)),
    ...converted.map(({ member, target }) => targetRecord(groupId, member.memberId, target)),
    targetEpochRecord(groupId, generationId, NO_TIME),
    ...members.map(member => assignmentRecord(groupId, member)),
  ];
  const group = new ConsumerGroup(groupId);
  for (const record of records) replayConsumerRecord(group, record);
  return {
    group,
    records: [groupTombstone(groupId), ...records],
    timers: members.map(member => sessionTimerChange(member.memberId, member.classic.sessionTimeoutMs)),
    conversion: { group: null, answers: joinAgain(classicGroup), timers: [], transitions: [] },
  };
}

function assertMayUpgrade(
  classicGroup: ClassicGroup,
  { migrationPolicy, maxSize }: ConsumerContext['settings'],
): void {
  const reason =
    (migrationPolicy !== 'upgrade' && migrationPolicy !== 'bidirectional' && 'online upgrade is disabled') ||
    (!usesConsumerProtocol(classicGroup) && 'the group does not use the consumer embedded protocol') ||
    (classicGroup.members.size > maxSize && 'the group size exceeds the consumer group maximum size');
  if (reason) throw refusal(classicGroup, reason);
}

function refusal({ groupId }: ClassicGroup, reason: string): KafkaError {
  return new KafkaError(
    'GROUP_ID_NOT_FOUND',
    `Cannot upgrade classic group ${groupId} to consumer group because ${reason}.`,
  );
}

interface Converted {
  readonly member: ClassicConsumerMember;
  readonly target: TopicPartitions;
}

function convertedMembers(classicGroup: ClassicGroup, topics: TopicsView): Converted[] {
  try {
    return [...classicGroup.members.values()].map(member => converted(classicGroup, member, topics));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw refusal(classicGroup, 'the embedded consumer protocol is malformed');
  }
}

function converted(classicGroup: ClassicGroup, member: ClassicMember, topics: TopicsView): Converted {
  const { generationId, protocolName } = classicGroup;
  const metadata = protocolName === null ? undefined : metadataOf(member, protocolName);
  // Between two generations members need not agree on a protocol. Apache Kafka fails there in the same way.
  if (metadata === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR');
  const target = targetOf(classicGroup, member, topics);
  const subscription = decodeSubscription(metadata);
  const converted: ClassicConsumerMember = {
    ...newMember(member.memberId),
    memberEpoch: generationId,
    previousMemberEpoch: generationId,
    state: MemberState.STABLE,
    instanceId: member.groupInstanceId,
    rackId: subscription.rackId || null,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    clientId: member.clientId,
    clientHost: member.clientHost,
    topicNames: sortedNames(subscription.topics),
    assigned: new Map(
      [...target].map(([topicId, partitions]) => [
        topicId,
        new Map([...partitions].map(partition => [partition, generationId])),
      ]),
    ),
    classic: { sessionTimeoutMs: member.sessionTimeoutMs, supportedProtocols: [...member.protocols] },
  };
  return { member: converted, target };
}

/** Who has just joined was never assigned anything. */
function targetOf(classicGroup: ClassicGroup, { assignment }: ClassicMember, topics: TopicsView) {
  const target = new Map<string, ReadonlySet<number>>();
  if (assignment.length === 0) return target;
  const { assignedPartitions, userData } = decodeAssignment(assignment);
  if (userData !== null && userData.length > 0) {
    throw refusal(
      classicGroup,
      'an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade',
    );
  }
  for (const { topic, partitions } of assignedPartitions) {
    const known = topics.byName(topic);
    if (known !== undefined) target.set(known.id, new Set(partitions));
  }
  return target;
}

function joinAgain({ members }: ClassicGroup): Answer[] {
  const errorCode = ErrorCode.REBALANCE_IN_PROGRESS;
  const answers: Answer[] = [];
  for (const { memberId, joinTicket, syncTicket } of members.values()) {
    if (joinTicket !== null)
      answers.push({ kind: 'join', ticket: joinTicket, response: joinAnswer({ memberId, errorCode }) });
    if (syncTicket !== null)
      answers.push({ kind: 'sync', ticket: syncTicket, response: syncAnswer({ errorCode }) });
  }
  return answers;
}
