// Looking at damaged directories, and mending them: what is found is what was done to them, and what is left reads.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MemoryFileSystem } from '../fs/memory.ts';
import { readWholeFile, replaceWholeFile } from '../fs/whole-file.ts';
import { finishInterrupted } from '../log/interrupted-files.ts';
import { GOLDEN_TREES, goldenDamages, goldenDisk, goldenExpectation } from '../test-support/golden-disk.ts';
import { Harness, readAll } from '../test-support/harness.ts';
import { fileKindOf } from './file-kind.ts';
import { repairDirectory } from './repair.ts';
import { type DirectoryReport, verifyDirectory } from './verify-directory.ts';

const LOG = 'busy-0/00000000000000000000.log';
const NOW_MS = goldenExpectation('killed-standalone').afterRestart.capturedAtMs;

function verify(disk: MemoryFileSystem): DirectoryReport {
  return verifyDirectory({ fileSystem: disk, directory: '/data', understandBy: () => null });
}

/** Errors and warnings, without their sentences. */
function complaints(disk: MemoryFileSystem): string[] {
  return verify(disk)
    .findings.filter(({ severity }) => severity !== 'note')
    .map(({ severity, path }) => `${severity} ${path}`);
}

/** An index that is missing is a warning, and rebuilt at the next start. */
function errors(disk: MemoryFileSystem): string[] {
  return complaints(disk).filter(complaint => complaint.startsWith('error'));
}

function change(disk: MemoryFileSystem, name: string, by: (bytes: Buffer) => Buffer): void {
  replaceWholeFile(disk, `/data/${name}`, by(readWholeFile(disk, `/data/${name}`) ?? Buffer.alloc(0)));
}

function flipMiddle(bytes: Buffer): Buffer {
  const { filePosition, xor } = goldenDamages().find(({ name }) => name === 'flip-middle')!.detail!;
  bytes[filePosition]! ^= xor;
  return bytes;
}

/** More than can be told from the checksum. */
function spoilMiddle(bytes: Buffer): Buffer {
  flipMiddle(bytes);
  const { filePosition } = goldenDamages().find(({ name }) => name === 'flip-middle')!.detail!;
  bytes[filePosition + 2]! ^= 0x10;
  return bytes;
}

function offsetsOf(disk: MemoryFileSystem): number[] {
  const harness = new Harness({ fileSystem: disk, nowMs: NOW_MS });
  const log = harness.store.get({ topic: 'busy', partition: 0 })!;
  const offsets = readAll(log).map(({ offset }) => offset);
  harness.directory.close();
  return offsets;
}

function repair(disk: MemoryFileSystem): string[] {
  return repairDirectory(disk, '/data', verify(disk).findings).map(({ path }) => path);
}

describe('directories of Apache Kafka', () => {
  for (const tree of GOLDEN_TREES) {
    it(`${tree} is whole`, () => {
      assert.deepEqual(complaints(goldenDisk(tree)), []);
      assert.deepEqual(repair(goldenDisk(tree)), []);
    });
  }
});

it('files are told by their names', () => {
  assert.equal(fileKindOf('00000000000000000000.log'), 'segment');
  assert.equal(fileKindOf('00000000000000000100-0000000001.checkpoint'), 'metadata-snapshot');
  assert.equal(fileKindOf('00000000000000000000.log.swap'), 'in-passing');
  assert.equal(fileKindOf('0.log'), 'unknown');
});

describe('damage in the middle of a log', () => {
  const whole = offsetsOf(goldenDisk('killed-standalone', { trimmed: true }));
  const disk = goldenDisk('killed-standalone', { trimmed: true });
  change(disk, LOG, spoilMiddle);

  it('is found, with the first offset that is missing and the length of the hole', () => {
    const [found] = verify(disk).findings.filter(({ severity }) => severity === 'error');
    assert.equal(found!.path, LOG);
    assert.match(found!.message, /do not have the checksum they claim: records from offset 3 /);
  });

  it('costs its batch and nothing else once repaired; the bytes are kept', () => {
    const before = readWholeFile(disk, `/data/${LOG}`)!;
    assert.deepEqual(repair(disk), [LOG]);
    assert.deepEqual(errors(disk), []);
    const kept = disk.list('/data/busy-0').find(({ name }) => name.endsWith('.quarantine'))!;
    const hole = readWholeFile(disk, `/data/busy-0/${kept.name}`)!;
    const position = Number(/-at-(\d+)/.exec(kept.name)![1]);
    assert.deepEqual(before.subarray(position, position + hole.length), hole);
    assert.deepEqual(
      offsetsOf(disk),
      whole.filter(offset => offset !== 3),
    );
  });

  it('leaves the old segment or the new one when the power goes at any step of the repair', () => {
    for (let step = 1; ; step++) {
      const living = goldenDisk('killed-standalone', { trimmed: true });
      change(living, LOG, spoilMiddle);
      living.syncDirectory('/');
      const isDone = runUntil(living, step, () => repair(living));
      const broken = isDone ? living : living.crash({ seed: step });
      // As a start of the broker would.
      finishInterrupted(broken, '/data/busy-0');
      repair(broken);
      assert.deepEqual(errors(broken), [], `after step ${step}`);
      assert.deepEqual(
        offsetsOf(broken),
        whole.filter(offset => offset !== 3),
        `after step ${step}`,
      );
      if (isDone) return;
    }
  });
});

describe('a flipped bit', () => {
  for (const name of ['flip-middle', 'flip-length-middle', 'metadata-flip-middle', 'clean-flip-middle']) {
    const damage = goldenDamages().find(each => each.name === name)!;
    const damaged = (): MemoryFileSystem => {
      const disk = goldenDisk(damage.tree, { trimmed: true });
      change(disk, damage.file!, bytes => {
        bytes[damage.detail!.filePosition]! ^= damage.detail!.xor;
        return bytes;
      });
      return disk;
    };

    it(`(${name}) is found, and set right by repair; the batch as it was is kept`, () => {
      const disk = damaged();
      const before = readWholeFile(disk, `/data/${damage.file}`)!;
      const found = verify(disk).findings.filter(({ severity }) => severity === 'error');
      assert.equal(found.length, 1);
      assert.match(
        found[0]!.message,
        new RegExp(`one byte of the batch at offset ${damage.detail!.batchBaseOffset} `),
      );
      assert.deepEqual(repair(disk), [damage.file]);
      const whole = readWholeFile(goldenDisk(damage.tree, { trimmed: true }), `/data/${damage.file}`);
      assert.deepEqual(readWholeFile(disk, `/data/${damage.file}`), whole);
      assert.deepEqual(errors(disk), []);
      const directory = `/data/${damage.file!.slice(0, damage.file!.indexOf('/'))}`;
      const kept = disk.list(directory).find(entry => entry.name.endsWith('.quarantine'))!;
      const position = Number(/-at-(\d+)/.exec(kept.name)![1]);
      const bytes = readWholeFile(disk, `${directory}/${kept.name}`)!;
      assert.deepEqual(before.subarray(position, position + bytes.length), bytes);
    });

    it(`(${name}) is there or set right when the power goes at any step of the repair`, () => {
      for (let step = 1; ; step++) {
        const living = damaged();
        living.syncDirectory('/');
        const isDone = runUntil(living, step, () => repair(living));
        const broken = isDone ? living : living.crash({ seed: step });
        repair(broken);
        assert.deepEqual(errors(broken), [], `after step ${step}`);
        if (isDone) return;
      }
    });
  }
});

/** False when the power went at the operation of this number. */
function runUntil(disk: MemoryFileSystem, operations: number, work: () => void): boolean {
  const powerCut = new Error('the power went');
  let left = operations;
  disk.onOperation = () => {
    left -= 1;
    if (left < 0) throw powerCut;
  };
  try {
    work();
    return true;
  } catch (error) {
    if (error !== powerCut) throw error;
    return false;
  } finally {
    disk.onOperation = null;
  }
}

interface Case {
  readonly name: string;
  readonly damage: (disk: MemoryFileSystem) => void;
  readonly complains: readonly string[];
  readonly recordsAfter: number;
}

const CASES: readonly Case[] = [
  {
    name: 'a torn tail is a warning, and cut',
    damage: disk => change(disk, LOG, bytes => bytes.subarray(0, bytes.length - 10)),
    complains: [`warning ${LOG}`],
    recordsAfter: 248,
  },
  {
    name: 'zeros behind the end are a warning, and cut',
    damage: disk => change(disk, LOG, bytes => Buffer.concat([bytes, Buffer.alloc(4096)])),
    complains: [`warning ${LOG}`],
    recordsAfter: 249,
  },
  {
    name: 'an index entry that names no batch is an error; the index is set aside',
    damage: disk =>
      change(disk, 'busy-0/00000000000000000000.index', () => Buffer.from('0000000a00000005', 'hex')),
    complains: ['error busy-0/00000000000000000000.index'],
    recordsAfter: 249,
  },
  {
    name: 'leader epochs that do not read are written as the batches say',
    damage: disk => change(disk, 'busy-0/leader-epoch-checkpoint', () => Buffer.from('0\n2\n0 0\n')),
    complains: ['error busy-0/leader-epoch-checkpoint'],
    recordsAfter: 249,
  },
  {
    name: 'a lost partition.metadata gets its topic id back from the metadata log',
    damage: disk => disk.remove('/data/busy-0/partition.metadata'),
    complains: ['error busy-0/partition.metadata'],
    recordsAfter: 249,
  },
  {
    name: 'a checkpoint that does not read is set aside',
    damage: disk => change(disk, 'recovery-point-offset-checkpoint', () => Buffer.from('0\nx\n')),
    complains: ['error recovery-point-offset-checkpoint'],
    recordsAfter: 249,
  },
];

describe('what is found, and mended', () => {
  for (const { name, damage, complains, recordsAfter } of CASES) {
    it(name, () => {
      const disk = goldenDisk('killed-standalone', { trimmed: true });
      damage(disk);
      assert.deepEqual(complaints(disk), complains);
      repair(disk);
      assert.deepEqual(errors(disk), []);
      assert.equal(offsetsOf(disk).length, recordsAfter);
    });
  }
});

describe('what is found, and left', () => {
  it('a directory that is no partition', () => {
    const disk = goldenDisk('clean-static');
    disk.makeDirectory('/data/backup');
    assert.deepEqual(complaints(disk), ['error backup']);
    assert.deepEqual(repair(disk), []);
  });

  it('a log that ends before its recovery point', () => {
    const disk = goldenDisk('clean-static');
    change(disk, 'recovery-point-offset-checkpoint', () => Buffer.from('0\n1\nempty 0 77\n'));
    const [found] = verify(disk).findings;
    assert.equal(
      found!.message,
      'says 77 for empty-0, whose log ends at 0: records that were there once are missing',
    );
  });
});
