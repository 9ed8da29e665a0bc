// The directories that Apache Kafka made open, and say what Apache Kafka said of itself after opening them: offsets,
// epochs, producers, every record. What is rebuilt when files are missing is, byte for byte, what Apache Kafka wrote.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileCache } from './fs/file-cache.ts';
import type { MemoryFileSystem } from './fs/memory.ts';
import { readWholeFile } from './fs/whole-file.ts';
import { LeaderEpochs } from './log/leader-epochs.ts';
import { DEFAULT_LOG_SETTINGS } from './log/log-settings.ts';
import type { PartitionLog } from './log/partition-log.ts';
import { ProducerState } from './log/producer-state.ts';
import { Segment } from './log/segment.ts';
import { recoverSegment } from './log/segment-recovery.ts';
import {
  GOLDEN_TREES,
  type GoldenPartition,
  type GoldenTree,
  goldenDisk,
  goldenExpectation,
} from './test-support/golden-disk.ts';
import { Harness, readAll, readCommittedOffsets } from './test-support/harness.ts';

function checkPartition(log: PartitionLog, expected: GoldenPartition, label: string): void {
  assert.equal(log.logStartOffset, expected.logStartOffset, `${label} log start`);
  assert.equal(log.highWatermark, expected.highWatermark, `${label} high watermark`);
  assert.equal(log.lastStableOffset, expected.lastStableOffset, `${label} last stable offset`);
  const latest = log.maxTimestampOffset();
  assert.deepEqual(
    [latest?.timestamp ?? -1, latest?.offset ?? -1],
    [expected.maxTimestamp, expected.maxTimestampOffset],
    `${label} max timestamp`,
  );
  const producers = log
    .activeProducers()
    .map(({ producerId, producerEpoch, lastSequence }) => `${producerId} ${producerEpoch} ${lastSequence}`);
  const wanted = expected.producers.map(
    ({ producerId, producerEpoch, lastSequence }) => `${producerId} ${producerEpoch} ${lastSequence}`,
  );
  assert.deepEqual(producers.sort(), wanted.sort(), `${label} producers`);
  if (expected.records === undefined) return;
  const records = expected.records.map(({ offset, timestamp, key, value }) => ({
    offset,
    timestamp,
    key,
    value,
  }));
  // A small maxBytes makes the reader come back in the middle of everything.
  for (const maxBytes of [1_000_000, 300]) {
    const read = withoutControl(readAll(log, { maxBytes }), expected);
    assert.deepEqual(read, records, `${label} records`);
  }
  const committed = expected.readCommittedOffsets ?? records.map(record => record.offset);
  assert.deepEqual(readCommittedOffsets(log), committed, `${label} committed`);
  for (const record of records) {
    const found = log.offsetForTimestamp(record.timestamp);
    assert.ok(
      found !== null && found.timestamp >= record.timestamp && found.offset <= record.offset,
      `${label} by time`,
    );
  }
}

/** Consumers do not see markers: control records are all that is not in the list. */
function withoutControl(
  read: ReturnType<typeof readAll>,
  expected: GoldenPartition,
): ReturnType<typeof readAll> {
  const offsets = new Set(expected.records!.map(record => record.offset));
  return read.filter(record => offsets.has(record.offset));
}

function open(tree: GoldenTree, disk: MemoryFileSystem): Harness {
  return new Harness({ fileSystem: disk, nowMs: goldenExpectation(tree).afterRestart.capturedAtMs });
}

async function closeAndWait(harness: Harness): Promise<void> {
  await harness.store.close({ clean: true, brokerEpoch: 5 });
}

for (const tree of GOLDEN_TREES) {
  describe(`opening ${tree}`, () => {
    const { afterRestart, acknowledged } = goldenExpectation(tree);
    const check = (harness: Harness): void => {
      for (const [topic, { id, partitions }] of Object.entries(afterRestart.topics)) {
        for (const expected of partitions) {
          const log = harness.store.get({ topic, partition: expected.partition });
          assert.ok(log !== undefined, topic);
          assert.equal(log.topicId, id);
          checkPartition(log, expected, `${topic}-${expected.partition}`);
        }
      }
    };

    it('says what Apache Kafka said, and again after a clean stop', async () => {
      const disk = goldenDisk(tree);
      const first = open(tree, disk);
      assert.equal(first.directory.kind, 'kafka');
      assert.equal(first.directory.wasCleanShutdown, tree !== 'killed-standalone');
      check(first);
      for (const [name, offset] of Object.entries(acknowledged?.lastAcknowledgedOffset ?? {})) {
        const dash = name.lastIndexOf('-');
        const log = first.store.get({ topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) })!;
        assert.ok(log.highWatermark > offset, name);
      }
      await closeAndWait(first);
      const second = open(tree, disk);
      assert.equal(second.directory.kind, 'millrace');
      assert.equal(second.directory.wasCleanShutdown, true);
      check(second);
      await closeAndWait(second);
    });

    it('says the same when everything must be rebuilt', async () => {
      const disk = goldenDisk(tree);
      for (const entry of disk.list('/data')) {
        if (entry.name === '.kafka_cleanshutdown' || entry.name === 'recovery-point-offset-checkpoint')
          disk.remove(`/data/${entry.name}`);
        if (entry.kind !== 'directory' || entry.name.endsWith('-delete')) continue;
        for (const { name } of disk.list(`/data/${entry.name}`)) {
          if (/\.(index|timeindex|txnindex|snapshot)$/.test(name)) disk.remove(`/data/${entry.name}/${name}`);
        }
      }
      const harness = open(tree, disk);
      // Replaying the log forgets nobody, reading a snapshot drops producers that were idle for a day: both end here.
      for (const log of harness.store.logs()) log.removeExpiredProducers();
      check(harness);
      await closeAndWait(harness);
    });
  });
}

describe('indexes that are rebuilt', () => {
  for (const tree of GOLDEN_TREES) {
    it(`are byte for byte those of ${tree}`, () => {
      const disk = goldenDisk(tree, { trimmed: true });
      const { files, afterRestart } = goldenExpectation(tree);
      let compared = 0;
      for (const name of Object.keys(files)) {
        const match = /^(.+)-\d+\/(\d{20})\.log$/.exec(name);
        // The cleaner writes one index entry per batch it copies.
        if (match === null || match[1] === 'compacted') continue;
        const directory = `/data/${name.slice(0, name.lastIndexOf('/'))}`;
        const before = readIndexes(disk, `/data/${name}`);
        const settings = afterRestart.topics[match[1]!]?.configs ?? {};
        rebuild(
          disk,
          directory,
          Number(match[2]),
          Number(settings['index.interval.bytes'] ?? DEFAULT_LOG_SETTINGS.indexIntervalBytes),
          name,
        );
        const after = readIndexes(disk, `/data/${name}`);
        // A process that was killed had not forced the last time index entry.
        assert.deepEqual(after[0], before[0], name);
        assert.deepEqual(after[1]!.subarray(0, before[1]!.length), before[1], name);
        if (tree !== 'killed-standalone') assert.equal(after[1]!.length, before[1]!.length, name);
        compared += 1;
      }
      assert.ok(compared > 3);
    });
  }
});

function readIndexes(disk: MemoryFileSystem, logPath: string): [Buffer, Buffer] {
  const path = logPath.slice(0, -'.log'.length);
  return [readWholeFile(disk, `${path}.index`)!, readWholeFile(disk, `${path}.timeindex`)!];
}

function rebuild(
  disk: MemoryFileSystem,
  directory: string,
  baseOffset: number,
  indexIntervalBytes: number,
  name: string,
): void {
  const sizeInBytes = disk.stat(`/data/${name}`)!.sizeInBytes;
  const segment = new Segment(new FileCache(disk), {
    directory,
    baseOffset,
    sizeInBytes,
    nowMs: 0,
    isNew: false,
  });
  const state = {
    producers: new ProducerState(),
    epochs: new LeaderEpochs(),
    recoveryPoint: 0,
    indexIntervalBytes,
  };
  const { endPosition } = recoverSegment(segment, sizeInBytes, state);
  assert.equal(endPosition, sizeInBytes, name);
  segment.forceTimeIndexEntry();
  segment.saveIndexes();
}
