import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as header from '../../protocol/records/batch-header.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import { readTextFile } from '../fs/whole-file.ts';
import {
  age,
  append,
  batchesOf,
  filesOf,
  type KeyedRecord,
  keyedBatch,
  markerBatch,
  UPKEEP,
} from '../test-support/aging.ts';
import { Harness, readAll, readCommittedOffsets } from '../test-support/harness.ts';
import type { LogSettings } from './log-settings.ts';
import type { PartitionLog } from './partition-log.ts';
import type { UpkeepSettings } from './upkeep.ts';

const HOUR_MS = 3_600_000;
const COMPACT: Partial<LogSettings> = {
  cleanupPolicy: ['compact'],
  segmentBytes: 400,
  minCleanableDirtyRatio: 0,
  retentionMs: HOUR_MS,
};

function started(options: Partial<UpkeepSettings> = {}): Harness {
  const harness = new Harness();
  harness.store.startUpkeep(() => ({ ...UPKEEP, ...options }));
  return harness;
}

function put(harness: Harness, log: PartitionLog, ...records: KeyedRecord[]): void {
  append(log, keyedBatch(records, { timestamp: harness.nowMs }));
  harness.settleAll();
}

/** So that all before is in closed segments: the cleaner leaves the active one. */
function roll(harness: Harness, log: PartitionLog): void {
  put(harness, log, [`roll${log.logEndOffset}`, 'r'.repeat(320)]);
  put(harness, log, [`roll${log.logEndOffset}`, 'r'.repeat(320)]);
}

function text(log: PartitionLog): string[] {
  const decode = (value: string | null): string =>
    value === null ? 'null' : Buffer.from(value, 'base64').toString();
  return readAll(log)
    .filter(({ key }) => key === null || !decode(key).startsWith('roll'))
    .map(({ offset, key, value }) => `${offset} ${decode(key)}=${decode(value)}`);
}

function cleanedOffset(harness: Harness): string | null {
  return readTextFile(harness.fileSystem, '/data/cleaner-offset-checkpoint');
}

describe('compaction', () => {
  it('keeps the last value of each key, at its offset', async () => {
    const harness = started();
    const log = harness.log(COMPACT);
    for (let index = 0; index < 30; index++)
      put(harness, log, [`k${index % 4}`, `v${index}`], ['k9', `w${index}`]);
    roll(harness, log);
    const end = log.logEndOffset;
    const active = end - 1;
    age(harness, 120_000);
    assert.deepEqual(text(log), ['52 k2=v26', '54 k3=v27', '56 k0=v28', '58 k1=v29', '59 k9=w29']);
    assert.equal(log.logEndOffset, end);
    assert.equal(log.logStartOffset, 0);
    assert.equal(cleanedOffset(harness), `0\n1\na 0 ${active}\n`);
    const found = text(log);
    const again = await harness.restart();
    assert.deepEqual(text(again.log(COMPACT)), found);
    assert.deepEqual(
      again.reports.map(({ message }) => message),
      [],
    );
  });

  it('joins small segments, and leaves no file behind', () => {
    const harness = started();
    const log = harness.log(COMPACT);
    for (let index = 0; index < 40; index++) put(harness, log, [`k${index % 3}`, 'x'.repeat(100)]);
    roll(harness, log);
    const before = filesOf(harness).filter(name => name.endsWith('.log')).length;
    // By their sizes before: the first pass makes them small, the next joins them.
    age(harness, 60_000);
    roll(harness, log);
    age(harness, 300_000);
    const files = filesOf(harness);
    const after = files.filter(name => name.endsWith('.log')).length;
    assert.ok(after <= 6 && before > 20, `${before} then ${after}`);
    assert.ok(
      files.every(name => /\.(log|index|timeindex|snapshot)$/.test(name)),
      files.join(),
    );
    // One snapshot for each segment but the first, as a restart expects.
    assert.ok(files.filter(name => name.endsWith('.snapshot')).length <= after);
  });

  it('finds records by offset and by time as before', () => {
    const harness = started();
    const log = harness.log(COMPACT);
    for (let index = 0; index < 20; index++) {
      append(log, keyedBatch([[`k${index % 10}`, `v${index}`]], { timestamp: 1_000_000 + index }));
    }
    harness.settleAll();
    roll(harness, log);
    age(harness, 120_000);
    assert.equal(log.offsetForTimestamp(1_000_003)?.offset, 10);
    assert.equal(log.offsetForTimestamp(1_000_015)?.offset, 15);
    assert.equal(readAll(log, { offset: 4 })[0]!.offset, 10);
  });

  it('keeps tombstones until delete.retention.ms after they were first met, then drops them', () => {
    const harness = started();
    const log = harness.log({ ...COMPACT, deleteRetentionMs: HOUR_MS });
    put(harness, log, ['a', '1'], ['b', '1']);
    put(harness, log, ['a', null]);
    roll(harness, log);
    age(harness, 60_000);
    assert.deepEqual(text(log), ['1 b=1', '2 a=null']);
    const tombstone = batchesOf(log).find(batch => header.baseOffset(batch, 0) === 2)!;
    const horizonMs = header.deleteHorizonMs(tombstone, 0)!;
    assert.ok(Math.abs(horizonMs - harness.nowMs - HOUR_MS) <= 60_000);
    assert.ok(header.verifyCrc(tombstone, 0));
    assert.equal(readRecords(tombstone)[0]!.timestamp, 1_700_000_000_000);
    age(harness, 30 * 60_000);
    roll(harness, log);
    age(harness, 60_000);
    assert.deepEqual(text(log), ['1 b=1', '2 a=null']);
    age(harness, 30 * 60_000);
    roll(harness, log);
    age(harness, 60_000);
    assert.deepEqual(text(log), ['1 b=1']);
  });

  it('removes the data of aborted transactions at once, their markers later, and shows readers the same', () => {
    const harness = started();
    const log = harness.log({ ...COMPACT, deleteRetentionMs: HOUR_MS });
    const inTransaction = { producerId: 7n, producerEpoch: 0, transactional: true };
    append(log, keyedBatch([['a', 'committed']], { ...inTransaction, baseSequence: 0 }));
    append(log, markerBatch({ type: 'COMMIT', producerId: 7 }));
    append(
      log,
      keyedBatch(
        [
          ['a', 'aborted'],
          ['b', 'aborted'],
        ],
        { ...inTransaction, baseSequence: 1 },
      ),
    );
    append(log, markerBatch({ type: 'ABORT', producerId: 7 }));
    append(log, keyedBatch([['c', 'committed']], { ...inTransaction, baseSequence: 3 }));
    append(log, markerBatch({ type: 'COMMIT', producerId: 7 }));
    harness.settleAll();
    roll(harness, log);
    const before = readCommittedOffsets(log);
    age(harness, 60_000);
    assert.deepEqual(readCommittedOffsets(log), before);
    assert.deepEqual(
      batchesOf(log)
        .slice(0, 5)
        .map(batch => [header.baseOffset(batch, 0), header.isControl(batch, 0)]),
      [
        [0, false],
        [1, true],
        [4, true],
        [5, false],
        [6, true],
      ],
    );
    age(harness, 2 * HOUR_MS);
    for (let pass = 0; pass < 3; pass++) {
      roll(harness, log);
      age(harness, 2 * HOUR_MS);
    }
    // The markers of data that is there stay.
    assert.deepEqual(
      batchesOf(log)
        .slice(0, 4)
        .map(batch => [header.baseOffset(batch, 0), header.isControl(batch, 0)]),
      [
        [0, false],
        [1, true],
        [5, false],
        [6, true],
      ],
    );
    assert.deepEqual(readCommittedOffsets(log).slice(0, 2), [0, 5]);
  });

  it('stops before an open transaction', () => {
    const harness = started();
    const log = harness.log(COMPACT);
    for (let index = 0; index < 10; index++) put(harness, log, ['a', `v${index}-${'x'.repeat(100)}`]);
    append(
      log,
      keyedBatch([['z', 'open']], { producerId: 7n, producerEpoch: 0, baseSequence: 0, transactional: true }),
    );
    for (let index = 0; index < 10; index++) put(harness, log, ['a', `w${index}-${'x'.repeat(100)}`]);
    age(harness, 120_000);
    const offsets = readAll(log, { isolation: 'log_end' }).map(({ offset }) => offset);
    assert.ok(offsets[0]! > 0 && offsets[0]! < 10, String(offsets));
    assert.ok(offsets.includes(10) && offsets.includes(11) && offsets.includes(12), String(offsets));
  });

  it('keeps an empty batch for a producer whose last records are gone', async () => {
    const harness = started();
    const log = harness.log(COMPACT);
    append(
      log,
      keyedBatch(
        [
          ['a', '1'],
          ['a', '2'],
        ],
        { producerId: 9n, producerEpoch: 3, baseSequence: 40 },
      ),
    );
    harness.settleAll();
    put(harness, log, ['a', '3']);
    roll(harness, log);
    age(harness, 60_000);
    const [empty] = batchesOf(log);
    assert.deepEqual(
      [
        header.recordCount(empty!, 0),
        header.baseOffset(empty!, 0),
        header.lastOffset(empty!, 0),
        header.baseSequence(empty!, 0),
      ],
      [0, 0, 1, 40],
    );
    assert.ok(header.verifyCrc(empty!, 0));
    // Also when nothing but the log can tell.
    harness.fileSystem.kill();
    for (const name of filesOf(harness))
      if (name.endsWith('.snapshot')) harness.fileSystem.remove(`/data/a-0/${name}`);
    const again = new Harness({ fileSystem: harness.fileSystem, nowMs: harness.nowMs });
    assert.equal(again.log(COMPACT).producer(9n)?.lastSequence, 41);
  });

  it('finds by time what lies behind such an empty batch, in the same segment', () => {
    const harness = started();
    const log = harness.log({ ...COMPACT, segmentBytes: 1000 });
    const timestamp = harness.nowMs;
    append(log, keyedBatch([['a', '1']], { timestamp, producerId: 9n, producerEpoch: 0, baseSequence: 0 }));
    for (const key of ['a', 'b']) append(log, keyedBatch([[key, '2']], { timestamp: timestamp + 10 }));
    harness.settleAll();
    roll(harness, log);
    roll(harness, log);
    age(harness, 60_000);
    const [empty, next] = batchesOf(log);
    assert.deepEqual([header.recordCount(empty!, 0), header.baseOffset(next!, 0)], [0, 1]);
    assert.equal(log.offsetForTimestamp(timestamp)?.offset, 1);
  });

  it('keeps codec, headers, sequence and timestamps of what it writes anew', () => {
    const harness = started();
    const log = harness.log({ ...COMPACT, segmentBytes: 1000 });
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      append(
        log,
        keyedBatch(
          [
            [codec, 'x'],
            ['same', codec],
            [`${codec}2`, 'y'],
          ],
          { codec, timestamp: 5_000, producerId: 4n, producerEpoch: 1, baseSequence: log.logEndOffset },
        ),
      );
    }
    harness.settleAll();
    for (let index = 0; index < 2; index++) put(harness, log, ['same', 'r'.repeat(900)]);
    age(harness, 60_000);
    const batches = batchesOf(log).slice(0, 5);
    assert.deepEqual(
      batches.map(batch => header.codecId(batch, 0)),
      [0, 1, 2, 3, 4],
    );
    batches.forEach((batch, index) => {
      assert.ok(header.verifyCrc(batch, 0));
      assert.equal(header.baseSequence(batch, 0), 3 * index);
      assert.deepEqual(
        readRecords(batch).map(({ offset, timestamp, sequence }) => [offset, timestamp, sequence]),
        [0, 2].map(delta => [3 * index + delta, 5_000, 3 * index + delta]),
      );
    });
  });

  it('takes several passes when the offset map is too small for all keys', () => {
    const harness = started({ offsetMapBytesMax: 24 * 8 });
    const log = harness.log(COMPACT);
    for (let index = 0; index < 60; index++) put(harness, log, [`k${index % 20}`, `v${index}`]);
    roll(harness, log);
    age(harness, 600_000);
    const expected = Array.from({ length: 20 }, (_, index) => `${40 + index} k${index}=v${40 + index}`);
    assert.deepEqual(text(log), expected);
  });

  it('lets others take their turn, and slows down for log.cleaner.io.max.bytes.per.second', () => {
    const harness = started({ bytesPerSecondMax: 1024 });
    const log = harness.log({ ...COMPACT, segmentBytes: 200_000 });
    for (let index = 0; index < 30; index++) put(harness, log, ['a', 'x'.repeat(20_000)]);
    age(harness, 120_000);
    assert.ok(readAll(log).length > 20);
    age(harness, 2 * HOUR_MS);
    assert.ok(readAll(log).length < 12, String(readAll(log).length));
  });
});

describe('when a log is compacted', () => {
  const dirty = (
    settings: Partial<LogSettings>,
    options: Partial<UpkeepSettings> = {},
  ): { harness: Harness; log: PartitionLog } => {
    const harness = started(options);
    const log = harness.log({ ...COMPACT, ...settings });
    for (let index = 0; index < 10; index++) put(harness, log, ['a', `v${index}-${'x'.repeat(100)}`]);
    return { harness, log };
  };

  it('its dirty part exceeds min.cleanable.dirty.ratio', () => {
    const { harness, log } = dirty({ minCleanableDirtyRatio: 0.9 });
    age(harness, 60_000);
    const cleaned = readAll(log).length;
    assert.ok(cleaned < 10);
    // Ten keys of 100 bytes are clean soon; one more dirty segment is less than 0.9 of them.
    for (let index = 0; index < 40; index++) put(harness, log, [`b${index}`, 'x'.repeat(100)]);
    age(harness, 60_000);
    const count = readAll(log).length;
    for (let index = 0; index < 8; index++) put(harness, log, ['b0', 'x'.repeat(100)]);
    age(harness, 60_000);
    assert.equal(readAll(log).length, count + 8);
    harness.log({ ...COMPACT, minCleanableDirtyRatio: 0.01 });
    age(harness, 60_000);
    assert.ok(readAll(log).length < count + 8);
  });

  it('its records are older than min.compaction.lag.ms', () => {
    const { harness, log } = dirty({ minCompactionLagMs: HOUR_MS });
    age(harness, 30 * 60_000);
    assert.equal(readAll(log).length, 10);
    age(harness, 40 * 60_000);
    assert.ok(readAll(log).length < 10);
  });

  it('a dirty record is older than max.compaction.lag.ms', () => {
    const { harness, log } = dirty({ minCleanableDirtyRatio: 1, maxCompactionLagMs: HOUR_MS });
    age(harness, 30 * 60_000);
    assert.equal(readAll(log).length, 10);
    age(harness, 40 * 60_000);
    assert.ok(readAll(log).length < 10);
  });

  it('log.cleaner.enable is on', () => {
    const { harness, log } = dirty({}, { cleanerIsEnabled: false });
    age(harness, HOUR_MS);
    assert.equal(readAll(log).length, 10);
  });

  it('its policy says so, from the moment it does', () => {
    const { harness, log } = dirty({ cleanupPolicy: [] });
    age(harness, HOUR_MS);
    assert.equal(readAll(log).length, 10);
    harness.log(COMPACT);
    age(harness, 60_000);
    assert.ok(readAll(log).length < 10);
  });

  it('it is deleted by age as well under delete,compact', () => {
    const { harness, log } = dirty({ cleanupPolicy: ['delete', 'compact'] });
    age(harness, 30 * 60_000);
    assert.ok(readAll(log).length < 10);
    assert.equal(log.logStartOffset, 0);
    age(harness, 40 * 60_000);
    assert.equal(log.logStartOffset, 10);
  });
});

describe('a cleaning that cannot go on', () => {
  it('ends with the topic, and touches nothing of the next one', () => {
    const harness = started({ bytesPerSecondMax: 1000 });
    const settings = { ...COMPACT, segmentBytes: 200_000 };
    const log = harness.log(settings);
    for (let index = 0; index < 30; index++) put(harness, log, ['a', 'x'.repeat(20_000)]);
    age(harness, 60_000);
    assert.ok(filesOf(harness).length > 3);
    harness.store.delete(log);
    const next = harness.log(settings);
    put(harness, next, ['a', 'next']);
    age(harness, HOUR_MS);
    assert.deepEqual(text(next), ['0 a=next']);
    assert.ok(
      filesOf(harness).every(name => /^0{20}\.(log|index)$/.test(name)),
      filesOf(harness).join(),
    );
  });

  it('meets damage: it is reported, the log is left as it is, others are compacted', () => {
    const harness = started();
    const damaged = harness.log(COMPACT);
    const other = harness.log(COMPACT, 'b');
    for (const log of [damaged, other])
      for (let index = 0; index < 10; index++) put(harness, log, ['a', `v${index}-${'x'.repeat(100)}`]);
    const file = harness.fileSystem.open('/data/a-0/00000000000000000000.log', 'write');
    file.write([Buffer.from('!')], 100);
    age(harness, 300_000);
    assert.ok(readAll(other).length < 10);
    const lines = harness.reports.map(({ message }) => message);
    assert.equal(lines.length, 1);
    assert.match(
      lines[0]!,
      /^a-0: It could not be compacted \(.*00000000000000000000\.log is damaged at 0\)\. No data is affected/,
    );
    assert.ok(filesOf(harness).every(name => !name.endsWith('.cleaned')));
  });

  it('meets a full disk: it is tried again', () => {
    const harness = started();
    const log = harness.log(COMPACT);
    for (let index = 0; index < 10; index++) put(harness, log, ['a', `v${index}-${'x'.repeat(100)}`]);
    harness.fileSystem.capacityBytes = 0;
    age(harness, 60_000);
    assert.equal(readAll(log).length, 10);
    harness.fileSystem.capacityBytes = Number.POSITIVE_INFINITY;
    age(harness, 60_000);
    assert.ok(readAll(log).length < 10);
  });
});
