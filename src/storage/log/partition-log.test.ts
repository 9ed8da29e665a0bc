import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32c } from '../../protocol/wire/crc32c.ts';
import { readTextFile, readWholeFile } from '../fs/whole-file.ts';
import { batchOf, Harness, readAll, textOf } from '../test-support/harness.ts';
import type { AppendOutcome } from './outcomes.ts';
import type { PartitionLog } from './partition-log.ts';

const AS_CLIENT = { leaderEpoch: 0, origin: 'client' } as const;

function append(log: PartitionLog, ...values: string[]): AppendOutcome {
  return log.append(batchOf({ values }), AS_CLIENT);
}

describe('append', () => {
  it('gives offsets at once and is seen only when durable', () => {
    const harness = new Harness();
    const log = harness.log();
    const told: string[] = [];
    log.onAdvance(() => told.push(`advanced to ${log.highWatermark}`));
    assert.deepEqual(append(log, 'a', 'b'), { kind: 'appended', baseOffset: 0, endOffset: 2 });
    log.whenDurable(2, error => told.push(`first ${error}`));
    assert.deepEqual(append(log, 'c'), { kind: 'appended', baseOffset: 2, endOffset: 3 });
    log.whenDurable(3, error => told.push(`second ${error}`));
    harness.turn();
    assert.equal(log.highWatermark, 0);
    assert.deepEqual(readAll(log), []);
    assert.deepEqual(readAll(log, { isolation: 'log_end' }).map(textOf), ['a', 'b', 'c']);
    harness.settle();
    assert.deepEqual(told, ['first null', 'second null', 'advanced to 3']);
    assert.deepEqual(readAll(log).map(textOf), ['a', 'b', 'c']);
    log.whenDurable(3, error => told.push(`at once ${error}`));
    assert.equal(told.at(-1), 'at once null');
  });

  it('shares one sync between all appends that came while another ran', () => {
    const harness = new Harness();
    const log = harness.log();
    const acknowledged: number[] = [];
    const appendOne = (): void => {
      const outcome = append(log, 'x');
      assert.ok(outcome.kind === 'appended');
      log.whenDurable(outcome.endOffset, () => acknowledged.push(outcome.endOffset));
      harness.turn();
    };
    appendOne();
    harness.settle();
    appendOne();
    assert.equal(harness.fileSystem.pendingSyncs, 1);
    appendOne();
    appendOne();
    assert.equal(harness.fileSystem.pendingSyncs, 1);
    harness.fileSystem.finishSync();
    assert.deepEqual(acknowledged, [1, 2]);
    harness.fileSystem.finishSync();
    assert.deepEqual(acknowledged, [1, 2, 3, 4]);
    assert.equal(harness.fileSystem.pendingSyncs, 0);
  });

  for (const durability of ['os', 'interval'] as const) {
    it(`is seen when written under ${durability}`, () => {
      const harness = new Harness({ durability });
      const log = harness.log();
      append(log, 'a');
      harness.settle();
      append(log, 'b');
      assert.equal(log.highWatermark, 1);
      harness.turn();
      assert.equal(log.highWatermark, 2);
      harness.passTime(1_000);
      assert.equal(harness.fileSystem.pendingSyncs, durability === 'interval' ? 1 : 0);
    });
  }

  it('goes on for other logs when a callback of one throws', () => {
    const harness = new Harness({ durability: 'os' });
    const [first, second] = [harness.log(), harness.log({}, 'b')];
    append(first, 'a');
    first.whenDurable(1, () => {
      throw new Error('of the caller');
    });
    append(second, 'b');
    assert.throws(() => harness.turn(), /of the caller/);
    assert.deepEqual([first.highWatermark, second.highWatermark], [1, 1]);
    append(first, 'c');
    harness.turn();
    assert.equal(first.highWatermark, 2);
  });

  it('leaves the batch alone and keeps nothing of it', () => {
    const harness = new Harness();
    const log = harness.log();
    append(log, 'first');
    const batch = batchOf({ values: ['second'] });
    const before = Buffer.from(batch);
    log.append(batch, { leaderEpoch: 3, origin: 'client' });
    assert.deepEqual(batch, before);
    batch.fill(0xee);
    harness.settle();
    assert.deepEqual(readAll(log).map(textOf), ['first', 'second']);
    assert.equal(log.leaderEpoch, 3);
  });

  it('writes a batch larger than a slab at once', () => {
    const harness = new Harness();
    const log = harness.log();
    append(log, 'small');
    append(log, 'L'.repeat(700_000));
    append(log, 'small again');
    harness.settle();
    assert.deepEqual(
      readAll(log).map(record => textOf(record).length),
      [5, 700_000, 11],
    );
  });

  it('refuses a batch larger than segment.bytes', () => {
    const log = new Harness().log({ segmentBytes: 1_000 });
    const outcome = append(log, 'x'.repeat(2_000));
    assert.equal(outcome.kind === 'refused' && outcome.error, 'RECORD_LIST_TOO_LARGE');
  });
});

describe('read', () => {
  function filled(): { harness: Harness; log: PartitionLog } {
    const harness = new Harness();
    const log = harness.log({ segmentBytes: 3_000, indexIntervalBytes: 300 });
    for (let index = 0; index < 60; index += 3) append(log, `v${index}`, `v${index + 1}`, `v${index + 2}`);
    harness.settle();
    return { harness, log };
  }

  it('finds every offset, from every place to start', () => {
    const { log } = filled();
    for (let offset = 0; offset < 60; offset++) {
      const expected = Array.from({ length: 60 - offset }, (_, index) => `v${offset + index}`);
      assert.deepEqual(readAll(log, { offset, maxBytes: 1 }).map(textOf), expected);
    }
  });

  it('returns the first batch whole, others only as far as maxBytes', () => {
    const { log } = filled();
    const read = (maxBytes: number, atLeastOneBatch: boolean): number => {
      const slice = log.read({ offset: 4, maxBytes, isolation: 'read_uncommitted', atLeastOneBatch });
      assert.ok(slice.error === null);
      slice.release();
      return slice.sizeInBytes;
    };
    const whole = read(0, true);
    assert.equal(read(0, false), 0);
    assert.equal(read(1, true), whole);
    assert.equal(read(whole - 1, false), whole - 1);
    assert.equal(read(whole + 20, true), whole + 20);
  });

  it('is out of range below the start and above the end', () => {
    const { log } = filled();
    assert.deepEqual(
      log.read({ offset: 61, maxBytes: 1, isolation: 'read_uncommitted', atLeastOneBatch: true }),
      { error: 'OFFSET_OUT_OF_RANGE' },
    );
    assert.deepEqual(readAll(log, { offset: 60 }), []);
    assert.deepEqual(log.deleteRecordsBefore(7), { error: null, logStartOffset: 7 });
    assert.deepEqual(
      log.read({ offset: 6, maxBytes: 1, isolation: 'read_uncommitted', atLeastOneBatch: true }),
      { error: 'OFFSET_OUT_OF_RANGE' },
    );
    assert.equal(textOf(readAll(log, { offset: 7 })[0]!), 'v7');
  });

  it('lends bytes that later appends do not touch', () => {
    const harness = new Harness();
    const log = harness.log();
    append(log, 'kept');
    harness.settle();
    const slice = log.read({
      offset: 0,
      maxBytes: 1_000,
      isolation: 'read_uncommitted',
      atLeastOneBatch: true,
    });
    assert.ok(slice.error === null);
    const before = Buffer.concat(slice.buffers);
    for (let index = 0; index < 40; index++) append(log, 'x'.repeat(100_000));
    harness.settle();
    assert.deepEqual(Buffer.concat(slice.buffers), before);
    slice.release();
  });
});

describe('time', () => {
  it('leads to the first record at or after a timestamp, also across segments', () => {
    const harness = new Harness();
    const log = harness.log({ segmentBytes: 1_000, indexIntervalBytes: 100 });
    const base = harness.nowMs;
    for (let index = 0; index < 40; index++)
      log.append(batchOf({ values: [`v${index}`], timestamp: base + 10 * index }), AS_CLIENT);
    harness.settle();
    assert.equal(log.offsetForTimestamp(0)?.offset, 0);
    for (let index = 0; index < 40; index++) {
      assert.deepEqual(log.offsetForTimestamp(base + 10 * index - 3), {
        offset: index,
        timestamp: base + 10 * index,
        leaderEpoch: 0,
      });
    }
    assert.equal(log.offsetForTimestamp(base + 391), null);
    assert.deepEqual(log.maxTimestampOffset(), { offset: 39, timestamp: base + 390, leaderEpoch: 0 });
    log.append(batchOf({ values: ['early'], timestamp: base }), AS_CLIENT);
    harness.settle();
    assert.equal(log.maxTimestampOffset()?.offset, 39);
  });

  it('rolls a segment by the time in its records', () => {
    const harness = new Harness();
    const log = harness.log({ segmentMs: 1_000 });
    for (const timestamp of [0, 1_000, 1_001, 1_500, 3_000])
      log.append(batchOf({ values: ['x'], timestamp: harness.nowMs + timestamp }), AS_CLIENT);
    harness.settle();
    const names = harness.fileSystem
      .list('/data/a-0')
      .map(entry => entry.name)
      .filter(name => name.endsWith('.log'));
    assert.deepEqual(names.sort(), [
      '00000000000000000000.log',
      '00000000000000000002.log',
      '00000000000000000004.log',
    ]);
  });
});

describe('epochs', () => {
  it('are kept with the offsets they began at', () => {
    const harness = new Harness();
    const log = harness.log();
    log.startLeaderEpoch(0);
    append(log, 'a');
    log.append(batchOf({ values: ['b'] }), { leaderEpoch: 4, origin: 'client' });
    harness.settle();
    assert.equal(readTextFile(harness.fileSystem, '/data/a-0/leader-epoch-checkpoint'), '0\n2\n0 0\n4 1\n');
    assert.deepEqual(log.endOffsetForEpoch(0), { leaderEpoch: 0, endOffset: 1 });
    assert.deepEqual(log.endOffsetForEpoch(2), { leaderEpoch: 0, endOffset: 1 });
    assert.deepEqual(log.endOffsetForEpoch(4), { leaderEpoch: 4, endOffset: 2 });
    assert.deepEqual(log.endOffsetForEpoch(5), { leaderEpoch: -1, endOffset: -1 });
  });
});

describe('the files', () => {
  it('are what the format says, byte by byte', async () => {
    const harness = new Harness();
    const log = harness.log({ indexIntervalBytes: 100 });
    const base = harness.nowMs;
    const sizes: number[] = [];
    for (let index = 0; index < 6; index++) {
      const batch = batchOf({
        values: ['0123456789', '0123456789'],
        timestamp: base + index,
        producerId: 9,
        baseSequence: 2 * index,
      });
      sizes.push(batch.length);
      log.append(batch, { leaderEpoch: 2, origin: 'client' });
    }
    await harness.close();
    const read = (name: string): Buffer => readWholeFile(harness.fileSystem, `/data/a-0/${name}`)!;
    const bytes = read('00000000000000000000.log');
    const positions: number[] = [];
    for (let at = 0, index = 0; at < bytes.length; index++) {
      positions.push(at);
      assert.equal(bytes.readBigInt64BE(at), BigInt(2 * index));
      assert.equal(bytes.readInt32BE(at + 8) + 12, sizes[index]);
      assert.equal(bytes.readInt32BE(at + 12), 2);
      assert.equal(bytes.readUInt32BE(at + 17), crc32c(bytes, at + 21, at + sizes[index]!));
      at += sizes[index]!;
    }
    // Two batches of 89 bytes pass 100: an entry at every second batch, with the last offset of that batch.
    const index = Buffer.alloc(16);
    [2, 4].forEach((batch, entry) => {
      index.writeInt32BE(2 * batch + 1, 8 * entry);
      index.writeInt32BE(positions[batch]!, 8 * entry + 4);
    });
    assert.deepEqual(read('00000000000000000000.index'), index);
    const time = Buffer.alloc(36);
    [2, 4, 5].forEach((batch, entry) => {
      time.writeBigInt64BE(BigInt(base + batch), 12 * entry);
      time.writeInt32BE(2 * batch + 1, 12 * entry + 8);
    });
    assert.deepEqual(read('00000000000000000000.timeindex'), time);
    const snapshot = Buffer.from(
      `0001000000000000000100000000000000090000${'0000000b'}${'000000000000000b'}00000001${'0000000000000000'}ffffffffffffffffffffffff`,
      'hex',
    );
    snapshot.writeBigInt64BE(BigInt(base + 5), 36);
    snapshot.writeUInt32BE(crc32c(snapshot, 6), 2);
    assert.deepEqual(read('00000000000000000012.snapshot'), snapshot);
    assert.equal(read('partition.metadata').toString(), 'version: 0\ntopic_id: IQGJnI_9QJyx7I_TRPpChQ');
    assert.equal(
      readTextFile(harness.fileSystem, '/data/.kafka_cleanshutdown'),
      '{"version":0,"brokerEpoch":5}',
    );
    assert.equal(
      readTextFile(harness.fileSystem, '/data/recovery-point-offset-checkpoint'),
      '0\n2\n__cluster_metadata 0 0\na 0 12\n',
    );
    assert.equal(readTextFile(harness.fileSystem, '/data/replication-offset-checkpoint'), '0\n1\na 0 12\n');
  });
});
