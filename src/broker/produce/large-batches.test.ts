import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { batchOf, createTopic, produceRequest, produceTo } from '../../../test/support/raw-client.ts';
import { decodeResponse } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { Produce } from '../../protocol/messages/apis/produce.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { type ProduceRules, validateProducedRecords } from '../../protocol/records/validate.ts';
import { crc32c } from '../../protocol/wire/crc32c.ts';
import { ManualTime } from '../runtime/clock.ts';
import { LargeBatches } from './large-batches.ts';

const TIME = 1_700_000_000_000;
const RECORDS = 100_001;
const rules: ProduceRules = {
  apiVersion: 9,
  topicPartition: 'orders-0',
  maxMessageBytes: 1024 * 1024,
  compacted: false,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  nowMs: TIME,
  compressionType: 'producer',
  transactionalIdPresent: false,
};

function many(count = RECORDS): Buffer {
  const records = Array.from({ length: count }, () => ({
    key: null,
    value: null,
    headers: [],
    timestamp: TIME,
  }));
  return buildBatch({ codec: 'zstd', records });
}

/** One record of 9 MiB, in a batch of some KB. */
function wide(): Buffer {
  return buildBatch({
    codec: 'gzip',
    records: [{ key: null, value: Buffer.alloc(9 << 20), headers: [], timestamp: TIME }],
  });
}

/** The good header of `many`, but records that decompress to more than the bound. */
function bomb(): Buffer {
  const head = many().subarray(0, 61);
  const batch = Buffer.concat([head, zstdCompressSync(Buffer.alloc(129 << 20))]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

async function setUp(context: TestContext) {
  const broker = await openTestBroker(context, { reading: { poison: true } });
  const connection = await broker.connect();
  await createTopic(connection, { name: 'orders' });
  return { broker, connection };
}

test('the thread answers as the loop does', async () => {
  const large = new LargeBatches(new ManualTime());
  for (const batch of [many(), wide(), bomb(), Buffer.concat([many(), Buffer.alloc(80)])]) {
    for (const variant of [
      rules,
      { ...rules, compacted: true },
      { ...rules, compressionType: 'lz4' } as const,
    ]) {
      const later = large.validate(batch, variant);
      assert.deepEqual(await later, validateProducedRecords(Buffer.from(batch), variant));
    }
  }
});

test('the thread answers as the loop does for every golden batch', async () => {
  const large = new LargeBatches(new ManualTime());
  let count = 0;
  for (const folder of ['valid', 'invalid']) {
    const directory = new URL(`../../../test/golden/batches/${folder}/`, import.meta.url);
    for (const name of readdirSync(directory)) {
      const batch = readFileSync(new URL(name, directory));
      const outcome = validateProducedRecords(Buffer.from(batch), rules);
      assert.deepEqual(await large.validate(batch, rules), outcome, name);
      count += 1;
    }
  }
  assert.ok(count > 50, `${count} golden batches`);
});

test('a connection keeps its order, and others are served before', async context => {
  const { broker, connection } = await setUp(context);
  const other = await broker.connect();
  const order: string[] = [];
  const send = (records: Buffer) => connection.send(Produce, 9, produceRequest({ topic: 'orders', records }));
  send(batchOf(['first']));
  send(many());
  send(batchOf(['last']));
  send(wide());
  const answers = (async () => {
    const offsets: (number | undefined)[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { responses } = decodeResponse(Produce, 9, await connection.frame());
      const answer = responses[0]?.partitionResponses[0];
      assert.equal(answer?.errorCode, 0);
      offsets.push(answer?.baseOffset);
    }
    order.push('large');
    return offsets;
  })();
  await other.request(ApiVersions, 0, {});
  order.push('canary');
  assert.deepEqual(await answers, [0, 1, 1 + RECORDS, 2 + RECORDS]);
  assert.deepEqual(order, ['canary', 'large']);
});

test('a bomb is MESSAGE_TOO_LARGE; acks=0 closes the connection after it, and only then', async context => {
  const { broker, connection } = await setUp(context);
  assert.equal((await produceTo(connection, { topic: 'orders', records: bomb() })).errorCode, 10);
  const silent = await broker.connect();
  silent.send(Produce, 9, produceRequest({ topic: 'orders', records: many(), acks: 0 }));
  const { baseOffset } = await produceTo(silent, { topic: 'orders', records: batchOf(['a']) });
  assert.equal(baseOffset, RECORDS);
  silent.send(Produce, 9, produceRequest({ topic: 'orders', records: bomb(), acks: 0 }));
  await silent.closed();
});

test('more than can wait is REQUEST_TIMED_OUT at once', async () => {
  const large = new LargeBatches(new ManualTime());
  const batch = many(1_000);
  const outcomes = await Promise.all(Array.from({ length: 70 }, () => large.validate(batch, rules)));
  const errors = outcomes.map(outcome => (outcome.ok ? 'ok' : outcome.error));
  assert.deepEqual(errors, [...Array(64).fill('ok'), ...Array(6).fill('REQUEST_TIMED_OUT')]);
});

test('an idle thread ends, and the next batch starts another', async () => {
  const time = new ManualTime();
  const large = new LargeBatches(time);
  const batch = many(1_000);
  assert.equal((await large.validate(batch, rules)).ok, true);
  time.advance(10_000);
  assert.equal((await large.validate(batch, rules)).ok, true);
});
