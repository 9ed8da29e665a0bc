// Groups and settings: classic groups with members that stay and members that left, offsets with metadata, offsets an
// administrator set, a group that was deleted; configs of brokers, quotas and SCRAM users as far as the broker serves them.

import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { AlterClientQuotas } from '../../../src/protocol/messages/apis/alter-client-quotas.ts';
import { AlterUserScramCredentials } from '../../../src/protocol/messages/apis/alter-user-scram-credentials.ts';
import { DeleteGroups } from '../../../src/protocol/messages/apis/delete-groups.ts';
import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { JoinGroup } from '../../../src/protocol/messages/apis/join-group.ts';
import { LeaveGroup } from '../../../src/protocol/messages/apis/leave-group.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { SyncGroup } from '../../../src/protocol/messages/apis/sync-group.ts';
import { refuse, serves, untilAnswered } from './asking.ts';
import type { World } from './world.ts';

/** The longest that both brokers allow: the member outlives the run without a heartbeat. */
const SESSION_TIMEOUT_MS = 1_800_000;
const BROKER = 4;
const GROUP = 32;

export async function fillGroups(client: KafkaClient, world: World): Promise<void> {
  const { random } = world;
  world.groups.push('by-admin', 'stays', 'left', 'deleted', 'Gruppe 🚂');
  await commit(client, {
    group: 'by-admin',
    topic: 'codecs',
    offset: random.between(1, 5),
    metadata: 'by hand, Ä',
  });
  await commit(client, { group: 'Gruppe 🚂', topic: 'segments', offset: 1, metadata: null });
  const staying = await join(client, 'stays', 'instance-1');
  await commit(client, { group: 'stays', topic: 'codecs', offset: 3, metadata: '', ...staying });
  const leaving = await join(client, 'left', null);
  await commit(client, { group: 'left', topic: 'codecs', offset: 2, metadata: 'x'.repeat(1000), ...leaving });
  await commit(client, { group: 'left', topic: 'grown', offset: 1, metadata: '', ...leaving });
  await leave(client, 'left', leaving.memberId);
  await commit(client, { group: 'deleted', topic: 'codecs', offset: 1, metadata: '' });
  await deleteGroup(client, 'deleted');
  await fillSettings(client);
}

export async function moveGroups(client: KafkaClient, world: World): Promise<void> {
  const offset = 5 + world.round;
  await commit(client, { group: 'by-admin', topic: 'codecs', offset, metadata: `round ${world.round}` });
  await commit(client, { group: 'by-admin', topic: 'segments', offset, metadata: 'another' });
  const group = `of-round-${world.round}`;
  world.groups.push(group);
  const member = await join(client, group, `instance-of-round-${world.round}`);
  await commit(client, { group, topic: 'codecs', offset, metadata: '', ...member });
  await alterConfigs(client, BROKER, '', { 'message.max.bytes': `${1_100_000 + world.round}` });
}

export interface Commit {
  readonly group: string;
  readonly topic: string;
  readonly offset: number;
  readonly metadata: string | null;
  readonly memberId?: string;
  readonly generation?: number;
  readonly groupInstanceId?: string | null;
}

export function commit(client: KafkaClient, entry: Commit): Promise<void> {
  const { group, topic, offset, metadata, memberId = '', generation = -1, groupInstanceId = null } = entry;
  return untilAnswered(async () => {
    const { topicId } = await client.topic(topic);
    const partitions = [
      { partitionIndex: 0, committedOffset: offset, committedMetadata: metadata, committedLeaderEpoch: 0 },
    ];
    const body = {
      groupId: group,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId,
      topics: [{ name: topic, topicId, partitions }],
    };
    const answer = await client.request(OffsetCommit, body, { node: coordinatorOf(group) });
    refuse(answer.topics[0]!.partitions[0]!.errorCode, `OffsetCommit of ${group}`);
  });
}

interface Joined {
  readonly memberId: string;
  readonly generation: number;
  readonly groupInstanceId: string | null;
}

/** The only member: leader at once, with an assignment of its own. */
function join(client: KafkaClient, group: string, groupInstanceId: string | null): Promise<Joined> {
  let memberId = '';
  return untilAnswered(async () => {
    const protocols = [
      { name: 'range', metadata: Buffer.from('0001000000010006636f64656373ffffffff', 'hex') },
    ];
    const body = {
      groupId: group,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      rebalanceTimeoutMs: 60_000,
      memberId,
      groupInstanceId,
      protocolType: 'consumer',
      protocols,
    };
    const joined = await client.request(JoinGroup, body, { node: coordinatorOf(group) });
    memberId = joined.memberId;
    if (joined.errorCode === 79) return await joinAgain();
    refuse(joined.errorCode, `JoinGroup of ${group}`);
    return await sync(joined.generationId);

    async function joinAgain(): Promise<Joined> {
      const again = await client.request(JoinGroup, { ...body, memberId }, { node: coordinatorOf(group) });
      refuse(again.errorCode, `JoinGroup of ${group}`);
      return sync(again.generationId);
    }

    async function sync(generation: number): Promise<Joined> {
      const assignment = Buffer.from('0001000000010006636f646563730000000200000000000000010000', 'hex');
      const answer = await client.request(
        SyncGroup,
        {
          groupId: group,
          generationId: generation,
          memberId,
          groupInstanceId,
          protocolType: 'consumer',
          protocolName: 'range',
          assignments: [{ memberId, assignment }],
        },
        { node: coordinatorOf(group) },
      );
      refuse(answer.errorCode, `SyncGroup of ${group}`);
      return { memberId, generation, groupInstanceId };
    }
  });
}

function leave(client: KafkaClient, group: string, memberId: string): Promise<void> {
  return untilAnswered(async () => {
    const body = { groupId: group, members: [{ memberId }] };
    const answer = await client.request(LeaveGroup, body, { node: coordinatorOf(group) });
    refuse(answer.errorCode, `LeaveGroup of ${group}`);
  });
}

function deleteGroup(client: KafkaClient, group: string): Promise<void> {
  return untilAnswered(async () => {
    const answer = await client.request(
      DeleteGroups,
      { groupsNames: [group] },
      { node: coordinatorOf(group) },
    );
    refuse(answer.results[0]!.errorCode, `DeleteGroups of ${group}`);
  });
}

async function fillSettings(client: KafkaClient): Promise<void> {
  await alterConfigs(client, BROKER, '', { 'message.max.bytes': '1100000' });
  await alterConfigs(client, BROKER, '1', { 'max.connections': '5000' });
  await alterConfigs(client, GROUP, 'left', { 'consumer.session.timeout.ms': '50000' });
  if (await serves(client, AlterClientQuotas)) await fillQuotas(client);
  if (await serves(client, AlterUserScramCredentials)) await fillScram(client);
}

async function fillQuotas(client: KafkaClient): Promise<void> {
  const entities = [
    [{ entityType: 'user', entityName: 'alice' }],
    [{ entityType: 'client-id', entityName: null }],
    [
      { entityType: 'user', entityName: 'alice' },
      { entityType: 'client-id', entityName: 'reports' },
    ],
  ];
  const ops = [
    { key: 'consumer_byte_rate', value: 1_000_000_000, remove: false },
    { key: 'request_percentage', value: 12_345.5, remove: false },
  ];
  const body = { entries: entities.map(entity => ({ entity, ops })), validateOnly: false };
  const answer = await client.request(AlterClientQuotas, body, { node: 'controller' });
  for (const { errorCode } of answer.entries) refuse(errorCode, 'AlterClientQuotas');
}

async function fillScram(client: KafkaClient): Promise<void> {
  const salt = Buffer.from('a salt that is no secret');
  const upsertions = [1, 2].map(mechanism => ({
    name: 'alice',
    mechanism,
    iterations: 4096,
    salt,
    saltedPassword: Buffer.alloc(mechanism === 1 ? 32 : 64, 7),
  }));
  for (const upsertion of upsertions) {
    const body = { deletions: [], upsertions: [upsertion] };
    const answer = await client.request(AlterUserScramCredentials, body, { node: 'controller' });
    for (const { errorCode } of answer.results) refuse(errorCode, 'AlterUserScramCredentials');
  }
}

export async function alterConfigs(
  client: KafkaClient,
  resourceType: number,
  resourceName: string,
  set: Readonly<Record<string, string>>,
): Promise<void> {
  const configs = Object.entries(set).map(([name, value]) => ({ name, configOperation: 0, value }));
  const body = { resources: [{ resourceType, resourceName, configs }], validateOnly: false };
  // What one broker has for itself, that broker changes.
  const node =
    resourceType === BROKER && resourceName !== '' ? ({ nodeId: Number(resourceName) } as const) : 'any';
  const answer = await client.request(IncrementalAlterConfigs, body, { node });
  refuse(answer.responses[0]!.errorCode, `IncrementalAlterConfigs (${answer.responses[0]!.errorMessage})`);
}

function coordinatorOf(key: string) {
  return { coordinatorOf: { key, type: 'group' } } as const;
}
