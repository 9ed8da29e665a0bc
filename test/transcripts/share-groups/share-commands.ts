// The commands of the transcripts of share groups: the heartbeat of KIP-932, offsets that are looked at, altered and deleted,
// and the hands on the two disks. A client remembers its member id and epoch.

import type { AlterAnswer } from '../../../src/broker/groups/share/alter-offsets.ts';
import { errorOf } from '../../../src/protocol/errors.ts';
import { partitionsText } from '../consumer-groups/consumer-record-text.ts';
import { commands as groupCommands, type Words } from '../groups/group-commands.ts';
import type { GroupWorld } from '../groups/group-world.ts';

type Command = (world: GroupWorld, words: Words) => void;

function errorName(code: number): string {
  return code === 0 ? 'ok' : errorOf(code).name;
}

function groupOf(words: Words): string {
  return words.text('group', 'g');
}

const beat =
  (epochOf: (known: number) => number, topicsUnlessGiven: readonly string[] | null): Command =>
  (world, words) => {
    const client = world.client(words.plain[0]!);
    const topics = words.text('topics', '');
    const given = topics === 'none' ? [] : topics.split(',');
    const request = {
      groupId: groupOf(words),
      memberId: client.name,
      memberEpoch: words.number('epoch', epochOf(client.generationId)),
      rackId: words.text('rack', '') === '' ? null : words.text('rack', ''),
      subscribedTopicNames: topics === '' ? topicsUnlessGiven && [...topicsUnlessGiven] : given,
    };
    const answer = world.coordinator.share.heartbeat({
      request,
      clientId: client.name,
      clientHost: '/127.0.0.1',
    });
    if (!answer.isSettled) world.say(`${client.name} waits`);
    answer.whenComplete(({ errorCode, errorMessage, memberEpoch, assignment }) => {
      if (errorCode !== 0) {
        world.say(`${client.name}: ${errorName(errorCode)}, ${errorMessage}`);
        return;
      }
      client.generationId = memberEpoch;
      const has = assignment == null ? '' : `, has ${partitionsText(assignment.topicPartitions)}`;
      world.say(`${client.name}: epoch ${memberEpoch}${has}`);
    });
  };

const describe: Command = (world, words) => {
  const groupId = groupOf(words);
  world.coordinator.share.describe([groupId]).whenComplete(([described]) => {
    if (described?.group == null) {
      world.say(`${groupId}: ${described?.error?.errorName}, ${described?.error?.message}`);
      return;
    }
    const { groupState, groupEpoch, assignmentEpoch, members } = described.group;
    world.say(`${groupId}: ${groupState}, epoch ${groupEpoch}, target ${assignmentEpoch}`);
    for (const { memberId, memberEpoch, subscribedTopicNames, assignment } of members) {
      const has = partitionsText(assignment.topicPartitions);
      world.say(`  ${memberId} epoch ${memberEpoch} reads ${subscribedTopicNames.join(' ')}, has ${has}`);
    }
  });
};

const offsets: Command = (world, words) => {
  const groupId = groupOf(words);
  world.coordinator.shareOffsets.describe({ groupId, topics: null }).whenComplete(({ topics }) => {
    const each = topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partitionIndex, startOffset, lag, errorCode }) => {
        const error = errorCode === 0 ? '' : ` ${errorName(errorCode)}`;
        return `${topicName}-${partitionIndex} at ${startOffset} lag ${lag}${error}`;
      }),
    );
    world.say(`offsets ${each.join(', ') || 'none'}`);
  });
};

/** `alter orders-0:5 orders-1:0` */
const alter: Command = (world, words) => {
  const topics = new Map<string, { partitionIndex: number; startOffset: number }[]>();
  for (const text of words.plain) {
    const [, topicName, partition, offset] = /^(.*)-(\d+):(-?\d+)$/.exec(text)!;
    const ofTopic = topics.get(topicName!) ?? [];
    ofTopic.push({ partitionIndex: Number(partition), startOffset: Number(offset) });
    topics.set(topicName!, ofTopic);
  }
  const requested = [...topics].map(([topicName, partitions]) => ({ topicName, partitions }));
  const answer = world.coordinator.shareOffsets.alter({ groupId: groupOf(words), topics: requested });
  if (!answer.isSettled) world.say('alter waits');
  answer.whenComplete(altered => world.say(`altered ${alteredText(altered)}`));
};

function alteredText({ errorCode, errorMessage, responses }: AlterAnswer): string {
  if (errorCode !== 0) return `${errorName(errorCode)}, ${errorMessage}`;
  const each = responses.flatMap(({ topicName, partitions }) =>
    partitions.map(one => `${topicName}-${one.partitionIndex} ${errorName(one.errorCode)}`),
  );
  return each.join(', ') || 'nothing';
}

const deleteOffsets: Command = (world, words) => {
  const topics = words.plain.map(topicName => ({ topicName }));
  const answer = world.coordinator.shareOffsets.delete({ groupId: groupOf(words), topics });
  if (!answer.isSettled) world.say('delete waits');
  answer.whenComplete(({ errorCode, errorMessage, responses }) => {
    const each = responses.map(topic => `${topic.topicName} ${errorName(topic.errorCode)}`);
    world.say(
      `deleted ${errorCode === 0 ? each.join(', ') || 'nothing' : `${errorName(errorCode)}, ${errorMessage}`}`,
    );
  });
};

const remove: Command = (world, words) => {
  const groupId = groupOf(words);
  const answer = world.coordinator.delete([groupId]);
  if (!answer.isSettled) world.say(`delete of ${groupId} waits`);
  answer.whenComplete(([code]) => world.say(`${groupId}: delete ${errorName(code!)}`));
};

const list: Command = (world, words) => {
  const states = words.text('states', '') === '' ? [] : [words.text('states', '')];
  world.coordinator.list({ states, types: ['share'] }).whenComplete(({ groups }) => {
    for (const { groupId, groupState } of groups) world.say(`${groupId} ${groupState}`);
    if (groups.length === 0) world.say('none');
  });
};

const set: Command = (world, words) => {
  if (words.text('interval', '') !== '')
    world.configureShares({ assignmentIntervalMs: words.number('interval', 0) });
  if (words.text('max-size', '') !== '') world.configureShares({ maxSize: words.number('max-size', 0) });
  if (words.text('session', '') !== '')
    world.configureShares({ sessionTimeoutMs: words.number('session', 0) });
  if (words.text('end', '') !== '') world.highWatermark = words.number('end', 0);
};

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['join', beat(() => 0, ['orders'])],
  ['beat', beat(epoch => epoch, null)],
  ['leave', beat(() => -1, null)],
  ['describe', describe],
  ['list', list],
  ['offsets', offsets],
  ['alter', alter],
  ['delete-offsets', deleteOffsets],
  ['delete-group', remove],
  ['set', set],
  ['topic', (world, words) => world.topics.create(words.plain[0]!, Number(words.plain[1]))],
  ['grow', (world, words) => world.topics.grow(words.plain[0]!, Number(words.plain[1]))],
  ['drop', (world, words) => world.dropTopic(words.plain[0]!, words.plain[1] !== 'unseen')],
  ['hold-share-disk', world => world.shareDisk('hold')],
  ['release-share-disk', world => world.shareDisk('release')],
  ['refuse-share-append', world => world.shareDisk('refuse-append')],
  ['join-classic', groupCommands.get('join') as unknown as Command],
  ...['commit', 'advance', 'restart', 'hold-disk', 'release-disk', 'refuse-append', 'limit-batches'].map(
    (name): [string, Command] => [name, groupCommands.get(name) as unknown as Command],
  ),
]);
