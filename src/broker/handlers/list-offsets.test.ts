import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { batchOf, createTopic, produceTo } from '../../../test/support/raw-client.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { DeleteRecords } from '../../protocol/messages/apis/delete-records.ts';
import { ListOffsets } from '../../protocol/messages/apis/list-offsets.ts';

const START_MS = 1_700_000_000_000n;

async function setUp(context: TestContext, configs: Record<string, string> = {}) {
  const broker = await openTestBroker(context);
  const connection = await broker.connect();
  await createTopic(connection, { name: 'orders', configs });
  const ask = async (
    timestamp: bigint,
    more: { version?: number; currentLeaderEpoch?: number; topic?: string } = {},
  ) => {
    const version = more.version ?? 11;
    const { topics } = await connection.request(ListOffsets, version, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [
        {
          name: more.topic ?? 'orders',
          partitions: [{ partitionIndex: 0, timestamp, currentLeaderEpoch: more.currentLeaderEpoch ?? -1 }],
        },
      ],
      timeoutMs: 1_000,
    });
    const found = topics[0]?.partitions[0];
    assert.ok(found);
    return [found.errorCode, found.timestamp, found.offset, found.leaderEpoch];
  };
  const deleteBefore = async (offset: number, topic = 'orders') => {
    const { topics } = await connection.request(DeleteRecords, 2, {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
      timeoutMs: 1_000,
    });
    const { errorCode, lowWatermark } = topics[0]!.partitions[0]!;
    return [errorCode, lowWatermark];
  };
  const produce = (values: string[]) => produceTo(connection, { topic: 'orders', records: batchOf(values) });
  return { broker, connection, ask, deleteBefore, produce };
}

test('an empty partition has ends, but no times', async context => {
  const { ask } = await setUp(context);
  assert.deepEqual(await ask(-1n), [0, -1n, 0, 0]);
  assert.deepEqual(await ask(-2n), [0, -1n, 0, 0]);
  assert.deepEqual(await ask(-3n), [0, -1n, -1, -1]);
  assert.deepEqual(await ask(START_MS), [0, -1n, -1, -1]);
});

test('latest, earliest, by time, largest time, and the tiers there are none of', async context => {
  const { ask, produce } = await setUp(context);
  await produce(['a', 'b', 'c']);
  assert.deepEqual(await ask(-1n), [0, -1n, 3, 0]);
  assert.deepEqual(await ask(-2n), [0, -1n, 0, 0]);
  assert.deepEqual(await ask(-4n), [0, -1n, 0, 0]);
  assert.deepEqual(await ask(-3n), [0, START_MS + 2n, 2, 0]);
  assert.deepEqual(await ask(-5n), [0, -1n, -1, -1]);
  assert.deepEqual(await ask(-6n), [0, -1n, -1, -1]);
  assert.deepEqual(await ask(START_MS + 1n), [0, START_MS + 1n, 1, 0]);
  assert.deepEqual(await ask(0n), [0, START_MS, 0, 0]);
  assert.deepEqual(await ask(START_MS + 3n), [0, -1n, -1, -1]);
  assert.deepEqual(await ask(START_MS, { version: 1 }), [0, START_MS, 0, -1]);
});

test('a question asked below its version is refused', async context => {
  const { ask } = await setUp(context);
  const code = async (timestamp: bigint, version: number) => (await ask(timestamp, { version }))[0];
  assert.deepEqual(
    [await code(-3n, 6), await code(-4n, 7), await code(-5n, 8), await code(-6n, 10), await code(-7n, 11)],
    [35, 35, 35, 35, 35],
  );
});

test('epochs and topics that are not', async context => {
  const { ask } = await setUp(context);
  assert.equal((await ask(-1n, { currentLeaderEpoch: 9 }))[0], 75);
  assert.equal((await ask(-1n, { topic: 'missing' }))[0], 3);
});

test('a partition named twice is refused, and answered once', async context => {
  const { connection } = await setUp(context);
  const partition = { partitionIndex: 0, timestamp: -1n };
  const { topics } = await connection.request(ListOffsets, 11, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: 'orders', partitions: [partition, partition] }],
    timeoutMs: 1_000,
  });
  assert.deepEqual(
    topics[0]?.partitions.map(({ errorCode }) => errorCode),
    [42],
  );
});

test('deleting records moves the start, up to the high watermark and no further', async context => {
  const { ask, produce, deleteBefore } = await setUp(context);
  await produce(['a', 'b', 'c', 'd']);
  assert.deepEqual(await deleteBefore(2), [0, 2]);
  assert.deepEqual((await ask(-2n)).slice(0, 3), [0, -1n, 2]);
  assert.deepEqual(await deleteBefore(5), [1, -1]);
  assert.deepEqual(await deleteBefore(-2), [1, -1]);
  assert.deepEqual(await deleteBefore(-1), [0, 4]);
  assert.deepEqual(await deleteBefore(0, 'missing'), [3, -1]);
});

test('read_committed ends before an open transaction, for latest and for times', async context => {
  const { broker, connection, produce } = await setUp(context);
  await produce(['plain']);
  const log = broker.log('orders', 0);
  const open = batchOf(['open'], { producerId: 3n, producerEpoch: 0, baseSequence: 0, transactional: true });
  log.append(open, { leaderEpoch: 0, origin: 'client' });
  log.flushNow();
  const ask = async (isolationLevel: number, timestamp: bigint) => {
    const { topics } = await connection.request(ListOffsets, 11, {
      replicaId: -1,
      isolationLevel,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp }] }],
      timeoutMs: 1_000,
    });
    return topics[0]?.partitions[0]?.offset;
  };
  assert.deepEqual([await ask(0, -1n), await ask(1, -1n)], [2, 1]);
  assert.deepEqual([await ask(0, -2n), await ask(1, -2n)], [0, 0]);
  assert.deepEqual([await ask(0, START_MS), await ask(1, START_MS)], [0, 0]);
});

test('a compacted topic gives up no records by offset', async context => {
  const { deleteBefore } = await setUp(context, { 'cleanup.policy': 'compact' });
  assert.deepEqual(await deleteBefore(0), [44, -1]);
});
