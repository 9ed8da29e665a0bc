// Transactions as kafkajs makes them (before KIP-890: it says which partitions take part, and keeps its epoch). Steps of
// the kafkajs conversation.

import type { Kafka, Transaction } from 'kafkajs';

export interface TransactionSteps {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly say: (step: string, result: unknown) => void;
  readonly attempt: <T>(action: () => Promise<T>) => Promise<T | string>;
}

export async function holdTransactions(steps: TransactionSteps): Promise<void> {
  const { kafka, prefix, say, attempt } = steps;
  const topic = `${prefix}-transactions`;
  const groupId = `${prefix}-transactional-group`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
  const producer = await connected(kafka, `${prefix}-a`);
  const send = (transaction: Transaction, value: string) =>
    transaction.send({
      topic,
      messages: [
        { partition: 0, value: `${value} 0` },
        { partition: 1, value: `${value} 1` },
      ],
    });
  const groupOffset = async () =>
    (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset;
  const withOffset = async (transaction: Transaction, offset: string) => {
    const topics = [{ topic, partitions: [{ partition: 0, offset }] }];
    // Apache Kafka answers the end of a transaction before it is over, and kafkajs does not ask again by itself.
    for (;;) {
      const sent = await attempt(() => transaction.sendOffsets({ consumerGroupId: groupId, topics }));
      if (sent !== 'CONCURRENT_TRANSACTIONS') return sent;
    }
  };

  for (let round = 0; round < 4; round++) {
    const transaction = await producer.transaction();
    const sent = await attempt(() => send(transaction, `round ${round}`));
    say(
      'transactions: sent',
      typeof sent === 'string'
        ? sent
        : sent.map(({ partition, baseOffset }) => [partition, baseOffset]).sort(),
    );
    if (round % 2 === 0) await transaction.commit();
    else await transaction.abort();
  }
  const open = await producer.transaction();
  await withOffset(open, '3');
  say('transactions: offsets in an open one', await groupOffset());
  await open.commit();
  say('transactions: offsets committed', await groupOffset());
  const aborted = await producer.transaction();
  await withOffset(aborted, '9');
  await send(aborted, 'aborted with offsets');
  await aborted.abort();
  say('transactions: offsets aborted', await groupOffset());
  const nothing = await producer.transaction();
  say('transactions: abort of nothing', await attempt(() => nothing.abort()));
  say(
    'transactions: ends',
    (await admin.fetchTopicOffsets(topic)).sort((a, b) => a.partition - b.partition),
  );

  const old = await connected(kafka, `${prefix}-b`);
  const left = await old.transaction();
  await send(left, 'left open');
  const young = await connected(kafka, `${prefix}-b`);
  const next = await young.transaction();
  await send(next, 'of the young');
  say('transactions: the old sends', await attempt(() => send(left, 'too late')));
  await next.commit();
  say(
    'transactions: read committed',
    await readAll(kafka, { topic, groupId: `${prefix}-committed`, isCommitted: true, wanted: 6 }),
  );
  say(
    'transactions: read uncommitted',
    await readAll(kafka, { topic, groupId: `${prefix}-all`, isCommitted: false, wanted: 14 }),
  );
  await Promise.all([producer.disconnect(), old.disconnect(), young.disconnect()]);
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
}

async function connected(kafka: Kafka, transactionalId: string) {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return producer;
}

async function readAll(
  kafka: Kafka,
  from: {
    readonly topic: string;
    readonly groupId: string;
    readonly isCommitted: boolean;
    readonly wanted: number;
  },
): Promise<string[]> {
  const consumer = kafka.consumer({
    groupId: from.groupId,
    readUncommitted: !from.isCommitted,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: from.topic, fromBeginning: true });
  const lines: string[] = [];
  await new Promise<void>(done => {
    void consumer.run({
      eachMessage: async ({ partition, message }) => {
        lines.push(`${partition}@${message.offset}=${message.value}`);
        if (lines.length === from.wanted) done();
      },
    });
  });
  await consumer.stop();
  await consumer.disconnect();
  return lines.sort();
}
