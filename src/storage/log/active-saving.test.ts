// A restart that takes the active segment up to its last save for granted, and reads only what came behind.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildTransactionMarker } from '../../protocol/records/control-records.ts';
import type { MemoryFileSystem } from '../fs/memory.ts';
import { readWholeFile, writeWholeFile } from '../fs/whole-file.ts';
import { batchOf, Harness, readAll, readCommittedOffsets } from '../test-support/harness.ts';
import type { PartitionLog } from './partition-log.ts';

const SETTINGS = { indexIntervalBytes: 200 };
const LOG = '/data/a-0/00000000000000000000.log';
const FIRST_RECORD = 1_700_000_000_000;

function append(log: PartitionLog, index: number): void {
  const value = `${index}`.padEnd(150, '.');
  const batch = { values: [value], producerId: 7, baseSequence: index, timestamp: FIRST_RECORD + index };
  assert.equal(log.append(batchOf(batch), { leaderEpoch: 0, origin: 'client' }).kind, 'appended');
}

/** Ten records, an aborted transaction of two offsets, a save, ten more records; then the process is killed. */
function savedAndKilled(): { disk: MemoryFileSystem; nowMs: number } {
  const harness = new Harness({ unsavedBytesMin: 1 });
  const log = harness.log(SETTINGS);
  for (let index = 0; index < 10; index++) append(log, index);
  const transaction = { values: ['aborted'], producerId: 8, transactional: true, timestamp: FIRST_RECORD };
  log.append(batchOf(transaction), { leaderEpoch: 0, origin: 'client' });
  const producer = { producerId: 8n, producerEpoch: 0, coordinatorEpoch: 0 };
  log.append(buildTransactionMarker({ ...producer, type: 'ABORT', timestamp: FIRST_RECORD }), {
    leaderEpoch: 0,
    origin: 'coordinator',
  });
  harness.settleAll();
  harness.passTime(60_000);
  harness.settleAll();
  for (let index = 10; index < 20; index++) append(log, index);
  harness.settleAll();
  harness.fileSystem.kill();
  return { disk: harness.fileSystem, nowMs: harness.nowMs };
}

function checkWhole(log: PartitionLog): void {
  assert.equal(log.highWatermark, 22);
  assert.equal(readAll(log).length, 22);
  assert.equal(readCommittedOffsets(log).includes(10), false, 'the aborted record is not shown');
  assert.equal(log.maxTimestampOffset()?.offset, 21);
  assert.equal(log.offsetForTimestamp(FIRST_RECORD + 5)?.offset, 5);
  const resent = {
    values: ['19'.padEnd(150, '.')],
    producerId: 7,
    baseSequence: 19,
    timestamp: FIRST_RECORD + 19,
  };
  assert.equal(log.append(batchOf(resent), { leaderEpoch: 0, origin: 'client' }).kind, 'duplicate');
}

describe('an active segment that was saved', () => {
  it('has everything after kill -9, though its beginning is not read', () => {
    const { disk, nowMs } = savedAndKilled();
    const bytes = readWholeFile(disk, LOG)!;
    bytes[100]! ^= 1;
    writeWholeFile(disk, LOG, bytes);
    const harness = new Harness({ fileSystem: disk, nowMs });
    assert.deepEqual(harness.reports, [], 'the damaged batch was not looked at');
    bytes[100]! ^= 1;
    writeWholeFile(disk, LOG, bytes);
    checkWhole(harness.log(SETTINGS));
  });

  it('has everything after a power cut', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { disk, nowMs } = savedAndKilled();
      checkWhole(new Harness({ fileSystem: disk.crash({ seed }), nowMs }).log(SETTINGS));
    }
  });

  for (const name of ['.index', '.timeindex', '.txnindex', '.snapshot']) {
    it(`is read whole when its ${name} cannot be right`, () => {
      const { disk, nowMs } = savedAndKilled();
      const file = disk.list('/data/a-0').find(entry => entry.name.endsWith(name));
      assert.ok(file !== undefined);
      const path = `/data/a-0/${file.name}`;
      const bytes = readWholeFile(disk, path)!;
      writeWholeFile(
        disk,
        path,
        bytes.map(byte => byte ^ 0x55),
      );
      checkWhole(new Harness({ fileSystem: disk, nowMs }).log(SETTINGS));
    });
  }

  it('loses its snapshot before its indexes are made anew', () => {
    const { disk, nowMs } = savedAndKilled();
    disk.remove('/data/recovery-point-offset-checkpoint');
    const before = disk.list('/data/a-0').filter(({ name }) => name.endsWith('.snapshot'));
    assert.equal(before.length, 1);
    checkWhole(new Harness({ fileSystem: disk, nowMs }).log(SETTINGS));
    const after = disk.list('/data/a-0').filter(({ name }) => name.endsWith('.snapshot'));
    assert.equal(after.length, 0);
  });
});

describe('what a recovery found', () => {
  it('is shown once it is synced, when that is left for later', () => {
    const first = new Harness();
    append(first.log(SETTINGS), 0);
    first.settleAll();
    first.fileSystem.kill();
    const harness = new Harness({ fileSystem: first.fileSystem, syncsLater: true });
    const log = harness.log(SETTINGS);
    assert.deepEqual([log.highWatermark, log.logEndOffset], [0, 1]);
    let isSafe = false;
    log.whenSynced(() => (isSafe = true));
    assert.equal(isSafe, false);
    harness.settleAll();
    assert.deepEqual([log.highWatermark, isSafe], [1, true]);
  });
});
