// Every batch of golden/batches that was sent to a real Apache Kafka 4.3.1 is sent here as a real Produce over a real
// socket, and answered and stored as there. The read buffer is poisoned after every callback, so a batch that is looked
// at too late would not pass.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createTopic, fetchFrom, produceTo } from '../../../test/support/raw-client.ts';
import type { RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { codecId, LEADER_EPOCH_POSITION } from '../../protocol/records/batch-header.ts';
import { readRecords } from '../../protocol/records/read-records.ts';

interface GoldenProduce {
  readonly apiVersion: number;
  readonly topicConfig?: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly { batchIndex: number; batchIndexErrorMessage: string }[];
  readonly stored?: string;
  readonly storedHex?: string;
}

interface GoldenCase {
  readonly name: string;
  readonly file?: string;
  readonly produce?: GoldenProduce;
}

const folder = new URL('../../../test/golden/batches/', import.meta.url);
const casesOf = (file: string): GoldenCase[] => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

for (const set of ['valid', 'invalid']) {
  test(`golden/batches/${set}.json: answers and stored bytes are Apache Kafka's`, async context => {
    const broker = await openTestBroker(context, { reading: { poison: true } });
    const connection = await broker.connect();
    const sent = casesOf(`${set}.json`).filter(golden => golden.produce !== undefined);
    assert.ok(sent.length > 20);
    for (const golden of sent) {
      await context.test(golden.name, () => check(connection, golden.name, golden));
    }
  });
}

async function check(connection: RawConnection, name: string, golden: GoldenCase): Promise<void> {
  const expected = golden.produce!;
  const bytes = golden.file === undefined ? Buffer.alloc(0) : readFileSync(new URL(golden.file, folder));
  const [key, value] = expected.topicConfig?.split('=') ?? [];
  const configs = key === undefined ? {} : { [key]: value ?? '' };
  const topic = `golden-${name}`;
  await createTopic(connection, { name: topic, configs });
  const actual = await produceTo(connection, { topic, records: bytes, version: expected.apiVersion });
  const isLogAppendTime = expected.logAppendTimeMs >= 0;
  assert.deepEqual(
    {
      errorCode: actual.errorCode,
      baseOffset: actual.baseOffset,
      logStartOffset: actual.logStartOffset,
      isLogAppendTime: actual.logAppendTimeMs >= 0n,
    },
    {
      errorCode: expected.errorCode,
      baseOffset: expected.baseOffset,
      logStartOffset: expected.apiVersion >= 5 ? expected.logStartOffset : -1,
      isLogAppendTime,
    },
  );
  if (expected.apiVersion >= 8) {
    assert.equal(withoutNames(actual.errorMessage), withoutNames(expected.errorMessage));
    assert.deepEqual(
      actual.recordErrors.map(error => [error.batchIndex, withoutNames(error.batchIndexErrorMessage)]),
      expected.recordErrors.map(error => [error.batchIndex, withoutNames(error.batchIndexErrorMessage)]),
    );
  }
  if (expected.errorCode !== 0) return;
  const { records } = await fetchFrom(connection, { topic, offset: 0, partitionMaxBytes: 16 * 1024 * 1024 });
  const stored = expected.storedHex === undefined ? asSent(bytes) : Buffer.from(expected.storedHex, 'hex');
  assert.ok(records);
  if (expected.topicConfig === 'compression.type=gzip') {
    // Two implementations of deflate: other bytes, the same records.
    assert.equal(codecId(records, 0), codecId(stored, 0));
    assert.deepEqual(readRecords(records), readRecords(stored));
  } else if (!isLogAppendTime) {
    // With LogAppendTime the time of the append is another.
    assert.equal(records.toString('hex'), stored.toString('hex'));
  }
}

/** Apache Kafka stamps the leader epoch and drops what lies behind the first batch. */
function asSent(bytes: Buffer): Buffer {
  const stored = Buffer.from(bytes.subarray(0, 12 + bytes.readInt32BE(8)));
  stored.writeInt32BE(0, LEADER_EPOCH_POSITION);
  return stored;
}

/** Texts name the time of the server. */
function withoutNames(text: string | null): string | null {
  return text?.replace(/\[-?\d+, \d+\]/g, '[from, to]') ?? null;
}
