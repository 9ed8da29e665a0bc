// Each kind of damage of which it is known what Apache Kafka makes of it. Millrace must not lose more; where it keeps
// more, or starts where Apache Kafka does not, the table says so.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataDirectoryError } from './data-dir/data-directory.ts';
import type { MemoryFileSystem } from './fs/memory.ts';
import { readWholeFile, writeWholeFile } from './fs/whole-file.ts';
import {
  type GoldenDamage,
  goldenDamages,
  goldenDisk,
  goldenExpectation,
} from './test-support/golden-disk.ts';
import { Harness, readAll } from './test-support/harness.ts';

const cutEnd = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length - 10);
const flip = (bytes: Buffer, { detail }: GoldenDamage): Buffer => {
  bytes[detail!.filePosition]! ^= detail!.xor;
  return bytes;
};

/** What was done to the file; null: it was removed. */
const CHANGES: Record<string, (bytes: Buffer, damage: GoldenDamage) => Buffer | null> = {
  'cut-10': cutEnd,
  'zeros-30': bytes => Buffer.concat([bytes, Buffer.alloc(30)]),
  'zeros-4096': bytes => Buffer.concat([bytes, Buffer.alloc(4096)]),
  'ones-100': bytes => Buffer.concat([bytes, Buffer.alloc(100, 0xff)]),
  'zero-tail-40': bytes => bytes.fill(0, bytes.length - 40),
  'flip-last': flip,
  'flip-middle': flip,
  'flip-length-middle': flip,
  'no-index': () => null,
  'no-timeindex': () => null,
  'bad-leader-epochs': () => Buffer.from('0\n2\n0 0\n'),
  'no-partition-metadata': () => null,
  'bad-recovery-point': bytes => Buffer.from(bytes.toString().replace(/busy 0 \d+/, 'busy 0 100000')),
  'metadata-cut-10': cutEnd,
  'metadata-flip-middle': flip,
  'clean-flip-middle': flip,
  'clean-cut-10': cutEnd,
  'clean-no-index': () => null,
  'clean-no-snapshot': () => null,
  'clean-bad-snapshot': bytes => {
    bytes[bytes.length - 1]! ^= 1;
    return bytes;
  },
  'foreign-directory': () => Buffer.from('x'),
  'foreign-file': () => Buffer.from('x'),
  'foreign-file-in-partition': () => Buffer.from('x'),
};

/** Where Millrace is meant to differ, and how. */
const DIFFERENT: Record<string, { starts?: boolean; highWatermarks?: Record<string, number> }> = {
  // One batch of one record, where Apache Kafka takes all 246 behind it, too.
  'flip-middle': { highWatermarks: { 'busy-0': 249 } },
  'flip-length-middle': { highWatermarks: { 'busy-0': 249 } },
  // Apache Kafka starts without the topics whose records lie behind, and sets their directories aside.
  'metadata-flip-middle': { starts: false },
  // Rebuilt from the records instead of a refusal to start.
  'bad-leader-epochs': { starts: true, highWatermarks: { 'busy-0': 249, 'busy-1': 243 } },
  // The topic's id is asked of the metadata; nothing is set aside.
  'no-partition-metadata': { highWatermarks: { 'busy-0': 249 } },
};

function damaged(damage: GoldenDamage): MemoryFileSystem {
  const disk = goldenDisk(damage.tree, { trimmed: damage.name !== 'none' });
  if (damage.file === null) return disk;
  const path = `/data/${damage.file}`;
  const directory = path.slice(0, path.lastIndexOf('/'));
  if (disk.stat(directory) === null) disk.makeDirectory(directory);
  const changed = CHANGES[damage.name]!(readWholeFile(disk, path) ?? Buffer.alloc(0), damage);
  if (changed === null) disk.remove(path);
  else writeWholeFile(disk, path, changed);
  return disk;
}

function highWatermarksOf(damage: GoldenDamage): Record<string, number> {
  const kafka = Object.entries(damage.partitions ?? {}).map(
    ([name, { highWatermark }]) => [name, highWatermark] as const,
  );
  const marks = { ...Object.fromEntries(kafka), ...DIFFERENT[damage.name]?.highWatermarks };
  // The fourth record is the marker with which Apache Kafka's coordinator aborted the open transaction after the start.
  if (marks['transactional-0'] === 4) marks['transactional-0'] = 3;
  return marks;
}

describe('damage', () => {
  for (const damage of goldenDamages()) {
    it(damage.name, () => {
      const disk = damaged(damage);
      const nowMs = goldenExpectation(damage.tree).afterRestart.capturedAtMs;
      if (!(DIFFERENT[damage.name]?.starts ?? damage.starts)) {
        assert.throws(() => new Harness({ fileSystem: disk, nowMs }), DataDirectoryError);
        return;
      }
      const first = check(damage, disk, nowMs);
      const second = check(damage, disk, nowMs);
      assert.deepEqual(second, first, 'opened again, it is the same');
    });
  }
});

function check(damage: GoldenDamage, disk: MemoryFileSystem, nowMs: number): Record<string, number> {
  const harness = new Harness({ fileSystem: disk, nowMs });
  const seen: Record<string, number> = {};
  for (const [name, expected] of Object.entries(highWatermarksOf(damage))) {
    const dash = name.lastIndexOf('-');
    const log = harness.store.get({ topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) })!;
    assert.equal(log.highWatermark, expected, name);
    seen[name] = readAll(log).length;
  }
  harness.directory.close();
  return seen;
}

describe('damage that nothing vouches against', () => {
  for (const name of ['flip-middle', 'flip-length-middle']) {
    it(`${name} costs one batch of a log that was killed and never saved, and is reported`, () => {
      const damage = goldenDamages().find(each => each.name === name)!;
      const nowMs = goldenExpectation(damage.tree).afterRestart.capturedAtMs;
      const harness = new Harness({ fileSystem: damaged(damage), nowMs });
      const log = harness.store.get({ topic: 'busy', partition: 0 })!;
      const offsets = readAll(log).map(({ offset }) => offset);
      const lost = Array.from({ length: 249 }, (_, index) => index).filter(each => !offsets.includes(each));
      assert.deepEqual(lost, [3]);
      const errors = harness.reports.filter(({ level }) => level === 'error');
      assert.equal(errors.length, 1);
      assert.match(errors[0]!.message, /offset 3/);
    });
  }
});

describe('damage below the recovery point', () => {
  for (const name of ['flip-middle', 'flip-length-middle']) {
    it(`${name} costs one batch, is reported, and nothing behind it is lost`, () => {
      const damage = goldenDamages().find(each => each.name === name)!;
      const disk = damaged(damage);
      writeWholeFile(disk, '/data/recovery-point-offset-checkpoint', '0\n1\nbusy 0 200\n');
      const harness = new Harness({
        fileSystem: disk,
        nowMs: goldenExpectation(damage.tree).afterRestart.capturedAtMs,
      });
      const log = harness.store.get({ topic: 'busy', partition: 0 })!;
      assert.equal(log.highWatermark, 249);
      assert.equal(readAll(log, { offset: 4 }).length, 245);
      assert.equal(
        harness.reports.filter(report => report.level === 'error' && report.message.includes('offset 3'))
          .length,
        1,
      );
    });
  }

  it('of the metadata log refuses to start and changes nothing', () => {
    const damage = goldenDamages().find(each => each.name === 'metadata-flip-middle')!;
    const disk = damaged(damage);
    writeWholeFile(disk, '/data/recovery-point-offset-checkpoint', '0\n1\n__cluster_metadata 0 50\n');
    const before = readWholeFile(disk, `/data/${damage.file}`);
    for (let attempt = 0; attempt < 2; attempt++) {
      assert.throws(() => new Harness({ fileSystem: disk }), /damaged at offset 15/);
      assert.deepEqual(readWholeFile(disk, `/data/${damage.file}`), before);
    }
  });
});

describe('what is cut', () => {
  it('is kept in a quarantine file', () => {
    const damage = goldenDamages().find(each => each.name === 'none')!;
    const disk = goldenDisk(damage.tree);
    const path = '/data/busy-0/00000000000000000000.log';
    // A write of which one sector did not reach the disk, though those behind it did.
    const before = readWholeFile(disk, path)!.fill(0, 512, 1024);
    writeWholeFile(disk, path, before);
    const harness = new Harness({
      fileSystem: disk,
      nowMs: goldenExpectation(damage.tree).afterRestart.capturedAtMs,
    });
    const log = readWholeFile(disk, path)!;
    assert.ok(log.length < 512);
    const kept = disk.list('/data/busy-0').filter(({ name }) => name.endsWith('.quarantine'));
    const [first] = kept;
    assert.deepEqual(
      kept.map(({ name }) => /^\d{20}-(\d+)\.quarantine$/.exec(name)?.[1]),
      [String(before.length - log.length)],
    );
    assert.deepEqual(Buffer.concat([log, readWholeFile(disk, `/data/busy-0/${first!.name}`)!]), before);
    assert.ok(
      harness.reports.some(report => report.level === 'warn' && report.message.includes('quarantine')),
    );
  });
});
