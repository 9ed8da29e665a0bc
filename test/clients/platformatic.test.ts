// @platformatic/kafka talks to a whole broker in this process: every codec, a group with commits, and offsets by time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Admin,
  Consumer,
  ListOffsetTimestamps,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { openTestBroker } from '../support/test-broker.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

test('@platformatic/kafka produces with every codec, reads in a group, commits and resumes', async context => {
  const broker = await openTestBroker(context, { reading: { poison: true } });
  const bootstrapBrokers = [`127.0.0.1:${broker.port}`];
  const admin = new Admin({ clientId: 'platformatic-test', bootstrapBrokers });
  await admin.createTopics({ topics: ['orders'], partitions: 3, replicas: 1 });

  const send = async (compression: (typeof CODECS)[number], name: string) => {
    const producer = new Producer({
      clientId: 'platformatic-test',
      bootstrapBrokers,
      serializers: stringSerializers,
      compression,
      idempotent: true,
    });
    const messages = Array.from({ length: 10 }, (_, index) => ({
      topic: 'orders',
      key: `key ${index}`,
      value: `${name} ${index}`,
    }));
    await producer.send({ messages });
    await producer.close();
  };

  const read = async (count: number, mode: 'earliest' | 'committed'): Promise<string[]> => {
    const consumer = new Consumer({
      clientId: 'platformatic-test',
      bootstrapBrokers,
      groupId: 'readers',
      deserializers: stringDeserializers,
      maxWaitTime: 200,
      autocommit: false,
    });
    const stream = await consumer.consume({
      topics: ['orders'],
      mode: mode === 'earliest' ? MessagesStreamModes.EARLIEST : MessagesStreamModes.COMMITTED,
    });
    const values: string[] = [];
    for await (const message of stream) {
      values.push(message.value);
      await message.commit();
      if (values.length === count) break;
    }
    await stream.close();
    await consumer.close(true);
    return values.sort();
  };

  for (const codec of CODECS) await send(codec, codec);
  const expected = CODECS.flatMap(codec => Array.from({ length: 10 }, (_, index) => `${codec} ${index}`));
  assert.deepEqual(await read(50, 'earliest'), expected.sort());
  await send('none', 'more');
  assert.deepEqual(
    await read(10, 'committed'),
    Array.from({ length: 10 }, (_, index) => `more ${index}`),
  );

  const partitions = [0, 1, 2].map(partitionIndex => ({
    partitionIndex,
    timestamp: ListOffsetTimestamps.LATEST,
  }));
  const [listed] = await admin.listOffsets({ topics: [{ name: 'orders', partitions }] });
  assert.equal(
    listed?.partitions.reduce((sum, { offset }) => sum + Number(offset), 0),
    60,
  );
  await admin.close();
});
