// A restart after kill -9 with a recovery point inside the active segment: what lies below is passed over by its headers,
// what lies above is read, and damage anywhere costs one batch and no more.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BATCH_OVERHEAD } from '../../protocol/records/batch-header.ts';
import { buildTransactionMarker } from '../../protocol/records/control-records.ts';
import type { MemoryFileSystem } from '../fs/memory.ts';
import { readWholeFile, writeWholeFile } from '../fs/whole-file.ts';
import { batchOf, Harness, readAll, readCommittedOffsets, type TestBatch } from '../test-support/harness.ts';
import type { PartitionLog } from './partition-log.ts';
import { wasSynced } from './synced-batches.ts';

const SETTINGS = { indexIntervalBytes: 200 };
const LOG = '/data/a-0/00000000000000000000.log';
const BELOW = 12;
const BATCHES = 16;
const RECORDS = 3;
const BODY_BYTES = 400;
const FIRST_RECORD = 1_700_000_000_000;

function batch(index: number, valueBytes: number): TestBatch {
  const values = Array.from({ length: RECORDS }, (_, at) =>
    `${index}.${at}`.padEnd(valueBytes / RECORDS, '.'),
  );
  const timestamp = FIRST_RECORD + index;
  // Every third batch has no producer.
  if (index % 3 === 2) return { values, timestamp };
  const producerId = 7 + (index % 3);
  return { values, timestamp, producerId, baseSequence: Math.floor(index / 3) * RECORDS };
}

function append(log: PartitionLog, test: TestBatch): string {
  return log.append(batchOf(test), { leaderEpoch: 0, origin: 'client' }).kind;
}

/** The recovery point stands behind the first `BELOW` batches; the others were synced too, but nobody wrote that down. */
function killed(valueBytes = BODY_BYTES): MemoryFileSystem {
  const harness = new Harness();
  const log = harness.log(SETTINGS);
  for (let index = 0; index < BATCHES; index++) {
    if (index === BELOW) harness.store.writeCheckpoints();
    assert.equal(append(log, batch(index, valueBytes)), 'appended');
    harness.settleAll();
  }
  harness.fileSystem.kill();
  return harness.fileSystem;
}

/** Where its batches begin, and the end. */
function positionsOf(bytes: Buffer): number[] {
  const positions = [0];
  for (let at = 0; at < bytes.length; positions.push(at)) at += 12 + bytes.readInt32BE(at + 8);
  return positions;
}

/** Bytes of the .log that are read from now on. */
function countReads(disk: MemoryFileSystem): { bytes: number } {
  const count = { bytes: 0 };
  const open = disk.open.bind(disk);
  disk.open = (path, mode) => {
    const file = open(path, mode);
    const read = file.read.bind(file);
    file.read = (buffer, position) => {
      const got = read(buffer, position);
      if (path === LOG) count.bytes += got;
      return got;
    };
    return file;
  };
  return count;
}

function flipBit(disk: MemoryFileSystem, position: number, bit: number): void {
  const bytes = readWholeFile(disk, LOG)!;
  bytes[position]! ^= 1 << bit;
  writeWholeFile(disk, LOG, bytes);
}

/** Offsets of all records but those of one batch. */
function offsetsWithout(index: number): number[] {
  const all = Array.from({ length: BATCHES * RECORDS }, (_, offset) => offset);
  return all.filter(offset => Math.floor(offset / RECORDS) !== index);
}

const errorsOf = ({ reports }: Harness): number => reports.filter(({ level }) => level === 'error').length;

describe('what lies below the recovery point', () => {
  it('is not read, when its batches are large', () => {
    const disk = killed(300_000);
    const sizeInBytes = disk.stat(LOG)!.sizeInBytes;
    const count = countReads(disk);
    const harness = new Harness({ fileSystem: disk, syncsLater: true });
    // Those above, the first of each producer, and of the others a header and what a read has at least.
    const most = ((BATCHES - BELOW + 2) * sizeInBytes) / BATCHES + BELOW * 3 * 4096;
    assert.ok(count.bytes <= most, `${count.bytes} bytes of ${sizeInBytes} were read`);
    const log = harness.log(SETTINGS);
    assert.equal(log.logEndOffset, BATCHES * RECORDS);
    assert.equal(log.offsetForTimestamp(FIRST_RECORD + 5)?.offset, 5 * RECORDS);
    assert.equal(append(log, batch(13, 300_000)), 'duplicate');
  });

  it('is read once, when they are small', () => {
    const disk = killed();
    const sizeInBytes = disk.stat(LOG)!.sizeInBytes;
    const count = countReads(disk);
    new Harness({ fileSystem: disk });
    assert.ok(count.bytes <= sizeInBytes + 4096, `${count.bytes} bytes of ${sizeInBytes} were read`);
  });

  it('was synced up to the end of the batch that holds the recovery point, unless it begins there', () => {
    assert.deepEqual(
      [wasSynced(0, 8, 9), wasSynced(5, 9, 9), wasSynced(9, 9, 9), wasSynced(5, 10, 9), wasSynced(9, 12, 9)],
      [true, true, false, false, false],
    );
  });

  it('needs no sync at a restart when nothing lies above', async () => {
    const disk = killed();
    const bytes = readWholeFile(disk, LOG)!;
    writeWholeFile(disk, LOG, bytes.subarray(0, positionsOf(bytes)[BELOW]));
    const harness = new Harness({ fileSystem: disk, syncsLater: true });
    const log = harness.log(SETTINGS);
    assert.equal(log.highWatermark, BELOW * RECORDS);
    assert.equal(disk.pendingSyncs, 0);
  });

  it('keeps its transactions', () => {
    const harness = new Harness();
    const log = harness.log(SETTINGS);
    const mark = (producerId: bigint, type: 'ABORT' | 'COMMIT'): void => {
      const producer = { producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: FIRST_RECORD };
      const marker = buildTransactionMarker({ ...producer, type });
      assert.equal(log.append(marker, { leaderEpoch: 0, origin: 'coordinator' }).kind, 'appended');
    };
    const send = (producerId: number, baseSequence: number): void => {
      const values = ['x'.repeat(BODY_BYTES)];
      const test = { values, producerId, baseSequence, transactional: true, timestamp: FIRST_RECORD };
      assert.equal(append(log, test), 'appended');
    };
    for (let sequence = 0; sequence < 4; sequence++) {
      send(1, sequence);
      send(2, sequence);
    }
    mark(1n, 'ABORT');
    mark(2n, 'COMMIT');
    for (let sequence = 4; sequence < 8; sequence++) send(1, sequence);
    for (let index = 0; index < 3; index++) append(log, batch(2, BODY_BYTES));
    harness.settleAll();
    harness.store.writeCheckpoints();
    const expected = readCommittedOffsets(log);
    const { lastStableOffset } = log;
    harness.fileSystem.kill();
    const again = new Harness({ fileSystem: harness.fileSystem, passedBytesMin: 0 });
    assert.deepEqual(readCommittedOffsets(again.log(SETTINGS)), expected);
    assert.equal(expected.length, 4);
    assert.equal(again.log(SETTINGS).lastStableOffset, lastStableOffset);
    assert.equal(again.log(SETTINGS).lastStableOffset, 10);
  });
});

describe('one flipped bit beside a recovery point in the active segment', () => {
  /** All of a header but the leader epoch, which nothing covers, and some of a body. */
  const places = Array.from({ length: BATCH_OVERHEAD + 8 }, (_, at) =>
    at < BATCH_OVERHEAD ? at : BATCH_OVERHEAD + (at - BATCH_OVERHEAD) * 40,
  ).filter(at => at < 12 || at >= 16);

  for (const passedBytesMin of [0, 1_000_000]) {
    const what = passedBytesMin === 0 ? 'passed over' : 'read';
    for (const index of [0, 1, 5, BELOW - 2, BELOW - 1])
      it(`below it costs batch ${index} (${what}), and no producer loses its place`, () => {
        for (const place of places) {
          const bit = place % 8;
          const disk = killed();
          flipBit(disk, positionsOf(readWholeFile(disk, LOG)!)[index]! + place, bit);
          const harness = new Harness({ fileSystem: disk, passedBytesMin });
          const log = harness.log(SETTINGS);
          const where = `byte ${place}, bit ${bit}`;
          assert.equal(log.logEndOffset, BATCHES * RECORDS, where);
          for (let round = 0; round < 2; round++) {
            const seen = readAll(log, { maxBytes: 1_500 }).map(({ offset }) => offset);
            assert.deepEqual(seen, offsetsWithout(index), where);
          }
          assert.equal(errorsOf(harness), 1, where);
          assert.equal(log.lastStableOffset, BATCHES * RECORDS, where);
          assert.equal(log.activeProducers().length, 2, where);
          assert.equal(append(log, batch(13, BODY_BYTES)), 'duplicate', where);
          assert.equal(append(log, batch(15, BODY_BYTES)), 'duplicate', where);
          assert.equal(append(log, batch(16, BODY_BYTES)), 'appended', where);
        }
      });

    it(`above it costs its batch too, and several in a row end the log (${what})`, () => {
      for (const place of [0, 8, 11, 17, 21, 23, 60, 200]) {
        const disk = killed();
        const position = positionsOf(readWholeFile(disk, LOG)!)[BELOW + 1]! + place;
        flipBit(disk, position, 4);
        const harness = new Harness({ fileSystem: disk, passedBytesMin });
        const seen = readAll(harness.log(SETTINGS), { maxBytes: 1_500 }).map(({ offset }) => offset);
        assert.deepEqual(seen, offsetsWithout(BELOW + 1), `byte ${place}`);
        assert.equal(errorsOf(harness), 1);
        const torn = killed();
        for (let bytes = 0; bytes < 3; bytes++) flipBit(torn, position + 5 * bytes, 4);
        const cut = new Harness({ fileSystem: torn, passedBytesMin });
        assert.equal(cut.log(SETTINGS).logEndOffset, (BELOW + 1) * RECORDS, `byte ${place}`);
        assert.equal(errorsOf(cut), 0);
      }
    });
  }
});
