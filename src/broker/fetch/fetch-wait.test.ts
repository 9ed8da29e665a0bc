import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualTime } from '../runtime/clock.ts';
import { FetchWait } from './fetch-wait.ts';

function setUp() {
  const time = new ManualTime();
  const abort = new AbortController();
  const log = { listeners: new Set<() => void>(), onAdvance };
  const calls: string[] = [];
  let isEnough = false;
  let thrown: unknown = null;
  function onAdvance(listener: () => void): () => void {
    log.listeners.add(listener);
    return () => log.listeners.delete(listener);
  }
  const begin = () =>
    new FetchWait({
      logs: [log],
      maxWaitMs: 500,
      timers: time,
      signal: abort.signal,
      look: () => {
        if (thrown !== null) throw thrown;
        calls.push('look');
        return isEnough;
      },
      expired: () => calls.push('expired'),
      failed: error => calls.push(`failed: ${(error as Error).message}`),
    });
  const advance = async () => {
    for (const listener of [...log.listeners]) listener();
    await new Promise(resolve => process.nextTick(resolve));
  };
  return {
    time,
    abort,
    log,
    calls,
    begin,
    advance,
    enough: () => {
      isEnough = true;
    },
    throwing: (error: unknown) => {
      thrown = error;
    },
  };
}

test('it looks when a log advanced, without a clock, and ends when there is enough', async () => {
  const { log, calls, begin, advance, enough, time } = setUp();
  begin();
  await advance();
  assert.deepEqual(calls, ['look']);
  enough();
  await advance();
  assert.deepEqual(calls, ['look', 'look']);
  assert.equal(log.listeners.size, 0);
  time.advance(1_000);
  assert.deepEqual(calls, ['look', 'look']);
});

test('several advances of one turn are one look', async () => {
  const { log, calls, begin, advance } = setUp();
  begin();
  for (const listener of [...log.listeners]) listener();
  for (const listener of [...log.listeners]) listener();
  await advance();
  assert.deepEqual(calls, ['look']);
});

test('its time ends it, and so does a peer that went away', async () => {
  const late = setUp();
  late.begin();
  late.time.advance(499);
  assert.deepEqual(late.calls, []);
  late.time.advance(1);
  assert.deepEqual(late.calls, ['expired']);
  assert.equal(late.log.listeners.size, 0);

  const gone = setUp();
  gone.begin();
  gone.abort.abort();
  assert.deepEqual(gone.calls, ['expired']);
  assert.equal(gone.log.listeners.size, 0);
  gone.time.advance(1_000);
  assert.deepEqual(gone.calls, ['expired']);
});

test('an error ends it and reaches its owner', async () => {
  const { log, calls, begin, advance, throwing } = setUp();
  begin();
  throwing(new Error('no log'));
  await advance();
  assert.deepEqual(calls, ['failed: no log']);
  assert.equal(log.listeners.size, 0);
});
