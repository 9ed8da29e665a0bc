import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildBatch } from '../protocol/records/build-batch.ts';
import { buildTransactionMarker } from '../protocol/records/control-records.ts';
import { decodeRecordSet } from './batches.ts';

const record = (value: string) => ({ key: null, value: Buffer.from(value), timestamp: 1000 });

function batch(baseOffset: number, values: string[], producerId?: bigint): Buffer {
  const transaction =
    producerId === undefined ? {} : { producerId, producerEpoch: 0, baseSequence: 0, transactional: true };
  return buildBatch({ baseOffset, records: values.map(record), ...transaction });
}

function valuesOf(bytes: Buffer, options: Partial<Parameters<typeof decodeRecordSet>[1]> = {}): string[] {
  return decodeRecordSet(bytes, { from: 0, aborted: [], ...options }).records.map(
    ({ offset, value }) => `${offset}:${value}`,
  );
}

describe('a record set', () => {
  const two = Buffer.concat([batch(0, ['a', 'b', 'c']), batch(3, ['d', 'e'])]);

  it('gives its records in order, and where to go on', () => {
    const { records, nextOffset } = decodeRecordSet(two, { from: 0, aborted: [] });
    assert.deepEqual(
      records.map(({ offset }) => offset),
      [0, 1, 2, 3, 4],
    );
    assert.equal(nextOffset, 5);
  });

  it('begins and ends inside a batch', () => {
    assert.deepEqual(valuesOf(two, { from: 1, to: 4 }), ['1:b', '2:c', '3:d']);
  });

  it('leaves a batch that is cut off for the next fetch', () => {
    const cut = decodeRecordSet(two.subarray(0, two.length - 1), { from: 0, aborted: [] });
    assert.equal(cut.records.length, 3);
    assert.equal(cut.nextOffset, 3);
  });

  it('says which batch is damaged', () => {
    const damaged = Buffer.from(two);
    damaged[damaged.length - 1]! ^= 1;
    assert.throws(() => decodeRecordSet(damaged, { from: 0, aborted: [] }), /offset 3 is damaged/);
  });

  it('is empty without bytes', () => {
    assert.deepEqual(decodeRecordSet(Buffer.alloc(0), { from: 7, aborted: [] }), {
      records: [],
      nextOffset: 7,
    });
  });
});

describe('a record set with transactions', () => {
  const marker = (baseOffset: number, producerId: bigint, type: 'ABORT' | 'COMMIT') =>
    buildTransactionMarker({
      baseOffset,
      producerId,
      producerEpoch: 0,
      type,
      timestamp: 1000,
      coordinatorEpoch: 0,
    });
  const log = Buffer.concat([
    batch(0, ['aborted'], 1n),
    batch(1, ['committed'], 2n),
    batch(2, ['plain']),
    marker(3, 1n, 'ABORT'),
    batch(4, ['aborted later, committed'], 1n),
    marker(5, 2n, 'COMMIT'),
    marker(6, 1n, 'COMMIT'),
  ]);

  it('leaves aborted records and markers out', () => {
    assert.deepEqual(valuesOf(log, { aborted: [{ producerId: 1n, firstOffset: 0 }] }), [
      '1:committed',
      '2:plain',
      '4:aborted later, committed',
    ]);
  });

  it('shows all records, and still no marker, when nothing is said of aborts (read_uncommitted)', () => {
    assert.deepEqual(valuesOf(log), ['0:aborted', '1:committed', '2:plain', '4:aborted later, committed']);
  });

  it('goes on behind the markers', () => {
    assert.equal(decodeRecordSet(log, { from: 5, aborted: [] }).nextOffset, 7);
  });
});
