// The conversation of @platformatic/kafka: one JSON line per step, nothing in it that differs from run to run.

import process from 'node:process';
import {
  Admin,
  Consumer,
  ListOffsetTimestamps,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';

const [servers, prefix] = process.argv.slice(2) as [string, string];
const topic = `${prefix}-orders`;
const bootstrapBrokers = servers.split(',');
const admin = new Admin({ clientId: 'conformance', bootstrapBrokers });

function say(step: string, result: unknown): void {
  const plain = JSON.stringify(result, (_, value) =>
    typeof value === 'bigint' ? String(value) : value instanceof Map ? [...value] : value,
  );
  console.log(JSON.stringify({ step, result: (plain ?? 'nothing').replaceAll(prefix, 'PREFIX') }));
}

async function attempt<T>(action: () => Promise<T>): Promise<T | string> {
  try {
    return await action();
  } catch (error) {
    return apiErrorsOf(error).join() || String((error as Error).message);
  }
}

function apiErrorsOf(error: unknown): string[] {
  const { apiId, errors, cause } = error as { apiId?: string; errors?: unknown[]; cause?: unknown };
  if (apiId !== undefined) return [apiId];
  return [...(errors ?? []), ...(cause === undefined ? [] : [cause])].flatMap(apiErrorsOf);
}

async function produce(
  count: number,
  compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd',
  idempotent = false,
) {
  const producer = new Producer({
    clientId: 'conformance',
    bootstrapBrokers,
    serializers: stringSerializers,
    compression,
    idempotent,
  });
  const messages = Array.from({ length: count }, (_, index) => ({
    topic,
    key: `key-${index}`,
    value: `value é ${index}`,
    timestamp: BigInt(1_700_000_000_000 + index),
    headers: { n: String(index) },
  }));
  const { offsets } = await producer.send({ messages });
  await producer.close();
  return offsets?.map(({ partition, offset }) => [partition, String(offset)]).sort();
}

async function read(wanted: number, groupProtocol: 'classic' = 'classic'): Promise<string[]> {
  const consumer = new Consumer({
    clientId: 'conformance',
    bootstrapBrokers,
    groupId: `${prefix}-g`,
    groupProtocol,
    deserializers: stringDeserializers,
    maxWaitTime: 100,
    autocommit: false,
  });
  const stream = await consumer.consume({
    topics: [topic],
    mode: wanted > 3 ? MessagesStreamModes.EARLIEST : MessagesStreamModes.COMMITTED,
  });
  const lines: string[] = [];
  for await (const message of stream) {
    lines.push(
      `${message.partition}@${message.offset} ${message.key}=${message.value} ${message.timestamp} ${JSON.stringify([...message.headers])}`,
    );
    await message.commit();
    if (lines.length === wanted) break;
  }
  await stream.close();
  await consumer.close(true);
  return lines.sort();
}

/** Apache Kafka answers CreateTopics before the logs are there; a client that produces at once resends, twice over. */
async function leadersAnswer(): Promise<void> {
  const partitions = [0, 1, 2].map(partitionIndex => ({
    partitionIndex,
    timestamp: ListOffsetTimestamps.LATEST,
  }));
  for (let left = 50; left > 0; left--) {
    try {
      await admin.listOffsets({ topics: [{ name: topic, partitions }] });
      return;
    } catch {
      await new Promise(done => setTimeout(done, 100));
    }
  }
}

say(
  'create',
  await attempt(async () =>
    (await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 })).map(
      ({ name, partitions, replicas }) => [name, partitions, replicas],
    ),
  ),
);
await leadersAnswer();
say('create again', await attempt(() => admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 })));
say(
  'create bad name',
  await attempt(() => admin.createTopics({ topics: ['bad name!'], partitions: 1, replicas: 1 })),
);
for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)
  say(`produce ${codec}`, await produce(30, codec));
say('produce idempotent', await produce(30, 'none', true));
say('consume', await read(180));
say('produce more', await produce(3, 'none'));
say('resume', await read(3));
const groups = await admin.describeGroups({ groups: [`${prefix}-g`] });
say(
  'describe group',
  [...groups.values()].map(group => [group.id, group.state, group.protocolType, group.members.size]),
);
say(
  'groups',
  [...(await admin.listGroups()).values()].filter(group => group.id.startsWith(prefix)),
);
say(
  'offsets',
  await attempt(async () => {
    const listed = await admin.listConsumerGroupOffsets({ groups: [`${prefix}-g`] });
    return listed
      .flatMap(group =>
        group.topics.flatMap(({ partitions }) =>
          partitions.map(partition =>
            JSON.stringify(partition, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
          ),
        ),
      )
      .sort();
  }),
);
say(
  'latest',
  await attempt(async () => {
    const partitions = [0, 1, 2].map(partitionIndex => ({
      partitionIndex,
      timestamp: ListOffsetTimestamps.LATEST,
    }));
    const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
    return listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, String(offset)]).sort();
  }),
);
say(
  'more partitions',
  await attempt(() => admin.createPartitions({ topics: [{ name: topic, count: 5, assignments: [] }] })),
);
say('delete group', await attempt(() => admin.deleteGroups({ groups: [`${prefix}-g`] })));
say('delete group again', await attempt(() => admin.deleteGroups({ groups: [`${prefix}-g`] })));
say('delete topic', await attempt(() => admin.deleteTopics({ topics: [topic] })));
say('delete topic again', await attempt(() => admin.deleteTopics({ topics: [topic] })));
await admin.close();
