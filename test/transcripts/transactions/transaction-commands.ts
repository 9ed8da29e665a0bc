// The commands of the transcripts: words to requests, answers to words. A producer's transactional id is its name, or `id=`.
//   init A [timeout=60s] [again]     again: with the id and epoch it has (KIP-360)
//   add A orders-0 … [v=2]           v=2: as a producer of KIP-890
//   verify A orders-0 …
//   commit A [v=2], abort A [v=2]
//   epoch A 32766                    what the producer believes; `id A 1000` likewise
//   given A 1000/32766               the log says so, from another day
//   hold, release, refuse            the disk of the coordinator; `hold orders-0` that of a partition
//   hold ids, release ids            producer ids
//   advance 5s, restart, describe A, list [states=Ongoing], delete orders-0, server 1

import type { Deferred } from '../../../src/broker/runtime/deferred.ts';
import type { TopicPartition } from '../../../src/broker/transactions/transaction.ts';
import { amount, type Words } from '../groups/group-commands.ts';
import { nameOf, type Producer, START_MS, type TransactionWorld } from './transaction-world.ts';

type Command = (world: TransactionWorld, words: Words) => void;

function whenAnswered<T>(
  world: TransactionWorld,
  who: string,
  answer: Deferred<T>,
  text: (value: T) => string,
): void {
  if (!answer.isSettled) world.say(`${who} waits`);
  answer.whenComplete(value => world.say(`${who}: ${text(value)}`));
}

function producerOf(world: TransactionWorld, words: Words): Producer {
  return world.producer(words.plain[0] ?? 'A');
}

function idOf(words: Words): string {
  return words.text('id', words.plain[0] ?? 'A');
}

function partitionsOf(words: Words): TopicPartition[] {
  return words.plain.slice(1).map(name => {
    const dash = name.lastIndexOf('-');
    return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
  });
}

const init: Command = (world, words) => {
  const producer = producerOf(world, words);
  const isAgain = words.plain.includes('again');
  const { producerId, producerEpoch } = producer;
  const answer = world.coordinator.initProducerId({
    transactionalId: idOf(words),
    timeoutMs: words.number('timeout', 60_000),
    expected: isAgain ? { producerId, producerEpoch } : null,
  });
  whenAnswered(world, producer.name, answer, given => {
    if (given.errorCode !== 0) return nameOf(given.errorCode);
    producer.producerId = given.producerId;
    producer.producerEpoch = given.producerEpoch;
    return `producer ${given.producerId}/${given.producerEpoch}`;
  });
};

const add: Command = (world, words) => {
  const { name, producerId, producerEpoch } = producerOf(world, words);
  const answer = world.coordinator.addPartitions({
    transactionalId: idOf(words),
    producerId,
    producerEpoch,
    partitions: partitionsOf(words),
    clientVersion: words.number('v', 0),
  });
  whenAnswered(world, name, answer, error => `add ${nameOf(error)}`);
};

const verify: Command = (world, words) => {
  const producer = producerOf(world, words);
  const partitions = partitionsOf(words);
  const answer = world.coordinator.verifyPartitions(idOf(words), producer, partitions);
  whenAnswered(world, producer.name, answer, errors =>
    partitions
      .map(({ topic, partition }, index) => `${topic}-${partition} ${nameOf(errors[index] ?? null)}`)
      .join(', '),
  );
};

function end(isCommit: boolean): Command {
  return (world, words) => {
    const producer = producerOf(world, words);
    const { producerId, producerEpoch } = producer;
    const answer = world.coordinator.endTransaction({
      transactionalId: idOf(words),
      producerId,
      producerEpoch,
      isCommit,
      clientVersion: words.number('v', 0),
    });
    whenAnswered(world, producer.name, answer, given => {
      const verb = isCommit ? 'commit' : 'abort';
      if (given.errorCode !== 0 || given.producerId < 0n) return `${verb} ${nameOf(given.errorCode)}`;
      producer.producerId = given.producerId;
      producer.producerEpoch = given.producerEpoch;
      return `${verb} ok, producer ${given.producerId}/${given.producerEpoch}`;
    });
  };
}

const describe: Command = (world, words) => {
  whenAnswered(world, 'describe', world.coordinator.describe(words.plain), described =>
    described
      .map(one => {
        if (one.errorCode !== 0) return `${one.transactionalId} ${nameOf(one.errorCode)}`;
        const partitions = Array.from(one.partitions, ([topic, numbers]) => `${topic}-${numbers.join('+')}`);
        const since = one.startMs < 0 ? 'never begun' : `since ${one.startMs - START_MS}ms`;
        return `${one.transactionalId} ${one.state} ${one.producerId}/${one.producerEpoch} [${partitions.join(' ')}] ${since}`;
      })
      .join(', '),
  );
};

const list: Command = (world, words) => {
  const filter = {
    states: new Set(words.text('states', '').split(',').filter(Boolean)),
    producerIds: new Set(words.text('producers', '').split(',').filter(Boolean).map(BigInt)),
    longerThanMs: words.number('longer', -1),
    matches: () => true,
  };
  whenAnswered(world, 'list', world.coordinator.list(filter), ({ errorCode, transactions }) =>
    errorCode === 0
      ? transactions.map(({ transactionalId, state }) => `${transactionalId} ${state}`).join(', ') ||
        'nothing'
      : nameOf(errorCode),
  );
};

function disk(world: TransactionWorld, words: Words) {
  const name = words.plain[0];
  return name === undefined ? world.log : world.partitions.get(name)!;
}

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['init', init],
  ['add', add],
  ['verify', verify],
  ['commit', end(true)],
  ['abort', end(false)],
  ['describe', describe],
  ['list', list],
  ['advance', (world, words) => world.time.advance(amount(words.plain[0] ?? '0'))],
  ['restart', world => world.restart()],
  [
    'hold',
    (world, words) => (words.plain[0] === 'ids' ? world.holdProducerIds() : disk(world, words).holdSync()),
  ],
  [
    'release',
    (world, words) =>
      words.plain[0] === 'ids' ? world.releaseProducerIds() : disk(world, words).releaseSync(),
  ],
  ['refuse', (world, words) => disk(world, words).refuseNextAppend('no space left')],
  ['delete', (world, words) => world.partitions.delete(words.plain[0] ?? '')],
  [
    'given',
    (world, words) => {
      const [producerId, producerEpoch] = words.plain[1]!.split('/');
      world.given(idOf(words), { producerId: BigInt(producerId!), producerEpoch: Number(producerEpoch) });
    },
  ],
  ['server', (world, words) => (world.serverVersion = Number(words.plain[0]))],
  ['epoch', (world, words) => (producerOf(world, words).producerEpoch = Number(words.plain[1]))],
  ['id', (world, words) => (producerOf(world, words).producerId = BigInt(words.plain[1] ?? 0))],
]);
