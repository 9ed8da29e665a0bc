// Groups of the consumer protocol (KIP-848): a member that stays and knows its assignment, a static one, one that left, a
// subscription by pattern. Nobody sends heartbeats while the directory changes hands, so nothing may change by itself.

import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { ConsumerGroupHeartbeat } from '../../../src/protocol/messages/apis/consumer-group-heartbeat.ts';
import { refuse, until, untilAnswered } from './asking.ts';
import { commit } from './fill-groups.ts';
import type { World } from './world.ts';

/** For both brokers: members outlive the run without a heartbeat. */
export const PATIENT_GROUPS = {
  'group.consumer.max.session.timeout.ms': '1800000',
  'group.consumer.session.timeout.ms': '1800000',
};
const LEAVE = -1;
const LEAVE_FOR_A_WHILE = -2;

interface Subscription {
  readonly group: string;
  readonly topics?: readonly string[];
  readonly pattern?: string;
  readonly instanceId?: string;
}

interface Member extends Subscription {
  readonly memberId: string;
  epoch: number;
  owned: { topicId: string; partitions: number[] }[];
}

export async function fillConsumerGroups(client: KafkaClient, world: World): Promise<void> {
  world.groups.push('consumers', 'consumers-static', 'consumers-left', 'consumers-pattern');
  const one = await join(client, world, { group: 'consumers', topics: ['codecs', 'empty'] });
  await commitAs(client, one, 4);
  const fixed = { group: 'consumers-static', topics: ['codecs'], instanceId: 'instance-1' };
  const away = await join(client, world, fixed);
  await commitAs(client, away, 5);
  await heartbeat(client, { ...away, epoch: LEAVE_FOR_A_WHILE });
  const left = await join(client, world, { group: 'consumers-left', topics: ['codecs'] });
  await commitAs(client, left, 6);
  await heartbeat(client, { ...left, epoch: LEAVE });
  await join(client, world, { group: 'consumers-pattern', pattern: 'co(decs|mpacted)' });
}

/** A group of this broker's own. */
export async function addConsumerGroup(client: KafkaClient, world: World): Promise<void> {
  const group = `consumers-of-round-${world.round}`;
  world.groups.push(group);
  const member = await join(client, world, { group, topics: ['codecs', 'grown'] });
  await commitAs(client, member, world.round);
}

async function join(client: KafkaClient, world: World, subscription: Subscription): Promise<Member> {
  const memberId = world.random.bytes(16).toString('base64url');
  const member: Member = { ...subscription, memberId, epoch: 0, owned: [] };
  await until(`${member.group} has an assignment`, async () => {
    const ownedBefore = JSON.stringify(member.owned);
    await heartbeat(client, member);
    return member.owned.length > 0 && JSON.stringify(member.owned) === ownedBefore;
  });
  return member;
}

function heartbeat(client: KafkaClient, member: Member): Promise<void> {
  const { group, memberId, topics = null, pattern = null, instanceId = null } = member;
  return untilAnswered(async () => {
    const isJoining = member.epoch === 0;
    const body = {
      groupId: group,
      memberId,
      memberEpoch: member.epoch,
      instanceId,
      rebalanceTimeoutMs: isJoining ? 60_000 : -1,
      subscribedTopicNames: isJoining ? [...(topics ?? [])] : null,
      subscribedTopicRegex: isJoining ? pattern : null,
      topicPartitions: member.epoch < 0 ? null : member.owned,
    };
    const node = { coordinatorOf: { key: group, type: 'group' } } as const;
    const answer = await client.request(ConsumerGroupHeartbeat, body, { node });
    refuse(answer.errorCode, `ConsumerGroupHeartbeat of ${group} (${answer.errorMessage})`);
    member.epoch = answer.memberEpoch;
    if (answer.assignment !== null) member.owned = answer.assignment.topicPartitions;
  });
}

function commitAs(client: KafkaClient, member: Member, offset: number): Promise<void> {
  const { group, memberId, epoch } = member;
  return commit(client, { group, topic: 'codecs', offset, metadata: '', memberId, generation: epoch });
}
