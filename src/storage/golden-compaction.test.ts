// Topics that Apache Kafka's cleaner compacted are compacted further: what its consumers had read is read all the same.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasDeleteHorizon, recordCount, verifyCrc } from '../protocol/records/batch-header.ts';
import type { PartitionLog } from './log/partition-log.ts';
import { age, append, batchesOf, filesOf, keyedBatch, UPKEEP } from './test-support/aging.ts';
import { goldenDisk, goldenExpectation } from './test-support/golden-disk.ts';
import { Harness, readAll, readCommittedOffsets } from './test-support/harness.ts';

/** The last value of each key; a tombstone and no record at all are the same. */
function valuesOf(log: PartitionLog): Map<string, string> {
  const committed = new Set(readCommittedOffsets(log));
  const values = new Map<string, string>();
  for (const { offset, key, value } of readAll(log)) {
    if (key === null || !committed.has(offset)) continue;
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  return values;
}

for (const tree of ['rich-static', 'rich-standalone'] as const) {
  describe(`the compacted topic of ${tree}`, () => {
    const { afterRestart } = goldenExpectation(tree);
    const { id, partitions } = afterRestart.topics['compacted']!;
    const open = () => {
      const harness = new Harness({
        fileSystem: goldenDisk(tree, { manualSyncs: true }),
        nowMs: afterRestart.capturedAtMs,
      });
      const log = harness.store.ensure({
        topic: 'compacted',
        partition: 0,
        topicId: id,
        settings: {
          ...harness.log().settings,
          cleanupPolicy: ['compact'],
          segmentBytes: 2000,
          minCleanableDirtyRatio: 0,
          deleteRetentionMs: 3_600_000,
        },
      });
      return { harness, log };
    };

    it('reads the same after a further cleaning', async () => {
      const { harness, log } = open();
      const { logEndOffset, lastStableOffset } = log;
      const before = valuesOf(log);
      const producers = log.activeProducers();
      const wanted = partitions[0]!.records!.map(({ offset }) => offset);
      assert.deepEqual(
        readAll(log).map(({ offset }) => offset),
        wanted,
      );
      harness.store.startUpkeep(() => UPKEEP);
      for (let index = 0; index < 4; index++) {
        append(log, keyedBatch([['filler', 'x'.repeat(1800)]], { timestamp: harness.nowMs }));
        harness.settleAll();
      }
      age(harness, 300_000);
      const filler = Buffer.from('filler').toString('base64');
      const after = valuesOf(log);
      after.delete(filler);
      assert.deepEqual([...after].sort(), [...before].sort());
      assert.ok(lastStableOffset <= logEndOffset && log.logEndOffset === logEndOffset + 4);
      assert.deepEqual(log.activeProducers(), producers);
      assert.ok(batchesOf(log).every(batch => verifyCrc(batch, 0)));
      assert.ok(
        filesOf(harness, 'compacted-0').every(name => !name.endsWith('.swap') && !name.endsWith('.cleaned')),
      );
      const left = readAll(log).map(({ offset }) => offset);
      assert.ok(left.every(offset => offset >= logEndOffset || wanted.includes(offset)));
      // Nothing is under way: a restart finds the same.
      const offsets = readAll(log);
      await harness.close();
      const again = new Harness({ fileSystem: harness.fileSystem, nowMs: harness.nowMs });
      const found = again.store.get({ topic: 'compacted', partition: 0 })!;
      assert.deepEqual(readAll(found), offsets);
    });

    it('has what a cleaner leaves: gaps, empty batches, delete horizons', () => {
      const { log } = open();
      const batches = batchesOf(log);
      assert.ok(batches.some(batch => recordCount(batch, 0) === 0));
      assert.ok(batches.some(batch => hasDeleteHorizon(batch, 0)));
      assert.ok(readAll(log).length < log.logEndOffset);
    });
  });
}
