import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  batchOf,
  createTopic,
  fetchFrom,
  produceRequest,
  produceTo,
  ZERO_UUID,
} from '../../../test/support/raw-client.ts';
import { decodeResponse } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { DescribeLogDirs } from '../../protocol/messages/apis/describe-log-dirs.ts';
import { FindCoordinator } from '../../protocol/messages/apis/find-coordinator.ts';
import { InitProducerId } from '../../protocol/messages/apis/init-producer-id.ts';
import { Produce } from '../../protocol/messages/apis/produce.ts';
import { scanBatches } from '../../protocol/records/batch-scan.ts';
import { readRecords } from '../../protocol/records/read-records.ts';

async function setUp(context: TestContext, configs: Record<string, string> = {}) {
  const broker = await openTestBroker(context, { reading: { poison: true } });
  const connection = await broker.connect();
  const topicId = await createTopic(connection, { name: 'orders', configs });
  const produce = (records: Buffer | null, more: { version?: number; acks?: number } = {}) =>
    produceTo(connection, { topic: 'orders', records, ...more });
  return { broker, connection, topicId, produce };
}

test('pipelined requests are appended and answered in order', async context => {
  const { connection } = await setUp(context);
  for (let index = 0; index < 20; index += 1) {
    connection.send(Produce, 9, produceRequest({ topic: 'orders', records: batchOf([`value ${index}`]) }));
  }
  for (let index = 0; index < 20; index += 1) {
    const frame = await connection.frame();
    const { responses } = decodeResponse(Produce, 9, frame);
    assert.equal(responses[0]?.partitionResponses[0]?.baseOffset, index);
  }
});

test('what was acknowledged can be read, and only then', async context => {
  const { connection, produce } = await setUp(context);
  const { baseOffset } = await produce(batchOf(['a', 'b']));
  assert.equal(baseOffset, 0);
  assert.equal((await fetchFrom(connection, { topic: 'orders', offset: 0 })).highWatermark, 2);
});

test('topics that do not exist, internal ones, partitions, acks', async context => {
  const { connection, topicId } = await setUp(context);
  const records = batchOf(['a']);
  const codeFor = async (topic: string, more: { partition?: number; acks?: number } = {}) =>
    (await produceTo(connection, { topic, records, ...more })).errorCode;
  assert.equal(await codeFor('missing'), 3);
  assert.equal(await codeFor('not/valid'), 3);
  assert.equal(await codeFor('orders', { partition: 1 }), 3);
  assert.equal(await codeFor('orders', { acks: 2 }), 21);
  assert.equal(await codeFor('orders', { acks: 1 }), 0);
  await connection.request(FindCoordinator, 3, { key: 'group', keyType: 0, coordinatorKeys: [] });
  assert.equal(await codeFor('__consumer_offsets'), 17);
  const byId = async (id: string) => {
    const { topicData, ...rest } = produceRequest({ topic: '', records });
    const named = topicData.map(topic => ({ ...topic, topicId: id }));
    const { responses } = await connection.request(Produce, 13, { ...rest, topicData: named });
    return responses[0];
  };
  assert.equal((await byId(topicId))?.partitionResponses[0]?.errorCode, 0);
  assert.equal((await byId(topicId))?.topicId, topicId);
  assert.equal((await byId(ZERO_UUID))?.partitionResponses[0]?.errorCode, 100);
});

test('acks=0 is silence; after an error the connection is closed', async context => {
  const { broker, connection } = await setUp(context);
  connection.send(Produce, 9, produceRequest({ topic: 'orders', records: batchOf(['a']), acks: 0 }));
  const next = await produceTo(connection, { topic: 'orders', records: batchOf(['b']) });
  assert.equal(next.baseOffset, 1);
  const other = await broker.connect();
  other.send(Produce, 9, produceRequest({ topic: 'missing', records: batchOf(['a']), acks: 0 }));
  await other.closed();
});

test('an idempotent producer: resends, gaps, old epochs', async context => {
  const { connection, produce } = await setUp(context);
  const { producerId, producerEpoch, errorCode } = await connection.request(InitProducerId, 4, {
    transactionalId: null,
    transactionTimeoutMs: 0,
  });
  assert.deepEqual([errorCode, producerEpoch], [0, 0]);
  const batch = (baseSequence: number, values: string[], epoch = 0) =>
    batchOf(values, { producerId, producerEpoch: epoch, baseSequence });
  for (let sequence = 0; sequence < 7; sequence += 1) {
    assert.equal((await produce(batch(sequence, ['v']))).baseOffset, sequence);
  }
  const resent = await produce(batch(3, ['v']));
  assert.deepEqual([resent.errorCode, resent.baseOffset], [0, 3]);
  assert.ok(resent.logAppendTimeMs >= 0n);
  assert.equal((await produce(batch(0, ['v']))).errorCode, 45);
  assert.equal((await produce(batch(9, ['v']))).errorCode, 45);
  assert.equal((await produce(batch(6, ['v', 'w']))).errorCode, 45);
  assert.equal((await produce(batch(0, ['v'], 1))).errorCode, 0);
  const fenced = await produce(batch(7, ['v']));
  assert.equal(fenced.errorCode, 47);
  assert.equal(fenced.logStartOffset, 0);
});

test('a transactional batch needs its transaction', async context => {
  const { connection, produce } = await setUp(context);
  const records = batchOf(['a'], { producerId: 1n, producerEpoch: 0, baseSequence: 0, transactional: true });
  assert.equal((await produce(records)).errorCode, 53);
  await connection.request(FindCoordinator, 3, { key: 'payments', keyType: 1, coordinatorKeys: [] });
  const named = await produceTo(connection, { topic: 'orders', records, transactionalId: 'payments' });
  assert.deepEqual([named.errorCode, named.logStartOffset, named.errorMessage], [49, -1, null]);
  const half = { transactionalId: null, transactionTimeoutMs: 0, producerId: 4n, producerEpoch: -1 };
  assert.equal((await connection.request(InitProducerId, 4, half)).errorCode, 42);
});

test('LogAppendTime gives the time of the broker', async context => {
  const { produce } = await setUp(context, { 'message.timestamp.type': 'LogAppendTime' });
  const { logAppendTimeMs } = await produce(batchOf(['a']));
  assert.ok(logAppendTimeMs > 1_600_000_000_000n);
});

test('large requests across many reads arrive whole, and leave whole', async context => {
  const { connection, produce } = await setUp(context);
  const values = Array.from({ length: 8 }, (_, index) => String(index).repeat(900_000));
  for (const value of values) assert.equal((await produce(batchOf([value]))).errorCode, 0);
  const request = { topic: 'orders', offset: 0, maxBytes: 50_000_000, partitionMaxBytes: 50_000_000 };
  const { records } = await fetchFrom(connection, request);
  assert.ok(records);
  const read = scanBatches(records).batches.map(({ position, sizeInBytes }) =>
    String(readRecords(records.subarray(position, position + sizeInBytes))[0]?.value),
  );
  assert.deepEqual(read, values);
});

test('a disk that fails is an error of that partition; what was read before can still be read', async context => {
  const { broker, connection, produce } = await setUp(context);
  assert.equal((await produce(batchOf(['kept']))).errorCode, 0);
  const directory = async () => {
    const asked = { topics: null };
    return (await connection.request(DescribeLogDirs, 4, asked)).results[0]!;
  };
  assert.equal((await directory()).errorCode, 0);
  broker.fileSystem.failOn({ operation: 'sync', code: 'EIO', path: 'orders-0' });
  const failed = await produce(batchOf(['lost']));
  assert.deepEqual([failed.errorCode, failed.baseOffset], [56, -1]);
  assert.equal((await produce(batchOf(['later']))).errorCode, 56);
  const { records, highWatermark } = await fetchFrom(connection, { topic: 'orders', offset: 0 });
  assert.equal(highWatermark, 1);
  assert.equal(String(readRecords(records!)[0]?.value), 'kept');
  const { errorCode, topics } = await directory();
  assert.deepEqual([errorCode, topics.map(({ name }) => name)], [56, ['orders']]);
});
