// Topics over real sockets, where Millrace does more than Apache Kafka: what was asked for is there when the answer comes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchOf, createTopic, produceTo, ZERO_UUID } from '../../../test/support/raw-client.ts';
import type { RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { CreateTopics } from '../../protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import { DescribeConfigs } from '../../protocol/messages/apis/describe-configs.ts';
import { IncrementalAlterConfigs } from '../../protocol/messages/apis/incremental-alter-configs.ts';
import { Metadata } from '../../protocol/messages/apis/metadata.ts';

const SET = 0;
const TOPIC = 2;
const BROKER = 4;

async function askFor(connection: RawConnection, names: readonly string[], allowAutoTopicCreation = true) {
  const { topics } = await connection.request(Metadata, 12, {
    topics: names.map(name => ({ name, topicId: ZERO_UUID })),
    allowAutoTopicCreation,
    includeTopicAuthorizedOperations: false,
  });
  return topics.map(({ name, errorCode, isInternal, partitions }) => ({
    name,
    errorCode,
    isInternal,
    leaders: partitions.map(({ leaderId }) => leaderId),
  }));
}

async function set(
  connection: RawConnection,
  resourceType: number,
  resourceName: string,
  name: string,
  value: string,
) {
  const { responses } = await connection.request(IncrementalAlterConfigs, 1, {
    resources: [{ resourceType, resourceName, configs: [{ name, configOperation: SET, value }] }],
    validateOnly: false,
  });
  assert.equal(responses[0]!.errorCode, 0, responses[0]!.errorMessage ?? '');
}

describe('Metadata', () => {
  it('makes a missing topic and answers with its leader at once', async context => {
    const broker = await openTestBroker(context, { properties: { 'num.partitions': '3' } });
    const connection = await broker.connect();
    const [answer] = await askFor(connection, ['fresh']);
    assert.deepEqual(answer, { name: 'fresh', errorCode: 0, isInternal: false, leaders: [1, 1, 1] });
    assert.equal(
      (await produceTo(connection, { topic: 'fresh', partition: 2, records: batchOf(['a']) })).errorCode,
      0,
    );
  });

  it('makes nothing where client or broker forbid it', async context => {
    const allowing = await openTestBroker(context);
    const forbidding = await openTestBroker(context, {
      properties: { 'auto.create.topics.enable': 'false' },
    });
    const [byClient] = await askFor(await allowing.connect(), ['fresh'], false);
    const [byBroker] = await askFor(await forbidding.connect(), ['fresh']);
    assert.equal(byClient!.errorCode, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    assert.equal(byBroker!.errorCode, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });

  it('says which names cannot be made, and makes the others of the request', async context => {
    const connection = await (await openTestBroker(context)).connect();
    await createTopic(connection, { name: 'a.b' });
    const answers = await askFor(connection, ['good', 'a_b', 'bad name']);
    assert.deepEqual(
      answers.map(({ name, errorCode }) => [name, errorCode]),
      [
        ['good', 0],
        ['a_b', ErrorCode.INVALID_TOPIC_EXCEPTION],
        ['bad name', ErrorCode.INVALID_TOPIC_EXCEPTION],
      ],
    );
  });

  it("makes a coordinator's topic with the coordinator's settings", async context => {
    const broker = await openTestBroker(context, { properties: { 'offsets.topic.num.partitions': '7' } });
    const connection = await broker.connect();
    const [answer] = await askFor(connection, ['__consumer_offsets']);
    assert.equal(answer!.isInternal, true);
    assert.equal(answer!.leaders.length, 7);
    assert.equal(broker.broker.node.settings.topic('__consumer_offsets').isCompacted, true);
    const [shared] = await askFor(connection, ['__share_group_state']);
    assert.equal(shared!.leaders.length, 50);
  });
});

describe('DeleteTopics', () => {
  it('makes room for a topic of the same name with nothing in it', async context => {
    const broker = await openTestBroker(context);
    const connection = await broker.connect();
    const before = await createTopic(connection, { name: 'again' });
    await produceTo(connection, { topic: 'again', records: batchOf(['old']) });
    const topics = [{ name: 'again', topicId: ZERO_UUID }];
    // Sent together: the topic is made before the deletion is on disk.
    connection.send(DeleteTopics, 6, { topics, timeoutMs: 1_000 });
    connection.send(CreateTopics, 7, {
      topics: [{ name: 'again', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1_000,
      validateOnly: false,
    });
    await connection.frame();
    await connection.frame();
    const after = broker.broker.node.metadata.image.topicsByName.get('again')?.id;
    assert.notEqual(after, before);
    assert.equal(broker.log('again', 0).logEndOffset, 0);
  });

  it('is refused as a whole where the broker forbids it', async context => {
    const broker = await openTestBroker(context, { properties: { 'delete.topic.enable': 'false' } });
    const connection = await broker.connect();
    await createTopic(connection, { name: 'kept' });
    const modern = await connection.request(DeleteTopics, 4, {
      topicNames: ['kept'],
      topics: [],
      timeoutMs: 1_000,
    });
    const old = await connection.request(DeleteTopics, 1, {
      topicNames: ['kept'],
      topics: [],
      timeoutMs: 1_000,
    });
    assert.equal(modern.responses[0]!.errorCode, ErrorCode.TOPIC_DELETION_DISABLED);
    assert.equal(old.responses[0]!.errorCode, ErrorCode.INVALID_REQUEST);
  });
});

describe('configuration', () => {
  it('of a topic counts from the next batch on', async context => {
    const connection = await (await openTestBroker(context)).connect();
    await createTopic(connection, { name: 'small' });
    const records = batchOf(['x'.repeat(500)]);
    assert.equal((await produceTo(connection, { topic: 'small', records })).errorCode, 0);
    await set(connection, TOPIC, 'small', 'max.message.bytes', '200');
    assert.equal(
      (await produceTo(connection, { topic: 'small', records })).errorCode,
      ErrorCode.MESSAGE_TOO_LARGE,
    );
  });

  it('of all brokers counts for topics that do not set it themselves', async context => {
    const connection = await (await openTestBroker(context)).connect();
    await createTopic(connection, { name: 'plain' });
    await createTopic(connection, { name: 'own', configs: { 'max.message.bytes': '1000000' } });
    await set(connection, BROKER, '', 'message.max.bytes', '200');
    const records = batchOf(['x'.repeat(500)]);
    assert.equal(
      (await produceTo(connection, { topic: 'plain', records })).errorCode,
      ErrorCode.MESSAGE_TOO_LARGE,
    );
    assert.equal((await produceTo(connection, { topic: 'own', records })).errorCode, 0);
  });

  it('reaches the log itself', async context => {
    const broker = await openTestBroker(context);
    const connection = await broker.connect();
    await createTopic(connection, { name: 'rolled' });
    await set(connection, TOPIC, 'rolled', 'retention.ms', '12345');
    assert.equal(broker.log('rolled', 0).settings.retentionMs, 12_345);
    await set(connection, BROKER, '1', 'log.segment.bytes', '2000000');
    assert.equal(broker.log('rolled', 0).settings.segmentBytes, 2_000_000);
  });

  it('survives a restart, and shows where it comes from', async context => {
    const first = await openTestBroker(context);
    const connection = await first.connect();
    await createTopic(connection, { name: 'kept' });
    await set(connection, BROKER, '', 'log.retention.ms', '777');
    connection.close();
    await first.broker.stop();
    const second = await openTestBroker(context, { fileSystem: first.fileSystem });
    const { results } = await (await second.connect()).request(DescribeConfigs, 4, {
      resources: [{ resourceType: TOPIC, resourceName: 'kept', configurationKeys: ['retention.ms'] }],
      includeSynonyms: true,
      includeDocumentation: false,
    });
    const [entry] = results[0]!.configs;
    assert.equal(entry!.value, '777');
    assert.deepEqual(
      entry!.synonyms.map(({ name, source }) => [name, source]),
      [
        ['log.retention.ms', 3],
        ['log.retention.hours', 5],
      ],
    );
  });
});
