// Reading, against what Apache Kafka's own reader found in the same bytes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  asGoldenBytes,
  type GoldenBatch,
  type GoldenBatchCase,
  goldenRecordsOf,
  loadGoldenBatches,
} from '../../../test/support/golden-batches.ts';
import { DecodeError } from '../wire/decode-error.ts';
import * as header from './batch-header.ts';
import { scanBatches } from './batch-scan.ts';
import { CompressionError } from './compression/codec.ts';
import { codecName } from './compression/index.ts';
import { controlTypeOf } from './control-records.ts';
import { readRecords } from './read-records.ts';

const cases = loadGoldenBatches();

function batchesOf(golden: GoldenBatchCase): Buffer[] {
  const { batches } = scanBatches(golden.bytes);
  return batches.map(({ position, sizeInBytes }) => golden.bytes.subarray(position, position + sizeInBytes));
}

function headerFacts(batch: Buffer) {
  return {
    baseOffset: header.baseOffset(batch, 0),
    lastOffset: header.lastOffset(batch, 0),
    sizeInBytes: header.sizeInBytes(batch, 0),
    magic: header.magic(batch, 0),
    partitionLeaderEpoch: header.partitionLeaderEpoch(batch, 0),
    crc: header.crc(batch, 0),
    attributes: header.attributes(batch, 0),
    codec: codecName(header.codecId(batch, 0)),
    timestampType: header.isLogAppendTime(batch, 0) ? 'LogAppendTime' : 'CreateTime',
    transactional: header.isTransactional(batch, 0),
    control: header.isControl(batch, 0),
    deleteHorizonMs: header.deleteHorizonMs(batch, 0),
    lastOffsetDelta: header.lastOffsetDelta(batch, 0),
    baseTimestamp: header.baseTimestamp(batch, 0),
    maxTimestamp: header.maxTimestamp(batch, 0),
    producerId: header.producerId(batch, 0),
    producerEpoch: header.producerEpoch(batch, 0),
    baseSequence: header.baseSequence(batch, 0),
    lastSequence: header.lastSequence(batch, 0),
    count: header.recordCount(batch, 0),
  };
}

function goldenFacts({ records: _records, recordsSameAs: _same, ...facts }: GoldenBatch) {
  return { ...facts, maxTimestamp: Number(facts.maxTimestamp), producerId: BigInt(facts.producerId) };
}

describe('reading batches', () => {
  for (const golden of cases.filter(({ folder }) => folder === 'valid')) {
    it(`finds header and records of ${golden.name}`, () => {
      const batches = batchesOf(golden);
      assert.equal(batches.length, golden.batches.length);
      golden.batches.forEach((expected, index) => {
        const batch = batches[index]!;
        assert.ok(header.verifyCrc(batch, 0));
        assert.deepEqual(headerFacts(batch), goldenFacts(expected));
        const expectedRecords = goldenRecordsOf(expected, cases);
        const records = readRecords(batch);
        assert.equal(records.length, expectedRecords.length);
        expectedRecords.forEach((record, at) => {
          const { offset, timestamp, sequence, key, value, headers } = records[at]!;
          assert.deepEqual(
            {
              offset,
              timestamp,
              sequence,
              key: asGoldenBytes(key, record.key),
              value: asGoldenBytes(value, record.value),
              headers: headers.map(entry => [entry.key, entry.value?.toString('base64') ?? null]),
            },
            {
              offset: record.offset,
              timestamp: Number(record.timestamp),
              sequence: record.sequence,
              key: record.key,
              value: record.value,
              headers: record.headers,
            },
          );
        });
      });
    });
  }

  for (const golden of cases.filter(
    ({ name, reader }) => reader?.step === 'records' && name !== 'control-from-client',
  )) {
    it(`refuses the records of ${golden.name}`, () => {
      const [batch] = batchesOf(golden);
      assert.throws(
        () => readRecords(batch!),
        error => error instanceof DecodeError || error instanceof CompressionError,
      );
    });
  }

  for (const golden of cases.filter(({ reader }) => reader?.step === 'ensureValid')) {
    it(`sees the bad checksum of ${golden.name}`, () => {
      const [batch] = batchesOf(golden);
      assert.ok(batch === undefined || !header.verifyCrc(batch, 0));
    });
  }

  it('refuses the key of control-from-client', () => {
    const [record] = readRecords(cases.find(({ name }) => name === 'control-from-client')!.bytes);
    assert.throws(() => controlTypeOf(record!.key), DecodeError);
  });

  it('stops at a bound on records and on decompressed bytes', () => {
    const thousand = cases.find(({ name }) => name === 'thousand-gzip')!.bytes;
    assert.equal(readRecords(thousand).length, 1000);
    assert.throws(() => readRecords(thousand, { recordsMax: 999 }), DecodeError);
    assert.throws(() => readRecords(thousand, { decompressedBytesMax: 10_000 }), CompressionError);
  });
});
