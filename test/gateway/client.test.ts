// The Kafka client against a real broker: finding nodes, many requests on one line, broken lines, topics that change
// under it, every codec.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTopic, deleteTopic } from '../../src/client/admin.ts';
import { readRanges } from '../../src/client/fetch-reader.ts';
import { KafkaClient } from '../../src/client/kafka-client.ts';
import { offsetRanges } from '../../src/client/list-offsets.ts';
import { produce } from '../../src/client/produce.ts';
import { KafkaError } from '../../src/protocol/errors.ts';
import { DescribeCluster } from '../../src/protocol/messages/apis/describe-cluster.ts';
import { DescribeGroups } from '../../src/protocol/messages/apis/describe-groups.ts';
import { ListOffsets } from '../../src/protocol/messages/apis/list-offsets.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import { freshTopic, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let client: KafkaClient;
before(async () => {
  gateway = await startTestGateway();
  client = new KafkaClient({ bootstrapServers: gateway.bootstrapServers, clientId: 'test' });
});
after(async () => {
  client.close();
  await gateway.close();
});

const cluster = { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: false };

async function valuesOf(topic: string): Promise<string[]> {
  const ranges = await offsetRanges([{ topic, partition: 0 }], { client });
  const values: string[] = [];
  const wanted = ranges.map(range => ({ ...range, from: range.earliest, to: range.latest }));
  for await (const { records } of readRanges(wanted, { client, isolation: 'read_committed' })) {
    values.push(...records.map(({ value }) => String(value)));
  }
  return values;
}

const record = (value: string) => ({ key: null, value: Buffer.from(value) });

describe('a request', () => {
  it('goes to any node, the controller, a node by its number, a leader and a coordinator', async () => {
    const topic = freshTopic('leader');
    await createTopic(client, { name: topic });
    const { brokers } = await client.cluster();
    const nodeId = brokers[0]!.nodeId;
    for (const node of ['any', 'controller', { nodeId }] as const) {
      const answer = await client.request(DescribeCluster, cluster, { node });
      assert.equal(answer.errorCode, 0);
    }
    const offsets = await client.request(
      ListOffsets,
      {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
      },
      { node: { leaderOf: { topic, partition: 0 } } },
    );
    assert.equal(offsets.topics[0]!.partitions[0]!.offset, 0);
    const groups = await client.request(
      DescribeGroups,
      { groups: ['nobody'], includeAuthorizedOperations: false },
      { node: { coordinatorOf: { key: 'nobody', type: 'group' } } },
    );
    assert.equal(groups.groups[0]!.groupId, 'nobody');
  });

  it('is an error when there is no such partition or topic', async () => {
    const topic = freshTopic('some');
    await createTopic(client, { name: topic });
    const isUnknown = (error: unknown) =>
      error instanceof KafkaError && error.errorName === 'UNKNOWN_TOPIC_OR_PARTITION';
    for (const leaderOf of [
      { topic, partition: 1 },
      { topic: freshTopic('none'), partition: 0 },
    ]) {
      const body = { replicaId: -1, isolationLevel: 0, topics: [] };
      await assert.rejects(client.request(ListOffsets, body, { node: { leaderOf } }), isUnknown);
    }
  });

  it('does not wait for the answers of others: a thousand at once on one line', async () => {
    const body = { topics: [], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false };
    const asked = Array.from({ length: 1000 }, () => client.request(Metadata, body, { node: 'any' }));
    const answers = await Promise.all(asked);
    assert.ok(answers.every(answer => answer.brokers.length > 0));
  });

  it('is given up when its signal fires, and the line goes on', async () => {
    const signal = AbortSignal.abort(new Error('not wanted any more'));
    await assert.rejects(
      client.request(DescribeCluster, cluster, { node: 'any', signal }),
      /not wanted any more/,
    );
    assert.equal((await client.request(DescribeCluster, cluster, { node: 'any' })).errorCode, 0);
  });
});

describe('records', () => {
  it('are read in every codec', async () => {
    const topic = freshTopic('codecs');
    await createTopic(client, { name: topic });
    const { topicId } = await client.topic(topic);
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
    for (const codec of codecs) {
      const value = Buffer.from(`${codec} ${'x'.repeat(1000)}`);
      const records = buildBatch({ codec, records: [{ key: null, value, timestamp: Date.now() }] });
      const body = {
        acks: -1,
        timeoutMs: 5000,
        topicData: [{ name: topic, topicId, partitionData: [{ index: 0, records }] }],
      };
      const answer = await client.request(Produce, body, { node: { leaderOf: { topic, partition: 0 } } });
      assert.equal(answer.responses[0]!.partitionResponses[0]!.errorCode, 0);
    }
    const names = (await valuesOf(topic)).map(value => value.split(' ')[0]);
    assert.deepEqual(names, codecs);
  });

  it('go to a topic that was deleted and made anew behind our back', async () => {
    const topic = freshTopic('anew');
    await createTopic(client, { name: topic });
    await produce({ client, topic, records: [record('old')] });
    const other = new KafkaClient({ bootstrapServers: gateway.bootstrapServers, clientId: 'other' });
    await deleteTopic(other, topic);
    await createTopic(other, { name: topic });
    other.close();
    const written = await produce({ client, topic, records: [record('new')] });
    assert.equal(written[0]!.offset, 0);
    assert.deepEqual(await valuesOf(topic), ['new']);
  });

  it('without a key stay together and in order', async () => {
    const topic = freshTopic('keyless');
    await createTopic(client, { name: topic, partitions: 5 });
    const written = await produce({ client, topic, records: ['a', 'b', 'c'].map(record), random: () => 0.5 });
    assert.deepEqual(
      written.map(({ partition, offset }) => [partition, offset]),
      [
        [2, 0],
        [2, 1],
        [2, 2],
      ],
    );
  });
});
