// When a sync runs in the loop, and that it promises no less there: acknowledged is durable, a failure is final.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchOf, Harness, readAll, textOf } from '../test-support/harness.ts';
import type { PartitionLog } from './partition-log.ts';

/** Every look at the clock moves it by `stepMs`: a sync, two looks, takes that long. */
function clockOf(disk: { stepMs: number }): () => number {
  let nowMs = 0;
  return () => (nowMs += disk.stepMs);
}

function append(log: PartitionLog, value: string): string[] {
  const answers: string[] = [];
  const outcome = log.append(batchOf({ values: [value] }), { leaderEpoch: 0, origin: 'client' });
  assert.equal(outcome.kind, 'appended');
  log.whenDurable(log.logEndOffset, error => answers.push(error?.errorName ?? 'durable'));
  return answers;
}

/** A log whose disk has answered quickly for long enough. */
function quickLog(disk = { stepMs: 0.1 }): { harness: Harness; log: PartitionLog } {
  const harness = new Harness({ elapsedMs: clockOf(disk) });
  const log = harness.log();
  for (let index = 0; index < 20; index++) {
    append(log, `warm ${index}`);
    harness.settle();
  }
  return { harness, log };
}

describe('a sync', () => {
  it('of a lone batch on a quick disk ends with the turn', () => {
    const { harness, log } = quickLog();
    const answers = append(log, 'lone');
    assert.deepEqual(answers, []);
    harness.turn();
    assert.deepEqual(answers, ['durable']);
    assert.equal(harness.fileSystem.pendingSyncs, 0);
  });

  it('of several batches runs in the pool', () => {
    const { harness, log } = quickLog();
    const first = append(log, 'first');
    const second = append(log, 'second');
    harness.turn();
    assert.deepEqual([first, second], [[], []]);
    assert.equal(harness.fileSystem.pendingSyncs, 1);
    harness.settle();
    assert.deepEqual([first, second], [['durable'], ['durable']]);
  });

  it('of what arrived while another ran may end with that one', () => {
    const { harness, log } = quickLog();
    append(log, 'first');
    append(log, 'second');
    harness.turn();
    const late = append(log, 'late');
    harness.turn();
    assert.deepEqual(late, []);
    harness.fileSystem.finishSync();
    assert.deepEqual(late, ['durable']);
  });

  it('goes back to the pool after one slow answer, until the disk is quick again', () => {
    const disk = { stepMs: 0.1 };
    const { harness, log } = quickLog(disk);
    disk.stepMs = 5;
    append(log, 'slow');
    harness.turn();
    disk.stepMs = 0.1;
    const answers = append(log, 'after');
    harness.turn();
    assert.deepEqual(answers, []);
    harness.settle();
    assert.deepEqual(answers, ['durable']);
  });

  it('never holds the loop for a disk that is always slow', () => {
    const { harness, log } = quickLog({ stepMs: 5 });
    append(log, 'lone');
    harness.turn();
    assert.equal(harness.fileSystem.pendingSyncs, 1);
  });

  it('that fails in the loop takes the log offline, and acknowledges nothing', () => {
    const { harness, log } = quickLog();
    harness.fileSystem.onOperation = operation => {
      if (operation === 'sync') throw new Error('EIO');
    };
    const answers = append(log, 'lost');
    harness.turn();
    assert.deepEqual(answers, ['KAFKA_STORAGE_ERROR']);
    assert.match(log.offlineReason ?? '', /A sync failed/);
    assert.equal(readAll(log).map(textOf).includes('lost'), false);
  });

  it('that ended with the turn survives any crash', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { harness, log } = quickLog();
      append(log, 'kept');
      harness.turn();
      append(log, 'not acknowledged');
      const again = new Harness({ fileSystem: harness.fileSystem.crash({ seed }) });
      assert.equal(textOf(readAll(again.log())[20]!), 'kept');
    }
  });
});
