import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTextFile } from '../fs/whole-file.ts';
import { age, append, filesOf, keyedBatch, UPKEEP } from '../test-support/aging.ts';
import { Harness, readAll } from '../test-support/harness.ts';
import type { LogSettings } from './log-settings.ts';
import type { PartitionLog } from './partition-log.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SETTINGS: Partial<LogSettings> = { segmentBytes: 300, retentionMs: DAY_MS };

function started(options: ConstructorParameters<typeof Harness>[0] = {}): Harness {
  const harness = new Harness(options);
  harness.store.startUpkeep(() => UPKEEP);
  return harness;
}

/** Batches of 98 bytes, three to a segment, an hour apart. */
function fill(harness: Harness, log: PartitionLog, batches: number, everyMs = HOUR_MS): void {
  for (let index = 0; index < batches; index++) {
    append(log, keyedBatch([['k', 'x'.repeat(25)]], { timestamp: harness.nowMs }));
    harness.settleAll();
    age(harness, everyMs);
  }
}

describe('retention', () => {
  it('deletes segments whose newest record is older than retention.ms', () => {
    const harness = started();
    const log = harness.log(SETTINGS);
    fill(harness, log, 9);
    assert.equal(log.firstSegmentOffset, 0);
    // Offset 2 was written at hour 2: it is a day old, and checked, some minutes after hour 26.
    age(harness, 17 * HOUR_MS + 600_000);
    assert.equal(log.logStartOffset, 3);
    assert.deepEqual(
      readAll(log).map(({ offset }) => offset),
      [3, 4, 5, 6, 7, 8],
    );
    assert.deepEqual(log.read({ offset: 2, maxBytes: 1, isolation: 'log_end', atLeastOneBatch: true }), {
      error: 'OFFSET_OUT_OF_RANGE',
    });
  });

  it('renames files to .deleted, and removes them after file.delete.delay.ms', () => {
    const harness = started();
    const log = harness.log({ ...SETTINGS, fileDeleteDelayMs: 10 * 60_000 });
    fill(harness, log, 4);
    age(harness, DAY_MS - 2 * HOUR_MS);
    while (log.logStartOffset === 0) age(harness, 60_000);
    const first = '00000000000000000000';
    assert.deepEqual(
      filesOf(harness).filter(name => name.startsWith(first)),
      [`${first}.index.deleted`, `${first}.log.deleted`, `${first}.timeindex.deleted`],
    );
    age(harness, 9 * 60_000);
    assert.equal(filesOf(harness).filter(name => name.startsWith(first)).length, 3);
    age(harness, 2 * 60_000);
    assert.deepEqual(
      filesOf(harness).filter(name => name.startsWith(first)),
      [],
    );
  });

  it('takes the active segment too: the log goes on, empty, at its end', async () => {
    const harness = started();
    const log = harness.log(SETTINGS);
    fill(harness, log, 2);
    age(harness, 26 * HOUR_MS);
    assert.equal(log.logStartOffset, 2);
    assert.equal(log.logEndOffset, 2);
    assert.equal(log.sizeInBytes, 0);
    assert.equal(append(log, keyedBatch([['k', 'v']], { timestamp: harness.nowMs })), 2);
    harness.settleAll();
    assert.deepEqual(
      readAll(log).map(({ offset }) => offset),
      [2],
    );
    const again = await harness.restart();
    assert.deepEqual([again.log().logStartOffset, again.log().logEndOffset], [2, 3]);
  });

  it('deletes the oldest while the rest holds retention.bytes', () => {
    const harness = started();
    const log = harness.log({ segmentBytes: 300, retentionBytes: 500 });
    fill(harness, log, 11, 0);
    const before = log.sizeInBytes;
    age(harness, 600_000);
    const [segment] = [before / 11];
    assert.equal(log.logStartOffset, 3);
    assert.ok(log.sizeInBytes >= 500 && log.sizeInBytes - 3 * segment < 500, String(log.sizeInBytes));
  });

  it('follows changed settings without a restart', () => {
    const harness = started();
    const log = harness.log({ segmentBytes: 300, retentionMs: -1 });
    fill(harness, log, 7);
    age(harness, 10 * DAY_MS);
    assert.equal(log.logStartOffset, 0);
    harness.log(SETTINGS);
    age(harness, 600_000);
    assert.equal(log.logStartOffset, 7);
  });

  it('deletes what lies below the log start, whatever the policy', () => {
    const harness = started();
    for (const cleanupPolicy of [[], ['compact'], ['delete']] as const) {
      const log = harness.log(
        { segmentBytes: 300, cleanupPolicy, minCleanableDirtyRatio: 1 },
        `t${cleanupPolicy}`,
      );
      fill(harness, log, 7, 0);
      log.deleteRecordsBefore(4);
      age(harness, 600_000);
      assert.equal(log.firstSegmentOffset, 3);
      assert.equal(log.logStartOffset, 4);
    }
  });

  it('keeps everything without a policy to delete', () => {
    const harness = started();
    const log = harness.log({ ...SETTINGS, cleanupPolicy: [] });
    fill(harness, log, 7);
    age(harness, 3 * DAY_MS);
    assert.equal(log.logStartOffset, 0);
  });

  it('never deletes what is not below the high watermark', () => {
    const harness = started();
    const log = harness.log({ ...SETTINGS, retentionMs: 0 });
    append(log, keyedBatch([['k', 'v']]));
    harness.turn();
    for (let minute = 0; minute < 10; minute++) {
      harness.passTime(60_000);
      harness.turn();
    }
    assert.equal(log.logStartOffset, 0);
    harness.settleAll();
    age(harness, 600_000);
    assert.equal(log.logStartOffset, 1);
  });

  it('leaves logs alone whose topic is not known', async () => {
    const before = new Harness();
    fill(before, before.log(SETTINGS), 4, 0);
    const harness = await before.restart();
    harness.store.startUpkeep(() => UPKEEP);
    age(harness, 10 * DAY_MS);
    assert.equal(harness.store.get({ topic: 'a', partition: 0 })?.logStartOffset, 0);
    assert.equal(harness.log(SETTINGS).logStartOffset, 0);
    age(harness, 600_000);
    assert.equal(harness.log(SETTINGS).logStartOffset, 4);
  });
});

describe('a clock that jumps', () => {
  it('ahead deletes nothing at once, is reported, and is followed slowly', () => {
    const harness = started();
    const log = harness.log({ segmentBytes: 300, retentionMs: 7 * DAY_MS });
    fill(harness, log, 6, 60_000);
    harness.jumpClock(9 * DAY_MS);
    age(harness, 40 * HOUR_MS);
    assert.equal(log.logStartOffset, 0);
    const lines = harness.reports.map(({ message }) => message);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /The clock is 215\.9 hours ahead .* reached in about 72\.0 hours/);
    age(harness, 40 * HOUR_MS);
    assert.equal(log.logStartOffset, 6);
  });

  it('ahead and back again costs nothing', () => {
    const harness = started();
    const log = harness.log({ segmentBytes: 300, retentionMs: 7 * DAY_MS });
    fill(harness, log, 6, 60_000);
    harness.jumpClock(30 * DAY_MS);
    age(harness, 24 * HOUR_MS);
    harness.jumpClock(-30 * DAY_MS);
    age(harness, 5 * DAY_MS);
    assert.equal(log.logStartOffset, 0);
    age(harness, 2 * DAY_MS);
    assert.equal(log.logStartOffset, 6);
  });

  it('back deletes later', () => {
    const harness = started();
    const log = harness.log(SETTINGS);
    fill(harness, log, 6, 60_000);
    harness.jumpClock(-10 * DAY_MS);
    age(harness, 10 * DAY_MS);
    assert.equal(log.logStartOffset, 0);
    age(harness, 26 * HOUR_MS);
    assert.equal(log.logStartOffset, 6);
  });
});

describe('a crash during retention', () => {
  it('at any operation of the disk leaves a log that begins where it may and has all the rest', () => {
    let cuts = 0;
    for (let seed = 1; seed <= 4; seed++) {
      for (let cutAt = 1; ; cutAt++) {
        const harness = new Harness();
        const settings = { ...SETTINGS, fileDeleteDelayMs: 0 };
        const log = harness.log(settings);
        fill(harness, log, 8, 60_000);
        harness.nowMs += 25 * HOUR_MS;
        harness.store.startUpkeep(() => UPKEEP);
        let left = cutAt;
        harness.fileSystem.onOperation = () => {
          if (--left <= 0) throw new Error('power cut');
        };
        let start = 0;
        try {
          age(harness, 10 * 60_000);
          append(log, keyedBatch([['k', 'v']], { timestamp: harness.nowMs }));
          harness.settleAll();
        } catch (error) {
          assert.match((error as Error).message, /power cut/);
        }
        start = log.logStartOffset;
        const isOver = left > 0;
        harness.fileSystem.onOperation = () => {};
        harness.fileSystem.kill();
        const survivor = harness.fileSystem.crash({ seed });
        const again = new Harness({ fileSystem: survivor, nowMs: harness.nowMs });
        const found = again.log(settings);
        const where = `seed ${seed}, cut at ${cutAt}`;
        assert.ok(found.logStartOffset >= start || left <= 0, where);
        assert.ok(found.logEndOffset >= 8, where);
        const offsets = readAll(found).map(({ offset }) => offset);
        assert.deepEqual(
          offsets,
          Array.from(
            { length: found.logEndOffset - found.logStartOffset },
            (_, i) => found.logStartOffset + i,
          ),
          where,
        );
        assert.ok([0, 3, 6, 8].includes(found.logStartOffset), `${where}: ${found.logStartOffset}`);
        cuts += 1;
        if (isOver) break;
      }
    }
    assert.ok(cuts > 40, String(cuts));
  });
});

describe('records without timestamps', () => {
  it('are as old as their file', () => {
    const harness = started();
    const log = harness.log(SETTINGS);
    for (let index = 0; index < 4; index++) append(log, keyedBatch([['k', 'v']], { timestamp: -1 }));
    harness.settleAll();
    age(harness, 23 * HOUR_MS);
    assert.equal(log.logStartOffset, 0);
    age(harness, 2 * HOUR_MS);
    assert.equal(log.logStartOffset, 4);
  });
});

describe('a segment rolls', () => {
  const logsOf = (harness: Harness): number => filesOf(harness).filter(name => name.endsWith('.log')).length;
  const appendAfter = (settings: Partial<LogSettings>, afterMs: number, random = 0): number => {
    const harness = new Harness({ random: () => random });
    const log = harness.log(settings);
    for (const timestamp of [0, afterMs]) append(log, keyedBatch([['k', 'v']], { timestamp }));
    harness.settleAll();
    return logsOf(harness);
  };

  it('up to segment.jitter.ms before segment.ms', () => {
    const settings = { segmentMs: 10_000, segmentJitterMs: 4_000 };
    assert.equal(appendAfter(settings, 10_000), 1);
    assert.equal(appendAfter(settings, 10_001), 2);
    assert.equal(appendAfter(settings, 8_000, 0.5), 1);
    assert.equal(appendAfter(settings, 8_001, 0.5), 2);
  });

  it('after max.compaction.lag.ms, if it is compacted', () => {
    const settings: Partial<LogSettings> = { segmentMs: 10_000, maxCompactionLagMs: 1_000 };
    assert.equal(appendAfter(settings, 1_001), 1);
    assert.equal(appendAfter({ ...settings, cleanupPolicy: ['compact'] }, 1_001), 2);
  });
});

describe('the files of a deleted topic', () => {
  it('are removed after file.delete.delay.ms', () => {
    const harness = started();
    const log = harness.log({ fileDeleteDelayMs: 5 * 60_000 });
    append(log, keyedBatch([['k', 'v']]));
    harness.settleAll();
    harness.store.delete(log);
    const names = (): string[] => harness.fileSystem.list('/data').map(({ name }) => name);
    age(harness, 4 * 60_000);
    assert.equal(names().filter(name => name.endsWith('-delete')).length, 1);
    age(harness, 2 * 60_000);
    assert.equal(names().filter(name => name.endsWith('-delete')).length, 0);
    assert.equal(readTextFile(harness.fileSystem, '/data/a-0/partition.metadata'), null);
  });
});
