// Full disks, failing writes, failing syncs: what is refused, what stays readable, what comes back.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFileSystem } from '../fs/memory.ts';
import { batchOf, Harness, readAll, textOf } from '../test-support/harness.ts';
import type { AppendOutcome } from './outcomes.ts';
import type { PartitionLog } from './partition-log.ts';

const MEGABYTE = 1024 * 1024;

function append(log: PartitionLog, value: string, baseSequence?: number): AppendOutcome {
  const batch = batchOf({
    values: [value],
    ...(baseSequence === undefined ? {} : { producerId: 1, baseSequence }),
  });
  return log.append(batch, { leaderEpoch: 0, origin: 'client' });
}

function errorOf(outcome: AppendOutcome): string {
  return outcome.kind === 'refused' ? outcome.error : outcome.kind;
}

describe('a full disk', () => {
  it('takes back what was not written, refuses, keeps reading, and resumes when there is space', () => {
    const harness = new Harness();
    const log = harness.log();
    append(log, 'safe', 0);
    harness.settle();
    harness.fileSystem.capacityBytes = harness.fileSystem.usedBytes + 100;
    const answers: string[] = [];
    append(log, 'a', 1);
    log.whenDurable(2, error => answers.push(error?.errorName ?? 'durable'));
    append(log, 'x'.repeat(500), 2);
    log.whenDurable(3, error => answers.push(error?.errorName ?? 'durable'));
    harness.settle();
    assert.deepEqual(answers, ['KAFKA_STORAGE_ERROR', 'KAFKA_STORAGE_ERROR']);
    assert.equal(log.logEndOffset, 1);
    assert.equal(errorOf(append(log, 'b', 1)), 'KAFKA_STORAGE_ERROR');
    assert.deepEqual(readAll(log, { isolation: 'log_end' }).map(textOf), ['safe']);
    assert.equal(harness.reports.filter(report => report.message.includes('is full')).length, 1);
    assert.equal(log.offlineReason, null);

    harness.fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
    // Another value, so that what was taken back cannot pass for it.
    assert.deepEqual(append(log, 'other', 1), { kind: 'appended', baseOffset: 1, endOffset: 2 });
    harness.settle();
    assert.deepEqual(readAll(log).map(textOf), ['safe', 'other']);
    assert.equal(
      harness.reports.some(report => report.message.includes('has space again')),
      true,
    );
  });

  it('is refused to clients before it is full; the broker itself goes on, and records do when there is room', () => {
    const disk = new MemoryFileSystem({ manualSyncs: true, capacityBytes: 32 * MEGABYTE });
    const harness = new Harness({ fileSystem: disk });
    const log = harness.log();
    const offsets = harness.log({}, '__consumer_offsets');
    let sequence = 0;
    while (errorOf(append(log, 'x'.repeat(500_000), sequence)) === 'appended') {
      sequence += 1;
      harness.settle();
    }
    assert.ok(disk.freeBytes() > 3 * MEGABYTE, `${disk.freeBytes()} bytes are left`);
    assert.ok(disk.freeBytes() < 6 * MEGABYTE, `${disk.freeBytes()} bytes are left`);
    assert.equal(log.highWatermark, sequence);
    assert.equal(readAll(log).length, sequence);
    for (let index = 0; index < 50; index++) {
      const batch = batchOf({ values: ['an offset'] });
      assert.equal(errorOf(offsets.append(batch, { leaderEpoch: 0, origin: 'coordinator' })), 'appended');
      assert.equal(errorOf(append(log, 'small', sequence)), 'KAFKA_STORAGE_ERROR');
      harness.settle();
    }
    assert.equal(offsets.highWatermark, 50);
    assert.deepEqual(log.deleteRecordsBefore(3), { error: null, logStartOffset: 3 });
    assert.equal(harness.reports.filter(({ message }) => message.includes('kept in reserve')).length, 1);
    disk.capacityBytes = 64 * MEGABYTE;
    assert.equal(errorOf(append(log, 'again', sequence)), 'appended');
    harness.settle();
    assert.equal(log.highWatermark, sequence + 1);
  });

  it('asks for free space once in a while, not at each append', () => {
    const disk = new MemoryFileSystem({ manualSyncs: true, capacityBytes: 2 ** 40 });
    let asked = 0;
    // The size of the disk, which nobody else wants to know.
    disk.totalBytes = () => {
      asked += 1;
      return 2 ** 40;
    };
    const log = new Harness({ fileSystem: disk }).log();
    for (let index = 0; index < 2_000; index++) append(log, 'x'.repeat(100));
    assert.equal(asked, 1);
  });

  it('met in the middle of a roll changes nothing', () => {
    const harness = new Harness();
    const log = harness.log({ segmentBytes: 1_000, indexIntervalBytes: 100 });
    for (let index = 0; index < 8; index++) append(log, 'x'.repeat(30), index);
    harness.settle();
    const end = log.logEndOffset;
    for (let room = 0; room < 300; room += 20) {
      harness.fileSystem.capacityBytes = harness.fileSystem.usedBytes + room;
      assert.ok(['appended', 'KAFKA_STORAGE_ERROR'].includes(errorOf(append(log, 'y'.repeat(400), end))));
      harness.settle();
      if (log.logEndOffset > end) break;
      harness.fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
      assert.deepEqual(readAll(log).length, end);
    }
    harness.fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
    assert.equal(errorOf(append(log, 'z', log.logEndOffset)), 'appended');
    harness.settle();
    const again = new Harness({ fileSystem: harness.fileSystem.crash({ seed: 5 }) });
    assert.equal(again.log().logEndOffset, log.logEndOffset);
    assert.equal(readAll(again.log()).length, log.logEndOffset);
  });

  it('refuses to move the log start when that cannot be kept', () => {
    const harness = new Harness();
    const log = harness.log();
    append(log, 'a');
    harness.settle();
    harness.fileSystem.capacityBytes = harness.fileSystem.usedBytes;
    assert.deepEqual(log.deleteRecordsBefore(1), { error: 'KAFKA_STORAGE_ERROR' });
    assert.equal(log.logStartOffset, 0);
  });
});

describe('a sync that fails', () => {
  it('ends appending for good, acknowledges nothing, and is never tried again', async () => {
    const harness = new Harness();
    const log = harness.log();
    const other = harness.log({}, 'b');
    append(log, 'safe');
    harness.settle();
    harness.fileSystem.failOn({ operation: 'sync', code: 'EIO', path: 'a-0' });
    const answers: string[] = [];
    append(log, 'lost');
    log.whenDurable(2, error => answers.push(error?.errorName ?? 'durable'));
    harness.settle();
    assert.deepEqual(answers, ['KAFKA_STORAGE_ERROR']);
    assert.match(log.offlineReason!, /sync failed/);
    assert.equal(errorOf(append(log, 'more')), 'KAFKA_STORAGE_ERROR');
    assert.deepEqual(readAll(log).map(textOf), ['safe']);
    assert.throws(() => log.flushNow(), /offline/);
    assert.equal(errorOf(append(other, 'goes on')), 'appended');
    const before = harness.fileSystem.operations;
    harness.settle();
    assert.ok(harness.fileSystem.operations > before);
    await harness.close();
    assert.equal(harness.fileSystem.stat('/data/.kafka_cleanshutdown'), null);
  });
});

describe('a write that fails', () => {
  it('takes the log offline and takes back the turn', () => {
    const harness = new Harness({
      fileSystem: new MemoryFileSystem({ manualSyncs: true, capacityBytes: 100 * MEGABYTE }),
    });
    const log = harness.log();
    append(log, 'safe');
    harness.settle();
    harness.fileSystem.failOn({ operation: 'write', code: 'EIO', path: '.log' });
    const answers: string[] = [];
    append(log, 'lost');
    log.whenDurable(2, error => answers.push(error?.errorName ?? 'durable'));
    harness.settle();
    assert.deepEqual(answers, ['KAFKA_STORAGE_ERROR']);
    assert.match(log.offlineReason!, /could not be written/);
    assert.equal(log.logEndOffset, 1);
    assert.deepEqual(readAll(log, { isolation: 'log_end' }).map(textOf), ['safe']);
  });
});

describe('a process that is killed', () => {
  it('leaves nothing to be seen that a power cut right after the next start takes back', () => {
    for (let seed = 0; seed < 40; seed++) {
      const first = new Harness();
      append(first.log(), 'written, not synced');
      first.turn();
      first.fileSystem.kill();
      const second = new Harness({ fileSystem: first.fileSystem });
      assert.equal(second.log().highWatermark, 1);
      const third = new Harness({ fileSystem: first.fileSystem.crash({ seed }) });
      assert.equal(third.log().highWatermark, 1, `seed ${seed}`);
    }
  });
});
