// What the tails of logs and reads held goes back after a quiet moment, and not before; what is still read or not yet
// written stays. Records read the same afterwards.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchOf, Harness, readAll, textOf } from '../test-support/harness.ts';
import { IdleMemory, type IdlePool } from './idle-memory.ts';

const PERIOD_MS = 10_000;
const CLIENT = { leaderEpoch: 0, origin: 'client' } as const;

describe('idle memory', () => {
  it('is asked back after a whole quiet period, again while something is in use, and then no more', () => {
    let due: (() => void) | null = null;
    const timers = {
      schedule: (_: number, callback: () => void) => {
        due = callback;
        return { cancel: () => (due = null) };
      },
    };
    const pass = (): void => {
      const callback = due;
      due = null;
      callback?.();
    };
    const answers = [false, true];
    let asked = 0;
    const pool: IdlePool = { giveBackIdle: () => answers[asked++]! };
    const idle = new IdleMemory(timers);
    assert.equal(due, null, 'no timer without memory');
    idle.used(pool);
    pass();
    assert.equal(asked, 0, 'it was used in this period');
    pass();
    assert.equal(asked, 1);
    pass();
    assert.equal(asked, 2);
    assert.equal(due, null, 'nothing is left');
    idle.used(pool);
    assert.notEqual(due, null);
    idle.stop();
    assert.equal(due, null);
  });

  it('leaves a slice that is being read as it is', () => {
    const harness = new Harness();
    const log = harness.log();
    log.append(batchOf({ values: ['a'] }), CLIENT);
    harness.settle();
    const slice = log.read({ offset: 0, maxBytes: 1_000, isolation: 'log_end', atLeastOneBatch: true });
    assert.ok(slice.error === null);
    const [bytes] = slice.buffers;
    const before = Buffer.from(bytes!);
    for (let period = 0; period < 5; period++) harness.passTime(PERIOD_MS);
    assert.deepEqual(bytes, before, 'lent, and still there');
    slice.release();
    for (let period = 0; period < 5; period++) harness.passTime(PERIOD_MS);
    assert.equal(bytes!.length, 0, 'given back');
  });

  it('changes nothing of what is read, while it is appended to and rests in turn', () => {
    const harness = new Harness();
    const log = harness.log();
    const values: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      values.push(`value-${turn}`);
      log.append(batchOf({ values: [`value-${turn}`] }), CLIENT);
      // Every third rests before its turn has ended: what is not yet written is nowhere else.
      if (turn % 3 !== 0) harness.settle();
      for (let period = 0; period < turn % 4; period++) harness.passTime(PERIOD_MS);
      harness.settleAll();
      assert.deepEqual(readAll(log).map(textOf), values);
    }
  });
});
