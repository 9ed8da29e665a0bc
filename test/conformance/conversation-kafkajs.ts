// The conversation of kafkajs: one JSON line per step, nothing in it that differs from run to run.

import process from 'node:process';
import { CompressionTypes, type IHeaders, Kafka, logLevel } from 'kafkajs';
import { holdTransactions } from './transactions-kafkajs.ts';

const [servers, prefix] = process.argv.slice(2) as [string, string];
const topic = `${prefix}-orders`;
const kafka = new Kafka({ clientId: 'conformance', brokers: servers.split(','), logLevel: logLevel.NOTHING });
const admin = kafka.admin();

function say(step: string, result: unknown): void {
  console.log(
    JSON.stringify({ step, result: (JSON.stringify(result) ?? 'nothing').replaceAll(prefix, 'PREFIX') }),
  );
}

async function attempt<T>(action: () => Promise<T>): Promise<T | string> {
  try {
    return await action();
  } catch (error) {
    const { type, errors } = error as { type?: string; errors?: { type?: string }[] };
    return errors?.map(inner => inner.type).join() ?? type ?? String((error as Error).message);
  }
}

async function produce(
  count: number,
  options: { compression?: CompressionTypes; idempotent?: boolean; acks?: number } = {},
) {
  const producer = kafka.producer({ idempotent: options.idempotent ?? false });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, index) => ({
    key: `key-${index}`,
    value: `value é ${index}`,
    timestamp: String(1_700_000_000_000 + index),
    headers: { n: String(index) },
  }));
  const sent = await producer.send({
    topic,
    messages,
    compression: options.compression ?? CompressionTypes.None,
    acks: options.acks ?? -1,
  });
  await producer.disconnect();
  return sent.map(({ partition, errorCode, baseOffset }) => [partition, errorCode, baseOffset]).sort();
}

async function read(wanted: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `${prefix}-g`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const lines: string[] = [];
  await new Promise<void>(done => {
    void consumer.run({
      eachMessage: async ({ partition, message }) => {
        lines.push(
          `${partition}@${message.offset} ${message.key}=${message.value} ${message.timestamp} ${text(message.headers)}`,
        );
        if (lines.length === wanted) done();
      },
    });
  });
  await consumer.stop();
  await consumer.disconnect();
  return lines.sort();
}

function text(headers: IHeaders | undefined): string {
  return JSON.stringify(Object.entries(headers ?? {}).map(([key, value]) => [key, String(value)]));
}

await admin.connect();
say(
  'create',
  await attempt(() =>
    admin.createTopics({
      topics: [
        { topic, numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '3600000000000' }] },
      ],
    }),
  ),
);
say('create again', await attempt(() => admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })));
say('create bad name', await attempt(() => admin.createTopics({ topics: [{ topic: 'bad name!' }] })));
say('metadata', await attempt(() => admin.fetchTopicMetadata({ topics: [topic] })));
say('produce', await produce(30));
say('produce gzip', await produce(30, { compression: CompressionTypes.GZIP }));
say('produce idempotent', await produce(30, { idempotent: true }));
say('produce acks 1', await produce(3, { acks: 1 }));
say('consume', await read(93));
say('produce more', await produce(3));
say('resume', await read(3));
say(
  'offsets',
  (await admin.fetchTopicOffsets(topic)).sort((a, b) => a.partition - b.partition),
);
say(
  'offsets by time',
  (await admin.fetchTopicOffsetsByTimestamp(topic, 1_700_000_000_010)).sort(
    (a, b) => a.partition - b.partition,
  ),
);
say(
  'group offsets',
  (await admin.fetchOffsets({ groupId: `${prefix}-g`, topics: [topic] }))[0]?.partitions.sort(
    (a, b) => a.partition - b.partition,
  ),
);
const described = await admin.describeGroups([`${prefix}-g`, `${prefix}-nobody`]);
say(
  'describe groups',
  described.groups
    .map(group => [group.groupId, group.state, group.protocolType, group.members.length])
    .sort(),
);
say(
  'groups',
  (await admin.listGroups()).groups.filter(group => group.groupId.startsWith(prefix)),
);
say(
  'delete records',
  await attempt(() => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] })),
);
say(
  'more partitions',
  await attempt(() => admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })),
);
say(
  'fewer partitions',
  await attempt(() => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] })),
);
const configs = await admin.describeConfigs({ includeSynonyms: true, resources: [{ type: 2, name: topic }] });
say('configs', configs.resources[0]?.configEntries.map(entry => JSON.stringify(entry)).sort());
await holdTransactions({ kafka, prefix, say, attempt });
say('delete group', await attempt(() => admin.deleteGroups([`${prefix}-g`])));
say('delete group again', await attempt(() => admin.deleteGroups([`${prefix}-g`])));
say('delete topic', await attempt(() => admin.deleteTopics({ topics: [topic] })));
say('delete topic again', await attempt(() => admin.deleteTopics({ topics: [topic] })));
await admin.disconnect();
