// A consumer group becomes a classic one again when the last member of the consumer protocol goes, or a static classic
// member takes its place (group.consumer.migration.policy): the classic members stay, each with its target as what it was
// assigned, in the generation of the group epoch. Follows Apache Kafka's validateOnlineDowngrade…, convertToClassicGroup and
// ClassicGroup.fromConsumerGroup.

import { KafkaError } from '../../../protocol/errors.ts';
import {
  ConsumerProtocolAssignment,
  encodeAssignment,
} from '../../../protocol/messages/consumer-protocol.ts';
import { DecodeError } from '../../../protocol/wire/decode-error.ts';
import { Reader } from '../../../protocol/wire/reader.ts';
import type { TopicPartitions } from '../assignors/assignor.ts';
import { ClassicGroup } from '../classic/classic-group.ts';
import { NO_ASSIGNMENT } from '../classic/classic-member.ts';
import { Turn } from '../classic/decision.ts';
import { prepareRebalance } from '../classic/rebalance.ts';
import { CONSUMER_PROTOCOL_TYPE } from '../classic/subscribed-topics.ts';
import type { GroupRecord } from '../group-records.ts';
import type { ConsumerContext, Conversion } from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type ClassicConsumerMember, type ConsumerMember, isClassic } from './consumer-member.ts';
import { consumerGroupTombstones } from './consumer-records.ts';
import type { TopicsView } from './topics-view.ts';

/** Whether the group, once these members have left it, is to be a classic one. */
export function isDowngradedWithout(
  group: ConsumerGroup,
  gone: readonly ConsumerMember[],
  context: ConsumerContext,
): boolean {
  const left = new Set(gone.map(({ memberId }) => memberId));
  const staying = [...group.members.values()].filter(({ memberId }) => !left.has(memberId));
  return staying.length > 0 && staying.every(isClassic) && mayDowngrade(staying.length, context);
}

/** Whether the group is to be a classic one when a classic member takes the static member's place. */
export function isDowngradedByReplacing(
  group: ConsumerGroup,
  replaced: ConsumerMember,
  context: ConsumerContext,
): boolean {
  if (isClassic(replaced)) return false;
  for (const member of group.members.values())
    if (member.memberId !== replaced.memberId && !isClassic(member)) return false;
  return mayDowngrade(group.members.size, context);
}

function mayDowngrade(size: number, { settings, classic }: ConsumerContext): boolean {
  const { migrationPolicy } = settings;
  const isAllowed = migrationPolicy === 'downgrade' || migrationPolicy === 'bidirectional';
  return isAllowed && size <= classic.settings.maxSize;
}

export interface DowngradeInput {
  readonly gone: readonly ConsumerMember[];
  /** It takes the place of the static member of its instance id; records for that are written already. */
  readonly joining: ClassicConsumerMember | null;
  /** Why members must join again; null: they need not. */
  readonly rebalanceReason: string | null;
}

export interface Downgrade {
  readonly records: readonly GroupRecord[];
  readonly conversion: Conversion;
}

export function downgrade(
  group: ConsumerGroup,
  { gone, joining, rebalanceReason }: DowngradeInput,
  { topics, classic }: ConsumerContext,
): Downgrade {
  const left = new Set(gone.map(({ memberId }) => memberId));
  const replaced = joining?.instanceId == null ? undefined : group.staticMember(joining.instanceId);
  const isReplaced = (memberId: string) => memberId === replaced?.memberId;
  const memberIds = [...group.members.keys()].map(id => (isReplaced(id) && joining ? joining.memberId : id));
  const staying = [...group.members.values()].filter(
    (member): member is ClassicConsumerMember =>
      isClassic(member) && !left.has(member.memberId) && !isReplaced(member.memberId),
  );
  if (joining !== null) staying.push(joining);
  const targetOf = (memberId: string) =>
    group.targetOf(memberId === joining?.memberId && replaced !== undefined ? replaced.memberId : memberId);
  const classicGroup = classicGroupOf(group, { members: staying, nowMs: classic.nowMs });
  assign(classicGroup, targetOf, topics);
  const turn = new Turn(classicGroup, classic);
  turn.records.push(...consumerGroupTombstones(group, memberIds));
  turn.persist();
  for (const member of classicGroup.members.values()) turn.restartSession(member);
  if (rebalanceReason !== null) prepareRebalance(turn, rebalanceReason);
  const { records, answers, timers, transitions } = turn;
  return { records, conversion: { group: classicGroup, answers, timers, transitions } };
}

function classicGroupOf(
  { groupId, groupEpoch }: ConsumerGroup,
  { members, nowMs }: { readonly members: readonly ClassicConsumerMember[]; readonly nowMs: number },
): ClassicGroup {
  const classicGroup = new ClassicGroup(groupId, nowMs);
  for (const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, classic } of members) {
    const member = {
      memberId,
      groupInstanceId: instanceId,
      clientId,
      clientHost,
      rebalanceTimeoutMs,
      sessionTimeoutMs: classic.sessionTimeoutMs,
      protocols: classic.supportedProtocols,
      assignment: NO_ASSIGNMENT,
      isNew: false,
      joinTicket: null,
      syncTicket: null,
    };
    classicGroup.add(member, CONSUMER_PROTOCOL_TYPE);
  }
  classicGroup.state = 'Stable';
  classicGroup.generationId = groupEpoch;
  classicGroup.protocolName = classicGroup.selectProtocol();
  return classicGroup;
}

/** In the version of the member's own subscription. */
function assign(
  classicGroup: ClassicGroup,
  targetOf: (memberId: string) => TopicPartitions,
  topics: TopicsView,
): void {
  for (const member of [...classicGroup.members.values()]) {
    const assignment = assignmentOf(targetOf(member.memberId), classicGroup.metadataOf(member), topics);
    if (assignment === null) {
      throw new KafkaError(
        'GROUP_ID_NOT_FOUND',
        `Cannot downgrade the classic group ${classicGroup.groupId}: the subscription of ${member.memberId} cannot be read.`,
      );
    }
    classicGroup.update({ ...member, assignment });
  }
}

/** What a classic member is told it has; null: its subscription cannot be read. */
export function assignmentOf(
  partitions: TopicPartitions,
  subscription: Buffer,
  topics: TopicsView,
): Buffer | null {
  const version = versionOf(subscription);
  if (version === null) return null;
  const assignedPartitions = [];
  for (const [topicId, ofTopic] of partitions) {
    const topic = topics.byId(topicId);
    if (topic !== undefined) assignedPartitions.push({ topic: topic.name, partitions: [...ofTopic] });
  }
  return encodeAssignment({ assignedPartitions, userData: null }, version);
}

function versionOf(subscription: Buffer): number | null {
  try {
    const version = new Reader(subscription).int16();
    return version < 0 ? null : Math.min(version, ConsumerProtocolAssignment.versions.max);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
