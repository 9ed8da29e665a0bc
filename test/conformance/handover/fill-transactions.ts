// Transactions that were committed, were aborted, and are open when the directory changes hands: the next broker ends
// them. With transaction.version 2 (KIP-890) a producer need not say beforehand where it will write.

import { createTopic } from '../../../src/client/admin.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { EndTxn } from '../../../src/protocol/messages/apis/end-txn.ts';
import { InitProducerId } from '../../../src/protocol/messages/apis/init-producer-id.ts';
import { ListTransactions } from '../../../src/protocol/messages/apis/list-transactions.ts';
import { TxnOffsetCommit } from '../../../src/protocol/messages/apis/txn-offset-commit.ts';
import { refuse, until, untilAnswered } from './asking.ts';
import { someRecords } from './fill-topics.ts';
import type { OpenTransaction, World } from './world.ts';
import { write } from './writing.ts';

/** transaction.max.timeout.ms: an open transaction outlives the run. */
const TIMEOUT_MS = 900_000;
const TOPIC = 'transactions';
const GROUP = 'of-transactions';

export async function fillTransactions(client: KafkaClient, world: World): Promise<void> {
  await createTopic(client, {
    name: TOPIC,
    partitions: 1,
    configs: { 'segment.ms': '60000', 'retention.ms': '-1' },
  });
  world.groups.push(GROUP);
  await runTransactions(client, world);
}

/** Ends what another broker left open, runs some more, and leaves two open. */
export async function runTransactions(client: KafkaClient, world: World): Promise<void> {
  for (const open of world.openTransactions.splice(0)) {
    await add(client, world, open);
    await end(client, open, world.random.oneOf([true, false]));
  }
  for (let count = 0; count < world.random.between(2, 5); count += 1) {
    const transaction = await begin(client, `id-${count}`);
    await add(client, world, transaction);
    if (world.random.oneOf([true, false])) await add(client, world, transaction);
    await commitOffset(client, transaction, world.round * 10 + count);
    await end(client, transaction, count % 2 === 0);
  }
  for (const name of ['open-a', 'open-b']) {
    const transaction = await begin(client, name);
    await add(client, world, transaction);
    if (name === 'open-b') await commitOffset(client, transaction, 1_000 + world.round);
    world.openTransactions.push(transaction);
  }
  await until('the markers of ended transactions are written', async () => {
    const answer = await client.request(
      ListTransactions,
      { stateFilters: ['PrepareCommit', 'PrepareAbort'], producerIdFilters: [] },
      { node: 'any' },
    );
    return answer.errorCode === 0 && answer.transactionStates.length === 0;
  });
}

async function begin(client: KafkaClient, transactionalId: string): Promise<OpenTransaction> {
  return untilAnswered(async () => {
    const body = { transactionalId, transactionTimeoutMs: TIMEOUT_MS };
    const answer = await client.request(InitProducerId, body, { node: coordinatorOf(transactionalId) });
    refuse(answer.errorCode, `InitProducerId of ${transactionalId}`);
    const { producerId, producerEpoch } = answer;
    return { transactionalId, topic: TOPIC, producerId, producerEpoch, nextSequence: 0 };
  });
}

async function add(client: KafkaClient, world: World, transaction: OpenTransaction): Promise<void> {
  const { topic, transactionalId, producerId, producerEpoch, nextSequence } = transaction;
  const records = someRecords(world, world.random.between(1, 4));
  await write(client, world, {
    topic,
    transactionalId,
    transactional: true,
    producerId,
    producerEpoch,
    baseSequence: nextSequence,
    records,
  });
  transaction.nextSequence += records.length;
}

function commitOffset(client: KafkaClient, transaction: OpenTransaction, offset: number): Promise<void> {
  const { transactionalId, producerId, producerEpoch } = transaction;
  return untilAnswered(async () => {
    const partitions = [
      { partitionIndex: 0, committedOffset: offset, committedMetadata: 'in a transaction' },
    ];
    const body = {
      transactionalId,
      groupId: GROUP,
      producerId,
      producerEpoch,
      topics: [{ name: TOPIC, partitions }],
    };
    const node = { coordinatorOf: { key: GROUP, type: 'group' } } as const;
    const answer = await client.request(TxnOffsetCommit, body, { node });
    refuse(answer.topics[0]!.partitions[0]!.errorCode, `TxnOffsetCommit of ${transactionalId}`);
  });
}

function end(client: KafkaClient, transaction: OpenTransaction, committed: boolean): Promise<void> {
  const { transactionalId, producerId, producerEpoch } = transaction;
  return untilAnswered(async () => {
    const body = { transactionalId, producerId, producerEpoch, committed };
    const answer = await client.request(EndTxn, body, { node: coordinatorOf(transactionalId) });
    refuse(answer.errorCode, `EndTxn of ${transactionalId}`);
  });
}

function coordinatorOf(key: string) {
  return { coordinatorOf: { key, type: 'transaction' } } as const;
}
