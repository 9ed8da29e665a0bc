// kafkajs talks to a whole broker in this process: what it produces is what its group reads, once, across a restart of
// the consumer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { openTestBroker } from '../support/test-broker.ts';

test('kafkajs produces, reads in a group, commits and resumes', async context => {
  const broker = await openTestBroker(context, { reading: { poison: true } });
  const kafka = new Kafka({
    clientId: 'kafkajs-test',
    brokers: [`127.0.0.1:${broker.port}`],
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const send = (from: number, compression: CompressionTypes) =>
    producer.send({
      topic: 'orders',
      compression,
      messages: Array.from({ length: 10 }, (_, index) => ({
        key: `key ${index}`,
        value: `value ${from + index}`,
        headers: { number: String(from + index) },
      })),
    });
  await send(0, CompressionTypes.None);
  await send(10, CompressionTypes.GZIP);

  const read = async (count: number): Promise<string[]> => {
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    const values: string[] = [];
    await new Promise<void>(resolve => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          assert.equal(`value ${message.headers?.['number']}`, String(message.value));
          values.push(String(message.value));
          if (values.length === count) resolve();
        },
      });
    });
    await consumer.disconnect();
    return values.sort();
  };
  const valuesFrom = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => `value ${from + index}`).sort();
  assert.deepEqual(await read(20), valuesFrom(0, 20));
  await send(20, CompressionTypes.None);
  assert.deepEqual(await read(10), valuesFrom(20, 10));

  const latest = await admin.fetchTopicOffsets('orders');
  const total = latest.reduce((sum, { high }) => sum + Number(high), 0);
  assert.equal(total, 30);
  await producer.disconnect();
  await admin.disconnect();
});
