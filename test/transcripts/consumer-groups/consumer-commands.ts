// The commands of the transcripts of consumer groups: those of the classic ones that also mean something here, and the
// heartbeat that is the whole of KIP-848. A client remembers its member id and epoch, and what it owns.

import type { MigrationPolicy } from '../../../src/broker/groups/consumer/consumer-decision.ts';
import type { ConsumerGroups } from '../../../src/broker/groups/consumer/consumer-groups.ts';
import type { HeartbeatRequest } from '../../../src/broker/groups/consumer/heartbeat.ts';
import type { GroupCoordinator } from '../../../src/broker/groups/group-coordinator.ts';
import type { GroupOffsets } from '../../../src/broker/groups/offsets/group-offsets.ts';
import { errorOf } from '../../../src/protocol/errors.ts';
import type { FakeTopics } from '../groups/fake-topics.ts';
import { nameOfId } from '../groups/fake-topics.ts';
import type { Client } from '../groups/group-commands.ts';
import { commands as groupCommands, type Words } from '../groups/group-commands.ts';
import type { GroupWorld } from '../groups/group-world.ts';
import { type OwnedTopic, partitionsText } from './consumer-record-text.ts';

/** What the commands act on: the coordinator itself, or a broker at the other end of a connection. */
export interface ConsumerWorld {
  readonly coordinator: Pick<GroupCoordinator, 'list' | 'delete'> & {
    readonly offsets: Pick<GroupOffsets, 'commit' | 'fetch'>;
    readonly consumer: Pick<ConsumerGroups, 'heartbeat' | 'describe'>;
  };
  readonly topics: Pick<FakeTopics, 'create' | 'grow' | 'delete' | 'byName'>;
  client(name: string): Client;
  say(line: string): void;
  configure: GroupWorld['configure'];
  configureConsumers: GroupWorld['configureConsumers'];
}

type Command = (world: ConsumerWorld, words: Words) => void;

/** What a client was assigned last, by group and name. */
const owned = new WeakMap<object, readonly OwnedTopic[]>();

function errorName(code: number): string {
  return code === 0 ? 'ok' : errorOf(code).name;
}

function listOf(text: string): string[] {
  return text.split(',').filter(word => word !== '');
}

/** `join A …` and `beat A …`: one request, told apart by the epoch. */
const beat =
  (isJoin: boolean): Command =>
  (world, words) => {
    const client = world.client(words.plain[0]!);
    client.memberId = words.text('member', client.memberId || client.name);
    const instanceId = words.text('instance', client.instanceId ?? '');
    client.instanceId = instanceId === '' ? null : instanceId;
    const owns = words.text('owns', isJoin ? 'none' : '');
    const request: HeartbeatRequest = {
      groupId: words.text('group', 'g'),
      memberId: client.memberId,
      memberEpoch: words.number('epoch', isJoin ? 0 : client.generationId),
      instanceId: client.instanceId,
      rackId: null,
      rebalanceTimeoutMs: words.number('rebalance', isJoin ? 60_000 : -1),
      subscribedTopicNames: namesOf(words, isJoin),
      subscribedTopicRegex: words.text('regex', '') === '' ? null : words.text('regex', ''),
      serverAssignor: words.text('assignor', '') === '' ? null : words.text('assignor', ''),
      topicPartitions: owns === '' ? null : ownedOf(world, client, owns),
    };
    const answer = world.coordinator.consumer.heartbeat({
      request,
      apiVersion: words.number('v', 1),
      clientId: client.name,
      clientHost: '/127.0.0.1',
    });
    if (!answer.isSettled) world.say(`${client.name} waits`);
    answer.whenComplete(response => {
      if (response.errorCode !== 0) {
        world.say(`${client.name}: ${errorName(response.errorCode)}, ${response.errorMessage}`);
        return;
      }
      client.generationId = response.memberEpoch;
      if (response.assignment != null) owned.set(client, response.assignment.topicPartitions);
      const assignment =
        response.assignment == null ? '' : `, owns ${partitionsText(response.assignment.topicPartitions)}`;
      world.say(`${client.name}: epoch ${response.memberEpoch}${assignment}`);
    });
  };

function namesOf(words: Words, isJoin: boolean): string[] | null {
  const topics = words.text('topics', '');
  if (topics === 'none') return [];
  if (topics !== '') return listOf(topics);
  return isJoin && words.text('regex', '') === '' ? ['orders'] : null;
}

/** `all`: what it was told last; `none`; or a list like orders-0,orders-1. */
function ownedOf(world: ConsumerWorld, client: object, owns: string) {
  if (owns === 'none') return [];
  const assignment = owned.get(client) ?? [];
  if (owns === 'all')
    return assignment.map(({ topicId, partitions }) => ({ topicId, partitions: [...partitions] }));
  return listOf(owns).map(text => {
    const at = text.lastIndexOf('-');
    const name = text.slice(0, at);
    const topicId =
      world.topics.byName(name)?.id ?? assignment.find(topic => nameOfId(topic.topicId) === name)!.topicId;
    return { topicId, partitions: [Number(text.slice(at + 1))] };
  });
}

const leave: Command = (world, words) => {
  const client = world.client(words.plain[0]!);
  const answer = world.coordinator.consumer.heartbeat({
    request: {
      groupId: words.text('group', 'g'),
      memberId: client.memberId,
      memberEpoch: words.number('epoch', -1),
      instanceId: client.instanceId,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: null,
    },
    apiVersion: 1,
    clientId: client.name,
    clientHost: '/127.0.0.1',
  });
  answer.whenComplete(({ errorCode, memberEpoch }) =>
    world.say(`${client.name}: leave ${errorName(errorCode)}, epoch ${memberEpoch}`),
  );
};

const describe: Command = (world, words) => {
  const groupId = words.text('group', 'g');
  world.coordinator.consumer.describe([groupId]).whenComplete(([described]) => {
    if (described?.group == null) {
      world.say(`${groupId}: ${described?.error?.errorName}, ${described?.error?.message}`);
      return;
    }
    const { groupState, groupEpoch, assignmentEpoch, assignorName, members } = described.group;
    world.say(`${groupId}: ${groupState}, epoch ${groupEpoch}, target ${assignmentEpoch} by ${assignorName}`);
    for (const member of members) {
      const has = partitionsText(member.assignment.topicPartitions);
      const target = partitionsText(member.targetAssignment.topicPartitions);
      world.say(`  ${member.memberId}: epoch ${member.memberEpoch}, has ${has}, target ${target}`);
    }
  });
};

const list: Command = (world, words) => {
  const filter = { states: listOf(words.text('states', '')), types: listOf(words.text('types', '')) };
  world.coordinator.list(filter).whenComplete(({ groups }) => {
    for (const { groupId, groupState, groupType, protocolType } of groups)
      world.say(`${groupId}: ${groupState}, ${groupType}, "${protocolType}"`);
    if (groups.length === 0) world.say('no groups');
  });
};

/** A commit by topic id, as members send it. */
const commit: Command = (world, words) => {
  const client = world.client(words.plain[0]!);
  const answer = world.coordinator.offsets.commit({
    groupId: words.text('group', 'g'),
    generationId: words.number('epoch', client.generationId),
    memberId: words.text('member', client.memberId),
    groupInstanceId: client.instanceId,
    retentionTimeMs: -1,
    apiVersion: words.number('v', 10),
    topics: words.pairs('offsets').map(([topicPartition, offset]) => {
      const at = topicPartition.lastIndexOf('-');
      const name = topicPartition.slice(0, at);
      return {
        name,
        topicId: world.topics.byName(name)!.id,
        partitions: [
          {
            partitionIndex: Number(topicPartition.slice(at + 1)),
            committedOffset: Number(offset),
            committedLeaderEpoch: -1,
            committedMetadata: '',
          },
        ],
      };
    }),
  });
  answer.whenComplete(topics => {
    const each = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode }) => `${name}-${partitionIndex} ${errorName(errorCode)}`),
    );
    world.say(`${client.name}: commit ${each.join(', ')}`);
  });
};

const offsets: Command = (world, words) => {
  const name = words.plain[0];
  const client = name === undefined ? null : world.client(name);
  const answer = world.coordinator.offsets.fetch({
    groupId: words.text('group', 'g'),
    topics: null,
    requireStable: true,
    memberId: client === null ? null : words.text('member', client.memberId),
    memberEpoch: client === null ? -1 : words.number('epoch', client.generationId),
  });
  answer.whenComplete(({ errorCode, topics }) => {
    const each = topics.flatMap(topic =>
      topic.partitions.map(one => `${topic.name}-${one.partitionIndex}=${one.committedOffset}`),
    );
    world.say(`offsets ${errorCode === 0 ? each.join(', ') || 'none' : errorName(errorCode)}`);
  });
};

const set: Command = (world, words) => {
  if (words.text('retention', '') !== '')
    world.configure({ offsetsRetentionMs: words.number('retention', 0) });
  if (words.text('interval', '') !== '')
    world.configureConsumers({ assignmentIntervalMs: words.number('interval', 0) });
  if (words.text('max-size', '') !== '') world.configureConsumers({ maxSize: words.number('max-size', 0) });
  if (words.text('session', '') !== '')
    world.configureConsumers({ sessionTimeoutMs: words.number('session', 0) });
  if (words.text('initial-delay', '') !== '')
    world.configure({ initialRebalanceDelayMs: words.number('initial-delay', 0) });
  const policy = words.text('policy', '');
  if (policy !== '') world.configureConsumers({ migrationPolicy: policy as MigrationPolicy });
  if (words.text('classic-max-size', '') !== '')
    world.configure({ maxSize: words.number('classic-max-size', 0) });
};

const remove: Command = (world, words) => {
  const groupId = words.text('group', 'g');
  world.coordinator
    .delete([groupId])
    .whenComplete(([code]) => world.say(`${groupId}: delete ${errorName(code!)}`));
};

/** Those that a broker at the other end of a connection can be asked, too. */
export const consumerCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['join', beat(true)],
  ['beat', beat(false)],
  ['leave', leave],
  ['describe', describe],
  ['list', list],
  ['commit', commit],
  ['offsets', offsets],
  ['delete-group', remove],
  ['set', set],
  ['topic', (world, words) => world.topics.create(words.plain[0]!, Number(words.plain[1]))],
  ['grow', (world, words) => world.topics.grow(words.plain[0]!, Number(words.plain[1]))],
  ['drop', (world, words) => world.topics.delete(words.plain[0]!)],
]);

type InsideCommand = (world: GroupWorld, words: Words) => void;

const classic = (name: string) => groupCommands.get(name) as InsideCommand;

export const commands: ReadonlyMap<string, InsideCommand> = new Map<string, InsideCommand>([
  ...consumerCommands,
  ['join-classic', classic('join')],
  ['sync-classic', classic('sync')],
  ['leave-classic', classic('leave')],
  ['heartbeat-classic', classic('heartbeat')],
  ['describe-classic', classic('describe')],
  ...['advance', 'restart', 'hold-disk', 'release-disk', 'refuse-append', 'limit-batches'].map(
    (name): [string, InsideCommand] => [name, classic(name)],
  ),
]);
