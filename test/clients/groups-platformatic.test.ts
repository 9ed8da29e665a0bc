// @platformatic/kafka consumers in one group: partitions are shared, and a static member that restarts takes its place
// again without a rebalance of the other.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { openTestBroker } from '../support/test-broker.ts';

const TOPIC = 'orders';
const PARTITIONS = 4;

async function openCluster(context: TestContext) {
  const broker = await openTestBroker(context);
  const bootstrapBrokers = [`127.0.0.1:${broker.port}`];
  const admin = new Admin({ clientId: 'admin', bootstrapBrokers });
  await admin.createTopics({ topics: [TOPIC], partitions: PARTITIONS, replicas: 1 });
  context.after(() => admin.close());
  const consumer = (groupId: string, groupInstanceId?: string) =>
    new Consumer({
      clientId: groupInstanceId ?? 'dynamic',
      bootstrapBrokers,
      groupId,
      ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
      deserializers: stringDeserializers,
      maxWaitTime: 100,
      heartbeatInterval: groupInstanceId === undefined ? 100 : 5_000,
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      autocommit: false,
    });
  const produce = async (count: number, from = 0) => {
    const producer = new Producer({ clientId: 'producer', bootstrapBrokers, serializers: stringSerializers });
    const messages = Array.from({ length: count }, (_, index) => ({
      topic: TOPIC,
      key: `${index}`,
      value: `${from + index}`,
      partition: index % PARTITIONS,
    }));
    await producer.send({ messages });
    await producer.close();
  };
  return { broker, admin, consumer, produce };
}

function partitionsOf(consumer: Consumer<string, string, string, string>): number[] {
  return (consumer.assignments ?? []).flatMap(({ partitions }) => partitions).sort();
}

test('@platformatic/kafka consumers share the partitions of a group', async context => {
  const { consumer, produce } = await openCluster(context);
  await produce(40);
  const [first, second] = [consumer('sharing'), consumer('sharing')];
  const values = new Set<string>();
  const options = { topics: [TOPIC], mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest' as const };
  const [one, two] = await Promise.all([first.consume(options), second.consume(options)]);
  const whole = new Promise<void>(resolve => {
    for (const stream of [one, two]) {
      stream.on('data', message => {
        values.add(message.value);
        if (values.size === 40) resolve();
      });
    }
  });
  await whole;
  while (partitionsOf(first).length !== 2 || partitionsOf(second).length !== 2) {
    await Promise.race([once(first, 'consumer:group:join'), once(second, 'consumer:group:join')]);
  }
  assert.deepEqual([...partitionsOf(first), ...partitionsOf(second)].sort(), [0, 1, 2, 3]);
  await Promise.all([one.close(), two.close()]);
  await Promise.all([first.close(true), second.close(true)]);
});

test('a static member of @platformatic/kafka restarts without a rebalance', async context => {
  const { broker, consumer } = await openCluster(context);
  const join = async (instanceId: string) => {
    const member = consumer('static', instanceId);
    await member.topics.trackAll(TOPIC);
    await member.joinGroup({});
    return member;
  };
  const transitions: string[] = [];
  broker.broker.events.listen(event => {
    if (event.type === 'group-transition') transitions.push(`${event.to} ${event.generationId}`);
  });
  const blue = await join('blue');
  const formerId = blue.memberId;
  const generationId = blue.generationId;
  // It hangs: no heartbeat for a while, and its successor is started.
  const seen = transitions.length;
  const again = await join('blue');
  assert.notEqual(again.memberId, formerId);
  assert.equal(again.generationId, generationId);
  assert.deepEqual(transitions.slice(seen), []);
  await again.close(true);
  // The former process is fenced, also when it says goodbye.
  await blue.close(true).catch(() => undefined);
});
