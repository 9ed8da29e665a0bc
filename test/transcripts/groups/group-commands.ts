// The commands of the transcripts: words to requests, answers to words.

import type { ClassicGroups } from '../../../src/broker/groups/classic/classic-groups.ts';
import type { GroupCoordinator } from '../../../src/broker/groups/group-coordinator.ts';
import type { GroupSettings } from '../../../src/broker/groups/group-settings.ts';
import type { GroupOffsets } from '../../../src/broker/groups/offsets/group-offsets.ts';
import type { Deferred } from '../../../src/broker/runtime/deferred.ts';
import { errorOf } from '../../../src/protocol/errors.ts';
import { encodeAssignment, encodeSubscription } from '../../../src/protocol/messages/consumer-protocol.ts';
import { ZERO_UUID } from '../../../src/protocol/wire/reader.ts';
import { assignmentText } from './assignment-text.ts';

/** What a client knows of itself. */
export interface Client {
  readonly name: string;
  memberId: string;
  generationId: number;
  protocols: { name: string; metadata: Buffer }[];
  instanceId: string | null;
}

/** What the commands act on: the coordinator itself, or a broker at the other end of a connection. */
export interface World {
  readonly coordinator: Pick<GroupCoordinator, 'describe' | 'delete' | 'topicDeleted'> & {
    readonly classic: Pick<ClassicGroups, 'join' | 'sync' | 'heartbeat' | 'leave'>;
    readonly offsets: Pick<GroupOffsets, 'commit' | 'fetch'>;
  };
  readonly clients: ReadonlyMap<string, Client>;
  client(name: string): Client;
  say(line: string): void;
  configure(change: Partial<GroupSettings>): void;
  limitBatches(batchBytesMax: number): void;
  advance(byMs: number): void | Promise<void>;
  restart(): void;
  disk(what: 'hold' | 'release' | 'refuse-append'): void;
}

/** `word=value` arguments, and words without `=`, in order. */
export class Words {
  readonly plain: string[] = [];
  readonly #named = new Map<string, string>();

  constructor(words: readonly string[]) {
    for (const word of words) {
      const at = word.indexOf('=');
      if (at > 0) this.#named.set(word.slice(0, at), word.slice(at + 1));
      else this.plain.push(word);
    }
  }

  text(name: string, otherwise: string): string {
    return this.#named.get(name) ?? otherwise;
  }

  number(name: string, otherwise: number): number {
    const text = this.#named.get(name);
    return text === undefined ? otherwise : amount(text);
  }

  pairs(name: string): [string, string][] {
    const text = this.text(name, '');
    return text === '' ? [] : text.split(',').map(pair => pair.split(':') as [string, string]);
  }
}

/** 30s, 5m, 2d, 100ms or a plain number. */
export function amount(text: string): number {
  const match = /^(-?\d+)(ms|s|m|h|d)?$/.exec(text);
  if (match === null) throw new Error(`"${text}" is no amount`);
  const factor = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] ?? 'ms'] ?? 1;
  return Number(match[1]) * factor;
}

/** A consumer's subscription, by hand: version 0, one topic, no user data. Apache Kafka looks into it. */
function subscriptionTo(topic: string): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(2 + 4 + 2 + name.length + 4);
  bytes.writeInt32BE(1, 2);
  bytes.writeInt16BE(name.length, 6);
  name.copy(bytes, 8);
  bytes.writeInt32BE(-1, 8 + name.length);
  return bytes;
}

/** orders-0+orders-1: partitions as members name them to each other. */
function partitionsOf(text: string): { topic: string; partitions: number[] }[] {
  const byTopic = new Map<string, number[]>();
  for (const topicPartition of text.split('+').filter(word => word !== '')) {
    const at = topicPartition.lastIndexOf('-');
    const topic = topicPartition.slice(0, at);
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), Number(topicPartition.slice(at + 1))]);
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
}

function topicOf(subscription: Uint8Array): string {
  const bytes = Buffer.from(subscription);
  return bytes.length < 8 ? '' : bytes.toString('utf8', 8, 8 + bytes.readInt16BE(6));
}

type Command = (world: World, words: Words) => void | Promise<void>;

function errorName(code: number): string {
  return code === 0 ? 'ok' : errorOf(code).name;
}

/** Says the answer when it comes; says that it does not come at once. */
function whenAnswered<T>(world: World, who: string, answer: Deferred<T>, text: (value: T) => string): void {
  if (!answer.isSettled) world.say(`${who} waits`);
  answer.whenComplete(value => world.say(`${who}: ${text(value)}`));
}

function clientOf(world: World, words: Words): Client {
  const name = words.plain[0];
  if (name === undefined) throw new Error('which client?');
  const client = world.client(name);
  client.memberId = words.text('member', client.memberId).replace(/^none$/, '');
  client.generationId = words.number('generation', client.generationId);
  return client;
}

const join: Command = (world, words) => {
  const client = clientOf(world, words);
  const protocols = words.pairs('protocols');
  if (protocols.length > 0 || client.protocols.length === 0) {
    client.protocols = (protocols.length > 0 ? protocols : [['range', 'topics']]).map(
      ([name, metadata = '']) => ({
        name: name!,
        metadata: subscriptionTo(metadata),
      }),
    );
  }
  if (words.text('protocols', '') === 'none') client.protocols = [];
  if (words.text('owns', '') !== '') {
    const ownedPartitions = partitionsOf(words.text('owns', '').replace(/^none$/, ''));
    client.protocols = client.protocols.map(({ name, metadata }) => {
      const topics = [topicOf(metadata)];
      return { name, metadata: encodeSubscription({ topics, userData: null, ownedPartitions }, 1) };
    });
  }
  const instanceId = words.text('instance', client.instanceId ?? '');
  client.instanceId = instanceId === '' ? null : instanceId;
  const apiVersion = words.number('v', 9);
  const answer = world.coordinator.classic.join({
    request: {
      groupId: words.text('group', 'g'),
      memberId: client.memberId,
      groupInstanceId: client.instanceId,
      sessionTimeoutMs: words.number('session', 30_000),
      rebalanceTimeoutMs: words.number('rebalance', 60_000),
      protocolType: words.text('type', 'consumer'),
      protocols: client.protocols,
      reason: null,
    },
    apiVersion,
    clientId: words.text('client', client.name),
    clientHost: '/127.0.0.1',
  });
  whenAnswered(world, client.name, answer, response => {
    if (response.errorCode !== 0) {
      if (errorName(response.errorCode) === 'MEMBER_ID_REQUIRED') client.memberId = response.memberId;
      const as = response.memberId === '' ? '' : ` as ${response.memberId}`;
      return `join ${errorName(response.errorCode)}${as}`;
    }
    client.memberId = response.memberId;
    client.generationId = response.generationId ?? -1;
    const members = (response.members ?? []).map(
      ({ memberId, metadata }) => `${memberId}=${topicOf(metadata)}`,
    );
    const list = members.length === 0 ? '' : ` [${members.join(', ')}]`;
    const skip = response.skipAssignment === true ? ', assignment stays' : '';
    return `join ok as ${response.memberId}, generation ${response.generationId}, ${response.protocolType}/${response.protocolName}, leader ${response.leader}${list}${skip}`;
  });
};

const sync: Command = (world, words) => {
  const client = clientOf(world, words);
  const answer = world.coordinator.classic.sync({
    request: {
      groupId: words.text('group', 'g'),
      generationId: client.generationId,
      memberId: client.memberId,
      groupInstanceId: client.instanceId,
      protocolType: words.text('type', 'consumer'),
      protocolName: words.text('protocol', client.protocols[0]?.name ?? 'range'),
      assignments: [
        ...words.pairs('assign').map(([name, assignment]) => ({
          memberId: world.clients.get(name)?.memberId ?? name,
          assignment: Buffer.from(assignment),
        })),
        ...words.pairs('gives').map(([name, partitions]) => ({
          memberId: world.clients.get(name)?.memberId ?? name,
          assignment: encodeAssignment({ assignedPartitions: partitionsOf(partitions), userData: null }, 0),
        })),
      ],
    },
  });
  whenAnswered(world, client.name, answer, response => {
    if (response.errorCode !== 0) return `sync ${errorName(response.errorCode)}`;
    const assignment = assignmentText(Buffer.from(response.assignment));
    return `sync ok, ${response.protocolType}/${response.protocolName}, assigned "${assignment}"`;
  });
};

const heartbeat: Command = (world, words) => {
  const client = clientOf(world, words);
  const answer = world.coordinator.classic.heartbeat({
    groupId: words.text('group', 'g'),
    generationId: client.generationId,
    memberId: client.memberId,
    groupInstanceId: client.instanceId,
  });
  whenAnswered(world, client.name, answer, code => `heartbeat ${errorName(code)}`);
};

const leave: Command = (world, words) => {
  const byInstance = words.text('instance', '');
  const leaving =
    byInstance === ''
      ? words.plain.map(name => {
          const { memberId, instanceId } = world.client(name);
          return { memberId, groupInstanceId: instanceId };
        })
      : [{ memberId: '', groupInstanceId: byInstance }];
  const answer = world.coordinator.classic.leave(words.text('group', 'g'), leaving);
  whenAnswered(world, words.plain[0] ?? 'admin', answer, ({ errorCode, members }) => {
    if (errorCode !== 0) return `leave ${errorName(errorCode)}`;
    const each = (members ?? []).map(
      member => `${member.memberId || member.groupInstanceId} ${errorName(member.errorCode)}`,
    );
    return `leave ${each.join(', ')}`;
  });
};

const commit: Command = (world, words) => {
  const client = words.plain.length === 0 ? null : clientOf(world, words);
  const answer = world.coordinator.offsets.commit({
    groupId: words.text('group', 'g'),
    generationId: client?.generationId ?? words.number('generation', -1),
    memberId: client?.memberId ?? words.text('member', ''),
    groupInstanceId: client?.instanceId ?? null,
    retentionTimeMs: words.number('retention', -1),
    apiVersion: words.number('v', 9),
    topics: words.pairs('offsets').map(([topicPartition, offset]) => {
      const at = topicPartition.lastIndexOf('-');
      return {
        name: topicPartition.slice(0, at),
        topicId: ZERO_UUID,
        partitions: [
          {
            partitionIndex: Number(topicPartition.slice(at + 1)),
            committedOffset: Number(offset),
            committedLeaderEpoch: words.number('epoch', -1),
            committedMetadata: 'x'.repeat(words.number('metadata', 0)),
          },
        ],
      };
    }),
  });
  whenAnswered(world, client?.name ?? 'admin', answer, topics => {
    const each = topics.flatMap(topic =>
      topic.partitions.map(
        ({ partitionIndex, errorCode }) => `${topic.name}-${partitionIndex} ${errorName(errorCode)}`,
      ),
    );
    return `commit ${each.join(', ')}`;
  });
};

const offsets: Command = (world, words) => {
  const groupId = words.text('group', 'g');
  const answer = world.coordinator.offsets.fetch({ groupId, topics: null, requireStable: true });
  whenAnswered(world, groupId, answer, ({ errorCode, topics }) => {
    if (errorCode !== 0) return `offsets ${errorName(errorCode)}`;
    const each = topics.flatMap(topic =>
      topic.partitions.map(
        partition => `${topic.name}-${partition.partitionIndex}=${partition.committedOffset}`,
      ),
    );
    return `offsets ${each.length === 0 ? 'none' : each.join(', ')}`;
  });
};

const describe: Command = (world, words) => {
  const groupId = words.text('group', 'g');
  whenAnswered(world, groupId, world.coordinator.describe([groupId]), ([described]) => {
    if (described?.group == null) return errorName(described?.errorCode ?? -1);
    const { state, protocolType, protocolData, members } = described.group;
    const each = members.map(
      ({ memberId, memberAssignment }) => `${memberId}=${assignmentText(memberAssignment)}`,
    );
    const list = each.length === 0 ? 'no members' : each.join(', ');
    return `${state}, protocol "${protocolType}/${protocolData}", ${list}`;
  });
};

const remove: Command = (world, words) => {
  const groupId = words.text('group', 'g');
  whenAnswered(world, groupId, world.coordinator.delete([groupId]), ([code]) => `delete ${errorName(code!)}`);
};

const SETTINGS: readonly (readonly [string, keyof GroupSettings])[] = [
  ['initial-delay', 'initialRebalanceDelayMs'],
  ['max-size', 'maxSize'],
  ['retention', 'offsetsRetentionMs'],
];

const set: Command = (world, words) => {
  const given = SETTINGS.filter(([word]) => words.text(word, '') !== '');
  world.configure(Object.fromEntries(given.map(([word, setting]) => [setting, words.number(word, 0)])));
};

const advance: Command = (world, words) => world.advance(amount(words.plain[0] ?? '0'));

export const commands: ReadonlyMap<string, Command> = new Map([
  ['join', join],
  ['sync', sync],
  ['heartbeat', heartbeat],
  ['leave', leave],
  ['commit', commit],
  ['offsets', offsets],
  ['describe', describe],
  ['delete-group', remove],
  [
    'delete-topic',
    (world, words) => world.coordinator.topicDeleted({ name: words.plain[0]!, topicId: ZERO_UUID }),
  ],
  ['set', set],
  ['advance', advance],
  ['limit-batches', (world, words) => world.limitBatches(amount(words.plain[0] ?? '0'))],
  ['restart', world => world.restart()],
  ['hold-disk', world => world.disk('hold')],
  ['release-disk', world => world.disk('release')],
  ['refuse-append', world => world.disk('refuse-append')],
]);
