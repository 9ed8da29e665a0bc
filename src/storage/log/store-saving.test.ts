// Recovery points that are written because much was appended, not because time passed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTextFile } from '../fs/whole-file.ts';
import { batchOf, Harness, readAll, textOf } from '../test-support/harness.ts';
import type { PartitionLog } from './partition-log.ts';

const CHECKPOINT = '/data/recovery-point-offset-checkpoint';
const UNPOINTED_BYTES_MAX = 2_000;

function append(log: PartitionLog, value = 'x'.repeat(600)): void {
  const outcome = log.append(batchOf({ values: [value, value] }), { leaderEpoch: 0, origin: 'client' });
  assert.equal(outcome.kind, 'appended');
}

/** Of partition `a-0`; null when the file does not name it. */
function recoveryPoint({ fileSystem }: Harness): number | null {
  const entry = /^a 0 (\d+)$/m.exec(readTextFile(fileSystem, CHECKPOINT) ?? '');
  return entry === null ? null : Number(entry[1]);
}

describe('recovery points', () => {
  it('are written when so much was appended, without a timer', () => {
    const harness = new Harness({ unpointedBytesMax: UNPOINTED_BYTES_MAX });
    const log = harness.log();
    append(log);
    harness.settleAll();
    assert.equal(recoveryPoint(harness), null);
    append(log);
    harness.settleAll();
    assert.equal(recoveryPoint(harness), 1, 'what was safe when the write began');
    append(log);
    harness.settleAll();
    assert.equal(recoveryPoint(harness), 1);
    append(log);
    harness.settleAll();
    assert.equal(recoveryPoint(harness), 5);
  });

  it('never lie above what is synced', () => {
    const harness = new Harness({ unpointedBytesMax: 1 });
    const log = harness.log();
    for (let index = 0; index < 8; index++) {
      append(log);
      for (let step = 0; step < 3; step++) {
        harness.turn();
        harness.fileSystem.finishSync(harness.fileSystem.pendingSyncs - 1);
        assert.ok((recoveryPoint(harness) ?? 0) <= log.highWatermark);
      }
    }
    harness.settleAll();
    assert.ok((recoveryPoint(harness) ?? 0) > 0);
  });

  it('of a topic that was deleted meanwhile are not written over those of its successor', () => {
    const harness = new Harness({ unpointedBytesMax: 10_000 });
    const log = harness.log();
    const isWaiting = (): boolean => harness.fileSystem.stat(`${CHECKPOINT}.tmp`) !== null;
    for (let index = 0; index < 20 && !isWaiting(); index++) {
      harness.settleAll();
      append(log);
      harness.turn();
      harness.turn();
    }
    assert.ok(isWaiting() && log.recoveryPoint > 10);
    harness.store.delete({ topic: 'a', partition: 0 });
    append(harness.log(), 'successor');
    harness.settleAll();
    assert.equal(harness.log().logEndOffset, 2);
    assert.ok((recoveryPoint(harness) ?? 0) <= 2);
    const again = new Harness({ fileSystem: harness.fileSystem.crash({ seed: 1 }) });
    assert.deepEqual(readAll(again.log()).map(textOf), ['successor', 'successor']);
  });

  it('that cannot be written are a warning, and appending goes on', () => {
    const harness = new Harness({ unpointedBytesMax: UNPOINTED_BYTES_MAX });
    const log = harness.log();
    harness.fileSystem.failOn({ operation: 'sync', code: 'EIO', path: CHECKPOINT });
    for (let index = 0; index < 4; index++) {
      append(log);
      harness.settleAll();
    }
    assert.deepEqual(
      harness.reports.map(({ level }) => level),
      ['warn'],
    );
    assert.equal(log.highWatermark, 8);
    append(log);
    append(log);
    harness.settleAll();
    assert.ok((recoveryPoint(harness) ?? 0) > 0);
  });
});

describe('a clean stop', () => {
  it('leaves an epoch without a batch to be told again, and keeps one with a batch', async () => {
    const epochsOf = ({ fileSystem }: Harness): string | null =>
      readTextFile(fileSystem, '/data/a-0/leader-epoch-checkpoint');
    const harness = new Harness();
    append(harness.log());
    harness.settleAll();
    harness.log().startLeaderEpoch(5);
    const again = await harness.restart();
    assert.equal(epochsOf(again), '0\n1\n0 0\n');
    again.log().startLeaderEpoch(6);
    const batch = batchOf({ values: ['x'] });
    assert.equal(again.log().append(batch, { leaderEpoch: 6, origin: 'client' }).kind, 'appended');
    again.settleAll();
    assert.equal(epochsOf(await again.restart()), '0\n2\n0 0\n6 2\n');
  });
});
