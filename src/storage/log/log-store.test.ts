import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTextFile } from '../fs/whole-file.ts';
import { batchOf, Harness, readAll, TOPIC_ID, textOf } from '../test-support/harness.ts';
import { DEFAULT_LOG_SETTINGS } from './log-settings.ts';
import type { PartitionLog } from './partition-log.ts';

const OTHER_ID = 'e4ddfbd7447d4eddba8c10';

function append(log: PartitionLog, value: string): void {
  assert.equal(
    log.append(batchOf({ values: [value] }), { leaderEpoch: 0, origin: 'client' }).kind,
    'appended',
  );
}

function directories(harness: Harness): string[] {
  const names = harness.fileSystem
    .list('/data')
    .flatMap(({ name, kind }) => (kind === 'directory' ? [name] : []));
  return names.map(name => name.replace(/[0-9a-f]{32}/, 'UUID')).sort();
}

function ensure(harness: Harness, topicId: string, lazy = false): PartitionLog {
  return harness.store.ensure({ topic: 'a', partition: 0, topicId, settings: DEFAULT_LOG_SETTINGS, lazy });
}

describe('a store', () => {
  it('makes a lazy directory with the first batch, another at once', () => {
    const harness = new Harness();
    const lazy = ensure(harness, TOPIC_ID, true);
    assert.deepEqual([directories(harness), lazy.isOnDisk], [[], false]);
    append(lazy, 'x');
    assert.deepEqual(directories(harness), ['a-0']);
    harness.log({}, 'b', 3);
    assert.deepEqual(directories(harness), ['a-0', 'b-3']);
    assert.equal(
      readTextFile(harness.fileSystem, '/data/b-3/partition.metadata'),
      `version: 0\ntopic_id: ${TOPIC_ID}`,
    );
  });

  it('finds a lazy partition again, and forgets one that was never written', async () => {
    const first = new Harness();
    ensure(first, TOPIC_ID, true);
    const second = await first.restart();
    assert.equal(second.store.get({ topic: 'a', partition: 0 }), undefined);
    append(ensure(second, TOPIC_ID, true), 'x');
    second.settle();
    const third = await second.restart();
    assert.equal(third.store.get({ topic: 'a', partition: 0 })?.logEndOffset, 1);
  });

  it('gives a topic that was deleted and made again an empty log, and the old one reads nothing of it', async () => {
    const harness = new Harness();
    const old = ensure(harness, TOPIC_ID);
    append(old, 'old');
    harness.settle();
    const answers: (string | undefined)[] = [];
    append(old, 'never synced');
    old.whenDurable(2, error => answers.push(error?.errorName));
    harness.turn();
    harness.store.delete({ topic: 'a', partition: 0 });
    assert.deepEqual(answers, ['KAFKA_STORAGE_ERROR']);
    const fresh = ensure(harness, OTHER_ID);
    append(fresh, 'new');
    harness.settle();
    assert.deepEqual(directories(harness), ['a-0', 'a-0.UUID-delete']);
    assert.deepEqual(old.read({ offset: 0, maxBytes: 1, isolation: 'log_end', atLeastOneBatch: true }), {
      error: 'KAFKA_STORAGE_ERROR',
    });
    assert.deepEqual(readAll(fresh).map(textOf), ['new']);
    assert.deepEqual(harness.reports, []);
    harness.passTime(60_000);
    assert.deepEqual(directories(harness), ['a-0']);
    const again = await harness.restart();
    assert.deepEqual(readAll(again.store.get({ topic: 'a', partition: 0 })!).map(textOf), ['new']);
  });

  it('leaves an index beside every segment that Apache Kafka will look at: set aside, or below a recovery point', () => {
    const harness = new Harness();
    const log = ensure(harness, TOPIC_ID);
    for (const value of ['x', 'y']) append(log, value);
    harness.settle();
    const hasIndex = (directory: string): boolean =>
      harness.fileSystem.stat(`/data/${directory}/00000000000000000000.index`) !== null;
    harness.store.writeCheckpoints();
    assert.equal(hasIndex('a-0'), true);
    append(harness.log({}, 'b', 0), 'y');
    harness.settle();
    harness.store.delete({ topic: 'b', partition: 0 });
    const aside = harness.fileSystem.list('/data').find(({ name }) => name.endsWith('-delete'));
    assert.equal(hasIndex(aside!.name), true);
  });

  it('does not take the checkpoints of a deleted log for those of its successor', async () => {
    const harness = new Harness();
    const old = ensure(harness, TOPIC_ID);
    for (const value of ['a', 'b', 'c', 'd']) append(old, value);
    harness.settle();
    assert.equal(old.deleteRecordsBefore(3).error, null);
    harness.store.writeCheckpoints();
    harness.store.delete({ topic: 'a', partition: 0 });
    append(ensure(harness, OTHER_ID, true), 'new');
    harness.settle();
    await harness.close(false);
    const again = new Harness({ fileSystem: harness.fileSystem, nowMs: harness.nowMs });
    assert.deepEqual(readAll(again.store.get({ topic: 'a', partition: 0 })!).map(textOf), ['new']);
    assert.deepEqual(again.reports, []);
  });

  it('removes what a stop left in deletion', async () => {
    const first = new Harness();
    append(ensure(first, TOPIC_ID), 'x');
    first.settle();
    first.store.delete({ topic: 'a', partition: 0 });
    const second = await first.restart();
    assert.deepEqual(directories(second), ['a-0.UUID-delete']);
    second.passTime(60_000);
    assert.deepEqual(directories(second), []);
  });

  it('sets aside what belongs to no topic, by id, and says so', () => {
    const harness = new Harness();
    harness.store.metadataLog();
    append(ensure(harness, TOPIC_ID), 'x');
    harness.log({}, 'b');
    harness.settle();
    harness.store.reconcile(new Set([OTHER_ID]));
    assert.deepEqual(directories(harness), ['__cluster_metadata-0', 'a-0.UUID-stray', 'b-0.UUID-stray']);
    assert.equal(harness.reports.filter(({ message }) => message.includes('belongs to no topic')).length, 2);
  });

  it('sets aside a directory of the same name with another id', () => {
    const harness = new Harness();
    append(ensure(harness, TOPIC_ID), 'x');
    harness.settle();
    assert.equal(ensure(harness, OTHER_ID).logEndOffset, 0);
    assert.deepEqual(directories(harness), ['a-0', 'a-0.UUID-stray']);
  });

  it('keeps few files open however many partitions are used', () => {
    const harness = new Harness({ openFilesMax: 10 });
    const logs = Array.from({ length: 40 }, (_, partition) => harness.log({}, 'many', partition));
    for (let round = 0; round < 3; round++) {
      for (const [index, log] of logs.entries()) append(log, `${round} ${index}`);
      harness.settle();
    }
    for (const [index, log] of logs.entries()) {
      assert.deepEqual(readAll(log, { maxBytes: 10 }).map(textOf), [
        `0 ${index}`,
        `1 ${index}`,
        `2 ${index}`,
      ]);
    }
    assert.ok(harness.fileSystem.openFilesPeak <= 14, `${harness.fileSystem.openFilesPeak} open at once`);
  });

  it('makes a partition later when the disk is full now', () => {
    const harness = new Harness();
    harness.fileSystem.failOn({ operation: 'mkdir', code: 'ENOSPC', path: 'a-0' });
    const log = ensure(harness, TOPIC_ID);
    assert.equal(log.isOnDisk, false);
    append(log, 'x');
    harness.settle();
    assert.equal(log.highWatermark, 1);
  });

  it('writes its checkpoints every minute, and only what changed', () => {
    const harness = new Harness();
    const log = harness.log();
    append(log, 'x');
    harness.settle();
    harness.passTime(60_000);
    assert.match(readTextFile(harness.fileSystem, '/data/replication-offset-checkpoint')!, /a 0 1/);
    const before = harness.fileSystem.operations;
    harness.passTime(60_000);
    assert.equal(harness.fileSystem.operations, before);
  });

  it('keeps the log start that was answered, through a crash', () => {
    const harness = new Harness();
    const log = harness.log();
    for (let index = 0; index < 5; index++) append(log, `${index}`);
    harness.settle();
    assert.deepEqual(log.deleteRecordsBefore(6), { error: 'OFFSET_OUT_OF_RANGE' });
    assert.deepEqual(log.deleteRecordsBefore(-1), { error: null, logStartOffset: 5 });
    assert.deepEqual(log.deleteRecordsBefore(2), { error: null, logStartOffset: 5 });
    for (let seed = 0; seed < 20; seed++) {
      const again = new Harness({ fileSystem: harness.fileSystem.crash({ seed }) });
      assert.equal(again.log().logStartOffset, 5);
    }
  });
});
