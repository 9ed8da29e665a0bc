import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualTime } from '../runtime/clock.ts';
import { type IdleCandidate, IdleConnections } from './idle-connections.ts';

function setUp() {
  const time = new ManualTime();
  const connections = new Set<IdleCandidate & { lastActiveMs: number; isWorking: boolean }>();
  const expired: number[] = [];
  let scheduled = 0;
  const timers = {
    schedule: (delayMs: number, callback: () => void) => {
      scheduled += 1;
      return time.schedule(delayMs, callback);
    },
  };
  const idle = new IdleConnections({ connections, idleMs: 10_000, clock: time, timers });
  const add = (name: number) => {
    const connection = {
      lastActiveMs: time.nowMs(),
      isWorking: false,
      expire: () => {
        expired.push(name);
        connections.delete(connection);
      },
    };
    connections.add(connection);
    idle.watch();
    return connection;
  };
  return { time, connections, expired, add, scheduled: () => scheduled };
}

test('a silent connection is closed when its time is over, one that spoke is not', () => {
  const { time, expired, add } = setUp();
  const spoke = add(1);
  time.advance(4_000);
  add(2);
  time.advance(5_000);
  spoke.lastActiveMs = time.nowMs();
  time.advance(1_000);
  assert.deepEqual(expired, []);
  time.advance(4_000);
  assert.deepEqual(expired, [2]);
  time.advance(5_000);
  assert.deepEqual(expired, [2, 1]);
});

test('a connection that waits for its answer is not idle', () => {
  const { time, expired, add } = setUp();
  const working = add(1);
  working.isWorking = true;
  time.advance(60_000);
  assert.deepEqual(expired, []);
  working.isWorking = false;
  time.advance(10_000);
  assert.deepEqual(expired, [1]);
});

test('one timer serves all connections, and none runs when there are none', () => {
  const { time, connections, add, scheduled } = setUp();
  for (let index = 0; index < 500; index += 1) add(index);
  assert.equal(scheduled(), 1);
  time.advance(10_000);
  assert.equal(connections.size, 0);
  assert.equal(scheduled(), 1);
});
