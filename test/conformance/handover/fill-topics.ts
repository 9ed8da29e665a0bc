// Topics and records of every kind a directory can hold: each codec, nulls and headers, idempotent producers, many
// segments, deleted records, LogAppendTime, compaction, configs, topics that grew, were made again or are gone.

import { alterTopicConfigs, createPartitions, createTopic, deleteTopic } from '../../../src/client/admin.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { DeleteRecords } from '../../../src/protocol/messages/apis/delete-records.ts';
import { InitProducerId } from '../../../src/protocol/messages/apis/init-producer-id.ts';
import type { RecordInput } from '../../../src/protocol/records/build-batch.ts';
import { refuse, until, untilAnswered } from './asking.ts';
import { viewPartition } from './view-partitions.ts';
import { forgetTopic, type IdempotentProducer, type World } from './world.ts';
import { send, write } from './writing.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
/** Young enough for retention and for producers (a day), and rising from round to round. */
const STARTED_MS = Date.now() - 30 * 60_000;
/** More than `segment.ms` of the segments topic apart. */
const SEGMENT_STEP_MS = 45_000;
/** Apache Kafka allows none smaller. */
const SEGMENT_BYTES = 1024 * 1024;

export async function fillTopics(client: KafkaClient, world: World): Promise<void> {
  const never = { 'retention.ms': '-1' };
  await createTopic(client, { name: 'codecs', partitions: 2, configs: never });
  await createTopic(client, { name: 'idempotent', configs: never });
  await createTopic(client, { name: 'segments', configs: { ...never, 'segment.ms': '60000' } });
  await createTopic(client, { name: 'large', configs: { ...never, 'segment.bytes': `${SEGMENT_BYTES}` } });
  await createTopic(client, { name: 'deleted-records', configs: { 'segment.ms': '60000' } });
  await createTopic(client, { name: 'logappend', configs: { 'message.timestamp.type': 'LogAppendTime' } });
  await createTopic(client, {
    name: 'compacted',
    configs: { 'cleanup.policy': 'compact', 'min.compaction.lag.ms': '86400000', 'segment.ms': '60000' },
  });
  await createTopic(client, { name: 'grown', partitions: 1 });
  await createTopic(client, { name: 'empty', partitions: 3, configs: { 'max.message.bytes': '2000000' } });
  await createTopic(client, { name: 'recreated', configs: never });
  await createTopic(client, { name: 'gone' });
  await createTopic(client, { name: world.busy.topic });
  await writeEverywhere(client, world);
  await changeTopics(client, world);
}

/** Called again by each broker the directory comes to. */
export async function writeEverywhere(client: KafkaClient, world: World): Promise<void> {
  const { random } = world;
  for (const partition of [0, 1]) {
    for (const codec of CODECS) {
      const records = someRecords(world, random.between(1, 20));
      await write(client, world, { topic: 'codecs', partition, codec, records });
    }
  }
  for (let step = 0; step < random.between(6, 12); step += 1) {
    const timestamp = timeOf(world) + step * SEGMENT_STEP_MS;
    const records = someRecords(world, random.between(1, 5)).map(record => ({ ...record, timestamp }));
    await write(client, world, { topic: 'segments', codec: random.oneOf(CODECS), records });
    await write(client, world, { topic: 'deleted-records', records });
    const keyed = records.map((record, index) => ({ ...record, key: Buffer.from(`key-${index % 3}`) }));
    await write(client, world, { topic: 'compacted', records: keyed });
  }
  for (let step = 0; step < random.between(3, 6); step += 1) {
    const value = Buffer.alloc(random.between(300_000, 700_000), step);
    await write(client, world, { topic: 'large', records: [plainRecord(world, value)] });
  }
  await write(client, world, { topic: 'logappend', isRewritten: true, records: someRecords(world, 3) });
  await write(client, world, { topic: 'grown', records: someRecords(world, random.between(1, 5)) });
  await write(client, world, { topic: 'recreated', records: someRecords(world, random.between(1, 5)) });
  await goOnIdempotently(client, world);
  world.producers.push(await newProducer(client, world, 'idempotent'));
  world.round += 1;
}

async function changeTopics(client: KafkaClient, world: World): Promise<void> {
  await write(client, world, { topic: 'gone', records: someRecords(world, 2) });
  await createPartitions(client, { topic: 'grown', total: 3 });
  await write(client, world, { topic: 'grown', partition: 2, records: someRecords(world, 2) });
  await alterTopicConfigs(client, {
    topic: 'grown',
    set: { 'retention.bytes': '123456789', 'min.insync.replicas': '1' },
    remove: [],
  });
  await alterTopicConfigs(client, { topic: 'grown', set: {}, remove: ['min.insync.replicas'] });
  await recreateTopic(client, world);
  await removeTopic(client, world, 'gone');
  await deleteRecords(client, world, { topic: 'deleted-records', before: world.random.between(2, 5) });
}

/** The same name, another id: what the old one held must not come back. */
export async function recreateTopic(client: KafkaClient, world: World): Promise<void> {
  await removeTopic(client, world, 'recreated');
  await untilAnswered(() => createTopic(client, { name: 'recreated', configs: { 'retention.ms': '-1' } }));
  await write(client, world, { topic: 'recreated', records: someRecords(world, 3) });
}

async function removeTopic(client: KafkaClient, world: World, name: string): Promise<void> {
  await deleteTopic(client, name);
  forgetTopic(world, name);
  await until(`topic ${name} is gone`, async () => {
    const topics = await client.topics();
    return !topics.some(topic => topic.name === name);
  });
}

/** What was there before is noted: an Apache Kafka that is killed within a minute takes the deletion back. */
export async function deleteRecords(
  client: KafkaClient,
  world: World,
  { topic, before }: { readonly topic: string; readonly before: number },
): Promise<void> {
  const view = await untilAnswered(() => viewPartition(client, { topic, partition: 0 }));
  world.beforeDeletion = { name: `${topic}-0`, view };
  await untilAnswered(async () => {
    const body = {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: before }] }],
      timeoutMs: 30_000,
    };
    const answer = await client.request(DeleteRecords, body, { node: { leaderOf: { topic, partition: 0 } } });
    refuse(answer.topics[0]!.partitions[0]!.errorCode, `DeleteRecords of ${topic}`);
  });
}

async function newProducer(client: KafkaClient, world: World, topic: string): Promise<IdempotentProducer> {
  const { producerId, producerEpoch } = await untilAnswered(async () => {
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 };
    const answer = await client.request(InitProducerId, body, { node: 'any' });
    refuse(answer.errorCode, 'InitProducerId');
    return answer;
  });
  let nextSequence = 0;
  let last: IdempotentProducer['last'] = { batch: Buffer.alloc(0), baseOffset: -1 };
  for (let step = 0; step < world.random.between(1, 8); step += 1) {
    const records = someRecords(world, world.random.between(1, 4));
    last = await write(client, world, {
      topic,
      producerId,
      producerEpoch,
      baseSequence: nextSequence,
      records,
    });
    nextSequence += records.length;
  }
  return { topic, producerId, producerEpoch, nextSequence, last };
}

/** What was sent last is recognised as a duplicate by whichever broker has the directory now; then it goes on. */
async function goOnIdempotently(client: KafkaClient, world: World): Promise<void> {
  for (const producer of world.producers) {
    const { topic, producerId, producerEpoch, nextSequence, last } = producer;
    const again = await send(client, { topic, partition: 0, transactionalId: null, bytes: last.batch });
    if (again !== last.baseOffset) {
      throw new Error(
        `a batch of producer ${producerId} sent again was stored at ${again}, though ${last.baseOffset} has it`,
      );
    }
    const records = someRecords(world, 2);
    producer.last = await write(client, world, {
      topic,
      producerId,
      producerEpoch,
      baseSequence: nextSequence,
      records,
    });
    producer.nextSequence = nextSequence + records.length;
  }
}

/** Keys, values and headers, some of them null, some empty. */
export function someRecords({ random, ...world }: World, count: number): RecordInput[] {
  const bytesOrNull = (): Buffer | null =>
    random.oneOf([null, Buffer.alloc(0), random.bytes(random.between(1, 200)), Buffer.from('Zürich 🚂')]);
  return Array.from({ length: count }, () => ({
    key: bytesOrNull(),
    value: bytesOrNull(),
    headers: Array.from({ length: random.between(0, 3) }, () => ({
      key: random.oneOf(['', 'trace', 'ключ']),
      value: bytesOrNull(),
    })),
    timestamp: timeOf(world) + random.between(0, 20_000),
  }));
}

export function plainRecord(world: Pick<World, 'round'>, value: Buffer): RecordInput {
  return { key: null, value, timestamp: timeOf(world) };
}

function timeOf({ round }: Pick<World, 'round'>): number {
  return STARTED_MS + round * 60_000;
}
