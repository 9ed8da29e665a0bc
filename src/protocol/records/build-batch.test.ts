// Building, against the bytes of Apache Kafka's MemoryRecordsBuilder.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GoldenBatch, loadGoldenBatches } from '../../../test/support/golden-batches.ts';
import * as header from './batch-header.ts';
import { scanBatches } from './batch-scan.ts';
import { type BatchFields, buildBatch } from './build-batch.ts';
import { buildTransactionMarker, controlTypeOf, coordinatorEpochOf } from './control-records.ts';
import { readRecords } from './read-records.ts';

const cases = loadGoldenBatches();
/** Their CreateTimes cannot be read back, or do not fit into a number. */
const NOT_REBUILT = new Set(['timestamps-far']);

function fieldsOf(golden: GoldenBatch): BatchFields {
  return {
    baseOffset: golden.baseOffset,
    leaderEpoch: golden.partitionLeaderEpoch,
    codec: golden.codec,
    producerId: BigInt(golden.producerId),
    producerEpoch: golden.producerEpoch,
    baseSequence: golden.baseSequence,
    transactional: golden.transactional,
    control: golden.control,
    deleteHorizonMs: golden.deleteHorizonMs ?? undefined,
    lastOffsetDelta: golden.lastOffsetDelta,
    maxTimestamp: Number(golden.maxTimestamp),
  };
}

function rebuildable(golden: GoldenBatch): boolean {
  // Compaction keeps the base timestamp of a first record that is gone.
  return (
    golden.timestampType === 'CreateTime' &&
    (golden.count === 0 || golden.count === golden.lastOffsetDelta + 1)
  );
}

describe('building batches', () => {
  for (const golden of cases.filter(({ folder, name }) => folder === 'valid' && !NOT_REBUILT.has(name))) {
    const { batches } = scanBatches(golden.bytes);
    const expectedBatches = golden.batches.filter(rebuildable);
    if (expectedBatches.length !== batches.length) continue;
    it(`writes ${golden.name} as Apache Kafka does`, () => {
      batches.forEach(({ position, sizeInBytes }, index) => {
        const original = golden.bytes.subarray(position, position + sizeInBytes);
        const records = readRecords(original);
        const built = buildBatch({ ...fieldsOf(expectedBatches[index]!), records });
        if (expectedBatches[index]!.codec === 'none') {
          assert.equal(built.toString('hex'), original.toString('hex'));
          return;
        }
        // Compressors differ; what they hold and everything before it must not.
        assert.ok(header.verifyCrc(built, 0));
        assert.deepEqual(readRecords(built), records);
        assert.equal(built.toString('hex', 21, 61), original.toString('hex', 21, 61));
      });
    });
  }

  it('writes LogAppendTime over the times of the records', () => {
    const records = readRecords(cases.find(({ name }) => name === 'three-none')!.bytes);
    const golden = cases.find(({ name }) => name === 'three-logappend-none')!;
    const logAppendTimeMs = Number(golden.batches[0]!.maxTimestamp);
    const built = buildBatch({ ...fieldsOf(golden.batches[0]!), logAppendTimeMs, records });
    assert.equal(built.toString('hex'), golden.bytes.toString('hex'));
  });

  for (const type of ['COMMIT', 'ABORT'] as const) {
    it(`writes the ${type} marker`, () => {
      const golden = cases.find(({ name }) => name === `control-${type.toLowerCase()}`)!;
      const batch = golden.batches[0]!;
      const record = batch.records![0]!;
      const built = buildTransactionMarker({
        type,
        producerId: BigInt(batch.producerId),
        producerEpoch: batch.producerEpoch,
        coordinatorEpoch: record.controlValue!.coordinatorEpoch!,
        timestamp: Number(record.timestamp),
        baseOffset: batch.baseOffset,
        leaderEpoch: batch.partitionLeaderEpoch,
      });
      assert.equal(built.toString('hex'), golden.bytes.toString('hex'));
      const [marker] = readRecords(built);
      assert.equal(controlTypeOf(marker!.key), type);
      assert.equal(coordinatorEpochOf(marker!.value), record.controlValue!.coordinatorEpoch!);
    });
  }

  for (const golden of cases.filter(
    ({ name }) => name.startsWith('control-') && name !== 'control-from-client',
  )) {
    it(`knows the control type of ${golden.name}`, () => {
      const [record] = readRecords(golden.bytes);
      assert.equal(controlTypeOf(record!.key), golden.batches[0]!.records![0]!.controlType);
    });
  }
});
