// Bytes that nobody meant: whatever they are, validation gives an outcome, scanning and reading give a result or one of
// the two typed errors, and bombs stop at their bound.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGoldenBatches } from '../../../test/support/golden-batches.ts';
import { fc } from '../../../test/support/properties.ts';
import { DecodeError } from '../wire/decode-error.ts';
import * as header from './batch-header.ts';
import { scanBatches } from './batch-scan.ts';
import { buildBatch } from './build-batch.ts';
import { CompressionError } from './compression/codec.ts';
import { readRecords } from './read-records.ts';
import { type ProduceRules, validateProducedRecords } from './validate.ts';

const rules: ProduceRules = {
  apiVersion: 12,
  maxMessageBytes: 1_048_588,
  compacted: false,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  nowMs: 1_700_000_000_000,
  compressionType: 'producer',
  topicPartition: 'hostile-0',
  transactionalIdPresent: true,
};
const variations: Partial<ProduceRules>[] = [
  {},
  { compacted: true, timestampType: 'LogAppendTime' },
  { compressionType: 'uncompressed' },
  { compressionType: 'lz4', apiVersion: 3 },
];

function survives(bytes: Buffer): void {
  for (const variation of variations) {
    const outcome = validateProducedRecords(Buffer.from(bytes), {
      ...rules,
      ...variation,
      decompressedBytesMax: 1 << 20,
    });
    if (outcome.ok) assert.ok(header.verifyCrc(outcome.batch, 0));
  }
  const { batches, end } = scanBatches(bytes);
  assert.ok(end <= bytes.length);
  for (const { position, sizeInBytes } of batches) {
    assert.ok(position + sizeInBytes <= bytes.length);
    try {
      readRecords(bytes.subarray(position, position + sizeInBytes), { decompressedBytesMax: 1 << 20 });
    } catch (error) {
      assert.ok(error instanceof DecodeError || error instanceof CompressionError, String(error));
    }
  }
}

/** Makes the checksum right again, so that the damage is looked at. */
function withCrc(bytes: Buffer): Buffer {
  const size = bytes.length >= header.BATCH_OVERHEAD ? header.sizeInBytes(bytes, 0) : 0;
  if (size >= header.BATCH_OVERHEAD && size <= bytes.length) header.updateCrc(bytes, 0);
  return bytes;
}

const bases = loadGoldenBatches()
  .filter(({ folder, bytes }) => folder === 'valid' && bytes.length < 400)
  .map(({ bytes }) => bytes);

describe('hostile records', () => {
  it('survives noise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), noise => survives(withCrc(Buffer.from(noise)))));
  });

  it('survives changed and cut batches', () => {
    const change = fc.record({ at: fc.nat(399), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.array(change, { maxLength: 4 }),
        fc.nat(400),
        (base, changes, length) => {
          const bytes = Buffer.from(base);
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
          survives(withCrc(bytes));
          survives(bytes.subarray(0, length));
        },
      ),
      { numRuns: 800 },
    );
  });

  it('stops bombs of every codec at the bound', () => {
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const value = Buffer.alloc(8 << 20);
      const bomb = buildBatch({ codec, records: [{ key: null, value, timestamp: 1_700_000_000_000 }] });
      const outcome = validateProducedRecords(bomb, { ...rules, decompressedBytesMax: 1 << 20 });
      assert.ok(!outcome.ok);
      assert.equal(outcome.error, 'MESSAGE_TOO_LARGE');
    }
  });

  it('lists a bounded number of record errors and counts them all', () => {
    const records = Array.from({ length: 12_000 }, () => ({
      key: null,
      value: null,
      timestamp: 1_700_000_000_000,
    }));
    const outcome = validateProducedRecords(buildBatch({ codec: 'zstd', records }), {
      ...rules,
      compacted: true,
    });
    assert.ok(!outcome.ok);
    assert.equal(outcome.recordErrors.length, 10_000);
    assert.match(outcome.message!, /due to 12000 record errors/);
  });

  it('refuses timestamps that no number holds, with the exact number', () => {
    const far = loadGoldenBatches().find(({ name }) => name === 'timestamps-far')!.bytes;
    const outcome = validateProducedRecords(Buffer.from(far), { ...rules, timestampAfterMaxMs: 2 ** 63 });
    assert.ok(!outcome.ok);
    assert.equal(outcome.error, 'INVALID_TIMESTAMP');
    assert.match(
      outcome.recordErrors[0]!.message,
      /^Timestamp 4611686018427387903 of message with offset 1 /,
    );
  });
});
