// kafkajs reads, transforms and writes in transactions, over a broker that is stopped and started in the middle: every
// input has one output that counts, and the group stands where the outputs stand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';

const GROUP = 'transformers';
const INPUTS = Array.from({ length: 12 }, (_, index) => `in ${index}`);

function kafkaOf({ port }: TestBroker): Kafka {
  return new Kafka({
    clientId: 'kafkajs',
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20 },
  });
}

/** Reads what the group has not committed, and writes it in transactions of two; every third is aborted, and so done again. */
async function transform(kafka: Kafka, until: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const producer = kafka.producer({
    transactionalId: 'transformer',
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  for (let round = 0; ; round++) {
    const [committed] = await admin.fetchOffsets({ groupId: GROUP, topics: ['in'] });
    const offset = Math.max(0, Number(committed?.partitions[0]?.offset ?? -1));
    if (offset >= until) break;
    const transaction = await producer.transaction();
    const part = INPUTS.slice(offset, offset + 2);
    await transaction.send({
      topic: 'out',
      messages: part.map(value => ({ value: value.replace('in', 'out') })),
    });
    const partitions = [{ partition: 0, offset: String(offset + part.length) }];
    await transaction.sendOffsets({ consumerGroupId: GROUP, topics: [{ topic: 'in', partitions }] });
    if (round % 3 === 1) await transaction.abort();
    else await transaction.commit();
  }
  // Left open: whoever comes next aborts it.
  const left = await producer.transaction();
  await left.send({ topic: 'out', messages: [{ value: 'left open' }] });
  await producer.disconnect();
  await admin.disconnect();
}

async function readCommitted(kafka: Kafka, wanted: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'out', fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>(done => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
        if (values.length === wanted) done();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

test('kafkajs transforms exactly once, across a restart', async context => {
  const fileSystem = new MemoryFileSystem();
  const first = await openTestBroker(context, { fileSystem });
  const admin = kafkaOf(first).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'in' }, { topic: 'out' }] });
  await admin.disconnect();
  await transform(kafkaOf(first), 6);
  await first.broker.stop();
  const second = await openTestBroker(context, { fileSystem });
  await transform(kafkaOf(second), INPUTS.length);
  // The transaction that was left open is the only thing behind which a reader of read_committed waits.
  const values = await readCommitted(kafkaOf(second), INPUTS.length);
  assert.deepEqual(
    values,
    INPUTS.map(value => value.replace('in', 'out')),
  );
});
