// Quotas as a client meets them: over the wire, with time moved by hand.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { batchOf, createTopic, ZERO_UUID } from '../../../test/support/raw-client.ts';
import { decodeResponse, type RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { AlterClientQuotas } from '../../protocol/messages/apis/alter-client-quotas.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { CreateTopics } from '../../protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import { Fetch } from '../../protocol/messages/apis/fetch.ts';
import { Produce } from '../../protocol/messages/apis/produce.ts';
import { ManualTime } from '../runtime/clock.ts';

const THROTTLING_QUOTA_EXCEEDED = 89;

async function setUp(context: TestContext) {
  const time = new ManualTime();
  const broker = await openTestBroker(context, { time });
  const connection = await broker.connect();
  return { time, broker, connection };
}

async function setQuota(connection: RawConnection, key: string, value: number): Promise<void> {
  const { entries } = await connection.request(AlterClientQuotas, 1, {
    entries: [
      { entity: [{ entityType: 'client-id', entityName: 'raw' }], ops: [{ key, value, remove: false }] },
    ],
    validateOnly: false,
  });
  assert.equal(entries[0]?.errorCode, 0);
}

const produceBody = (bytes: number) => ({
  transactionalId: null,
  acks: -1,
  timeoutMs: 1000,
  topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['x'.repeat(bytes)]) }] }],
});

test('produce beyond the byte rate is answered at once, and then nothing is taken for the time named', async context => {
  const { time, connection, broker } = await setUp(context);
  await createTopic(connection, { name: 'orders' });
  await setQuota(connection, 'producer_byte_rate', 1000);
  const { throttleTimeMs, responses } = await connection.request(Produce, 9, produceBody(20_000));
  assert.equal(responses[0]?.partitionResponses[0]?.errorCode, 0);
  // 20,1xx bytes over ten seconds at 1,000 a second: about ten seconds more.
  assert.ok(throttleTimeMs > 10_000 && throttleTimeMs < 10_300, String(throttleTimeMs));
  connection.send(ApiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
  // Another connection of another client is served, so the muted one has had its chance.
  const other = await broker.connect();
  for (let round = 0; round < 5; round += 1) {
    await other.request(ApiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
  }
  assert.equal(connection.pending.length, 0);
  time.advance(throttleTimeMs);
  assert.equal(decodeResponse(ApiVersions, 0, await connection.frame()).errorCode, 0);
});

test('a fetch beyond the byte rate is answered without records, and they come after the wait', async context => {
  const { time, connection } = await setUp(context);
  await createTopic(connection, { name: 'orders' });
  for (let count = 0; count < 4; count += 1) await connection.request(Produce, 9, produceBody(6_000));
  await setQuota(connection, 'consumer_byte_rate', 1000);
  const fetchFrom = (fetchOffset: number) =>
    connection.request(Fetch, 12, {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      forgottenTopicsData: [],
      topics: [
        {
          topic: 'orders',
          topicId: ZERO_UUID,
          partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 7_000 }],
        },
      ],
    });
  const first = await fetchFrom(0);
  const size = first.responses[0]?.partitions[0]?.records?.length ?? 0;
  assert.equal(first.throttleTimeMs, 0);
  assert.ok(size > 6_000, String(size));
  const second = await fetchFrom(1);
  assert.ok(second.throttleTimeMs > 0);
  assert.deepEqual(second.responses, []);
  time.advance(second.throttleTimeMs + 11_000);
  const third = await fetchFrom(1);
  assert.equal(third.throttleTimeMs, 0);
  assert.ok((third.responses[0]?.partitions[0]?.records?.length ?? 0) > 6_000);
});

const topicsBody = (...sizes: number[]) => ({
  topics: sizes.map((numPartitions, index) => ({
    name: `t${index}`,
    numPartitions,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  })),
  timeoutMs: 1000,
  validateOnly: false,
});

test('topics are refused one by one once the mutation quota is used up', async context => {
  const { time, connection } = await setUp(context);
  await setQuota(connection, 'controller_mutation_rate', 1);
  const { topics, throttleTimeMs } = await connection.request(CreateTopics, 7, topicsBody(5, 10, 1));
  assert.deepEqual(
    topics.map(({ name, errorCode }) => [name, errorCode]),
    [
      ['t0', 0],
      ['t1', 0],
      ['t2', THROTTLING_QUOTA_EXCEEDED],
    ],
  );
  // Eleven tokens, fifteen taken.
  assert.equal(throttleTimeMs, 4000);
  time.advance(throttleTimeMs);
  const deleted = await connection.request(DeleteTopics, 5, {
    topics: [],
    topicNames: ['t0', 't1'],
    timeoutMs: 1000,
  });
  assert.deepEqual(
    deleted.responses.map(({ errorCode }) => errorCode),
    [0, THROTTLING_QUOTA_EXCEEDED],
  );
  assert.equal(deleted.throttleTimeMs, 5000);
});

test('a client that does not know the error gets its topics, and waits afterwards', async context => {
  const { connection } = await setUp(context);
  await setQuota(connection, 'controller_mutation_rate', 1);
  const { topics, throttleTimeMs } = await connection.request(CreateTopics, 5, topicsBody(12, 1));
  assert.deepEqual(
    topics.map(({ errorCode }) => errorCode),
    [0, 0],
  );
  assert.equal(throttleTimeMs, 2000);
});

test('the time spent on requests is limited, for a window at most', async context => {
  const { connection } = await setUp(context);
  await setQuota(connection, 'request_percentage', 1e-9);
  const { throttleTimeMs } = await connection.request(ApiVersions, 1, {
    clientSoftwareName: '',
    clientSoftwareVersion: '',
  });
  assert.equal(throttleTimeMs, 1000);
});
