// kafkajs consumers that come, go and die: partitions move, every record is read, and committed offsets stay.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { JoinGroup } from '../../src/protocol/messages/apis/join-group.ts';
import { openTestBroker } from '../support/test-broker.ts';

const TOPIC = 'orders';
const PARTITIONS = 6;

interface Reader {
  readonly consumer: Consumer;
  /** Partitions of the last generation it joined. */
  readonly assigned: () => number[];
}

async function openKafka(context: Parameters<typeof openTestBroker>[0]) {
  const properties = { 'group.min.session.timeout.ms': '100' };
  const broker = await openTestBroker(context, { properties });
  const kafka = new Kafka({
    clientId: 'kafkajs',
    brokers: [`127.0.0.1:${broker.port}`],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20 },
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  context.after(() => admin.disconnect());
  const values = new Set<string>();
  let changed = () => {};
  /** Calls back whenever a consumer joins or a record arrives, until it is satisfied. */
  const until = async (isSatisfied: () => boolean) => {
    while (!isSatisfied()) await new Promise<void>(resolve => (changed = resolve));
  };
  const read = async (groupId: string): Promise<Reader> => {
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: 1_500,
      rebalanceTimeout: 5_000,
      heartbeatInterval: 50,
      maxWaitTimeInMs: 50,
    });
    let assigned: number[] = [];
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      assigned = payload.memberAssignment[TOPIC] ?? [];
      changed();
    });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        values.add(String(message.value));
        changed();
      },
    });
    return { consumer, assigned: () => assigned };
  };
  const produce = async (from: number, count: number) => {
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: count }, (_, index) => ({
      key: `${index}`,
      value: `${from + index}`,
    }));
    await producer.send({ topic: TOPIC, messages });
    await producer.disconnect();
  };
  return { broker, kafka, admin, values, until, read, produce };
}

function together(...readers: readonly Reader[]): number[] {
  return readers.flatMap(reader => reader.assigned()).sort((a, b) => a - b);
}

const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);

function isShared(...readers: readonly Reader[]): boolean {
  return readers.every(reader => reader.assigned().length > 0) && together(...readers).join() === ALL.join();
}

test('kafkajs consumers share partitions, hand them over and lose nothing', async context => {
  const { admin, values, until, read, produce } = await openKafka(context);
  await produce(0, 60);
  const first = await read('sharing');
  await until(() => values.size === 60 && isShared(first));

  const second = await read('sharing');
  const third = await read('sharing');
  await until(() => isShared(first, second, third));
  await produce(60, 60);
  await until(() => values.size === 120);

  const { groups } = await admin.describeGroups(['sharing']);
  assert.equal(groups[0]?.state, 'Stable');
  assert.equal(groups[0]?.members.length, 3);

  await first.consumer.disconnect();
  await until(() => isShared(second, third));
  await produce(120, 60);
  await until(() => values.size === 180);
  await second.consumer.disconnect();
  await third.consumer.disconnect();

  const offsets = await admin.fetchOffsets({ groupId: 'sharing', topics: [TOPIC] });
  const committed = offsets[0]!.partitions.reduce((sum, { offset }) => sum + Number(offset), 0);
  assert.equal(committed, 180);
  await admin.deleteGroups(['sharing']);
  const listed = await admin.listGroups();
  assert.deepEqual(listed.groups, []);
});

test('a kafkajs consumer that dies without a word is replaced when its session ends', async context => {
  const { broker, values, until, read, produce } = await openKafka(context);
  await produce(0, 30);
  const survivor = await read('dying');
  await until(() => values.size === 30);

  // A member that will never be heard of again: it joins by hand and is gone.
  const ghost = await broker.connect();
  const request = {
    groupId: 'dying',
    sessionTimeoutMs: 200,
    rebalanceTimeoutMs: 5_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [
      { name: 'RoundRobinAssigner', metadata: Buffer.from('000100000001000661626364656600000000', 'hex') },
    ],
  };
  const { memberId } = await ghost.request(JoinGroup, 4, request);
  const joined = await ghost.request(JoinGroup, 4, { ...request, memberId });
  assert.equal(joined.errorCode, 0);
  ghost.close();
  await until(() => survivor.assigned().length < PARTITIONS);
  await until(() => isShared(survivor));
  await produce(30, 30);
  await until(() => values.size === 60);
  await survivor.consumer.disconnect();
});
