import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ObservedTime } from '../../../test/support/observed-time.ts';
import {
  batchOf,
  createTopic,
  fetchFrom,
  fetchRequest,
  produceTo,
  ZERO_UUID,
} from '../../../test/support/raw-client.ts';
import { decodeResponse } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import { Fetch } from '../../protocol/messages/apis/fetch.ts';
import { buildTransactionMarker } from '../../protocol/records/control-records.ts';

async function setUp(context: TestContext, batches: readonly Buffer[] = []) {
  const time = new ObservedTime();
  const broker = await openTestBroker(context, { time, reading: { poison: true } });
  const connection = await broker.connect();
  const topicId = await createTopic(connection, { name: 'orders', partitions: 2 });
  for (const records of batches) {
    const { errorCode } = await produceTo(connection, { topic: 'orders', records });
    assert.equal(errorCode, 0);
  }
  return { broker, time, connection, topicId };
}

const recordsOf = (partition: { records: Buffer | null }) => partition.records ?? Buffer.alloc(0);

test('a waiting fetch is woken by an append, with the clock standing still', async context => {
  const { broker, time, connection } = await setUp(context);
  const reader = await broker.connect();
  const correlationId = reader.send(
    Fetch,
    12,
    fetchRequest({ topic: 'orders', offset: 0, maxWaitMs: 61_234 }),
  );
  await time.whenScheduled(61_234);
  await produceTo(connection, { topic: 'orders', records: batchOf(['one']) });
  const frame = await reader.frame();
  assert.equal(frame.correlationId, correlationId);
  const partition = decodeResponse(Fetch, 12, frame).responses[0]?.partitions[0];
  assert.ok(partition && recordsOf(partition).length > 61);
  assert.equal(partition.highWatermark, 1);
});

test('a waiting fetch ends with its time, and waits for min_bytes until then', async context => {
  const { broker, time, connection } = await setUp(context);
  const reader = await broker.connect();
  const request = fetchRequest({ topic: 'orders', offset: 0, maxWaitMs: 1_234, minBytes: 1_000 });
  reader.send(Fetch, 12, request);
  await time.whenScheduled(1_234);
  await produceTo(connection, { topic: 'orders', records: batchOf(['short']) });
  await produceTo(connection, { topic: 'orders', records: batchOf(['short']) });
  assert.equal(reader.pending.length, 0);
  time.advance(1_233);
  await produceTo(connection, { topic: 'orders', partition: 1, records: batchOf(['other']) });
  assert.equal(reader.pending.length, 0);
  time.advance(1);
  const partition = decodeResponse(Fetch, 12, await reader.frame()).responses[0]?.partitions[0];
  assert.equal(partition?.highWatermark, 2);
  assert.equal(recordsOf(partition!).length, 2 * batchOf(['short']).length);

  reader.send(Fetch, 12, request);
  await time.whenScheduled(1_234);
  await produceTo(connection, { topic: 'orders', records: batchOf(['long'.repeat(300)]) });
  const full = decodeResponse(Fetch, 12, await reader.frame()).responses[0]?.partitions[0];
  assert.equal(full?.highWatermark, 3);
});

test('a waiting fetch ends when its topic is deleted', async context => {
  const { broker, time, connection } = await setUp(context);
  await createTopic(connection, { name: 'other' });
  const reader = await broker.connect();
  const base = fetchRequest({ topic: 'orders', offset: 0, maxWaitMs: 61_234 });
  const topics = ['orders', 'other'].flatMap(topic => base.topics.map(asked => ({ ...asked, topic })));
  reader.send(Fetch, 12, { ...base, topics });
  await time.whenScheduled(61_234);
  await connection.request(DeleteTopics, 5, { topicNames: ['orders'], topics: [], timeoutMs: 1_000 });
  const { responses } = decodeResponse(Fetch, 12, await reader.frame());
  assert.deepEqual(
    responses.map(({ topic, partitions }) => [topic, partitions[0]?.errorCode]),
    [
      ['other', 0],
      ['orders', 3],
    ],
  );
});

test('a slow fetch holds back the next answer of its connection', async context => {
  const { time, connection } = await setUp(context);
  const slow = connection.send(Fetch, 12, fetchRequest({ topic: 'orders', offset: 0, maxWaitMs: 1_234 }));
  const next = connection.send(Fetch, 12, fetchRequest({ topic: 'orders', offset: 0 }));
  await time.whenScheduled(1_234);
  assert.equal(connection.pending.length, 0);
  time.advance(1_234);
  assert.equal((await connection.frame()).correlationId, slow);
  assert.equal((await connection.frame()).correlationId, next);
});

test('one whole batch comes in spite of max_bytes; a second one is cut at the partition limit', async context => {
  const batch = batchOf(['value']);
  const { connection } = await setUp(context, [batch, batch, batch]);
  for (const maxBytes of [0, 1, batch.length]) {
    const partition = await fetchFrom(connection, { topic: 'orders', offset: 0, maxBytes });
    assert.equal(recordsOf(partition).length, batch.length);
  }
  const cut = await fetchFrom(connection, {
    topic: 'orders',
    offset: 0,
    partitionMaxBytes: batch.length + 20,
  });
  assert.equal(recordsOf(cut).length, batch.length + 20);
  const negative = await fetchFrom(connection, { topic: 'orders', offset: 0, maxBytes: -1 });
  assert.equal(negative.errorCode, -1);
});

test('an offset inside a batch brings the whole batch', async context => {
  const batch = batchOf(['a', 'b', 'c']);
  const { connection } = await setUp(context, [batch, batch]);
  const partition = await fetchFrom(connection, { topic: 'orders', offset: 4 });
  assert.equal(recordsOf(partition).length, batch.length);
  assert.equal(recordsOf(partition).readBigInt64BE(0), 3n);
});

test('out of range answers with -1 everywhere, at once', async context => {
  const { connection } = await setUp(context, [batchOf(['a'])]);
  for (const offset of [-2, 2, 2 ** 40]) {
    const partition = await fetchFrom(connection, { topic: 'orders', offset, maxWaitMs: 60_000 });
    assert.deepEqual(
      [
        partition.errorCode,
        partition.highWatermark,
        partition.lastStableOffset,
        partition.logStartOffset,
        partition.abortedTransactions,
        recordsOf(partition).length,
      ],
      [1, -1, -1, -1, null, 0],
    );
  }
});

test('leader epochs: an older one is fenced, a newer one unknown', async context => {
  const { connection } = await setUp(context, [batchOf(['a'])]);
  const future = await fetchFrom(connection, { topic: 'orders', offset: 0, currentLeaderEpoch: 5 });
  assert.equal(future.errorCode, 75);
  const right = await fetchFrom(connection, { topic: 'orders', offset: 0, currentLeaderEpoch: 0 });
  assert.equal(right.errorCode, 0);
});

test('topics and partitions that do not exist: 3 by name, 100 by id; the aborted list is empty, not null', async context => {
  const { connection, topicId } = await setUp(context, [batchOf(['a'])]);
  const missing = await fetchFrom(connection, { topic: 'nothing', offset: 0, maxWaitMs: 60_000 });
  assert.deepEqual([missing.errorCode, missing.highWatermark, missing.abortedTransactions], [3, -1, []]);
  const partition = await fetchFrom(connection, { topic: 'orders', partition: 2, offset: 0 });
  assert.equal(partition.errorCode, 3);
  const byId = async (id: string) => {
    const request = fetchRequest({ topic: '', offset: 0 });
    const topics = request.topics.map(topic => ({ ...topic, topicId: id }));
    return connection.request(Fetch, 17, { ...request, topics });
  };
  const known = await byId(topicId);
  assert.equal(known.responses[0]?.topicId, topicId);
  assert.ok(recordsOf(known.responses[0].partitions[0]!).length > 0);
  assert.equal((await byId(`${topicId.slice(0, -2)}AA`)).responses[0]?.partitions[0]?.errorCode, 100);
});

test('whoever claims to be a replica is none', async context => {
  const { connection } = await setUp(context, [batchOf(['a'])]);
  const request = { ...fetchRequest({ topic: 'orders', offset: 0 }), replicaId: 7 };
  const { responses } = await connection.request(Fetch, 12, request);
  assert.equal(responses[0]?.partitions[0]?.errorCode, 6);
});

test('a session: full, then only what is new, then forgotten', async context => {
  const { connection } = await setUp(context, [batchOf(['a'])]);
  const base = fetchRequest({ topic: 'orders', offset: 0 });
  const both = [0, 1].map(partition => ({ partition, fetchOffset: 0, partitionMaxBytes: 1_000 }));
  const topic = (partitions: typeof both) => [{ topic: 'orders', topicId: ZERO_UUID, partitions }];
  const first = await connection.request(Fetch, 12, { ...base, sessionEpoch: 0, topics: topic(both) });
  assert.ok(first.sessionId > 0);
  assert.equal(first.responses[0]?.partitions.length, 2);
  const { sessionId } = first;
  const read = topic([{ partition: 0, fetchOffset: 1, partitionMaxBytes: 1_000 }]);
  const quiet = await connection.request(Fetch, 12, { ...base, sessionId, sessionEpoch: 1, topics: read });
  assert.deepEqual(quiet.responses, []);
  await produceTo(connection, { topic: 'orders', partition: 1, records: batchOf(['b']) });
  const news = await connection.request(Fetch, 12, { ...base, sessionId, sessionEpoch: 2, topics: [] });
  assert.deepEqual(
    news.responses.map(response => response.partitions.map(partition => partition.partitionIndex)),
    [[1]],
  );
  const forgottenTopicsData = [{ topic: 'orders', topicId: ZERO_UUID, partitions: [1] }];
  const third = { ...base, sessionId, sessionEpoch: 3, topics: [], forgottenTopicsData };
  assert.deepEqual((await connection.request(Fetch, 12, third)).responses, []);
  assert.equal((await connection.request(Fetch, 12, third)).errorCode, 71);
  assert.equal((await connection.request(Fetch, 12, { ...third, sessionId: 1 })).errorCode, 70);
  assert.equal((await connection.request(Fetch, 13, { ...third, sessionEpoch: 4 })).errorCode, 106);
});

test('read_committed stops at an open transaction and names aborted ones', async context => {
  const { broker, connection } = await setUp(context, [batchOf(['plain'])]);
  const log = broker.log('orders', 0);
  const transactional = { producerId: 7n, producerEpoch: 0, transactional: true };
  const append = (batch: Buffer) => log.append(batch, { leaderEpoch: 0, origin: 'coordinator' });
  append(batchOf(['in'], { ...transactional, baseSequence: 0 }));
  log.flushNow();
  const committed = { topic: 'orders', offset: 0, isolationLevel: 1 };
  const open = await fetchFrom(connection, committed);
  assert.equal(open.lastStableOffset, 1);
  assert.equal(recordsOf(open).length, batchOf(['plain']).length);
  append(
    buildTransactionMarker({
      type: 'ABORT',
      producerId: 7n,
      producerEpoch: 0,
      coordinatorEpoch: 0,
      timestamp: 1,
    }),
  );
  log.flushNow();
  const aborted = await fetchFrom(connection, committed);
  assert.equal(aborted.lastStableOffset, 3);
  assert.deepEqual(
    aborted.abortedTransactions?.map(({ producerId, firstOffset }) => ({ producerId, firstOffset })),
    [{ producerId: 7n, firstOffset: 1 }],
  );
  const uncommitted = await fetchFrom(connection, { topic: 'orders', offset: 0 });
  assert.equal(uncommitted.abortedTransactions, null);
});
