import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KafkaRecord } from '../../lib/api/types.ts';
import { TAIL_ROWS_MAX, TailStore } from './tail-store.ts';

const record = (offset: number) => ({ partition: 0, offset: String(offset) }) as KafkaRecord;
const records = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => record(from + index));

function openStore() {
  const due: (() => void)[] = [];
  const store = new TailStore(act => due.push(act));
  let source:
    | { onOpen(): void; onRecords(records: readonly KafkaRecord[]): void; signal: AbortSignal }
    | undefined;
  let fail: (error: unknown) => void = () => {};
  store.open(options => {
    source = options;
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  const tick = () => {
    for (const act of due.splice(0)) act();
  };
  return { store, source: source!, tick, fail: (error: unknown) => fail(error), due };
}

const offsets = (store: TailStore) => store.getSnapshot().rows.map(row => Number(row.offset));

describe('live tail', () => {
  it('shows the newest first, at the next tick and not at every event', () => {
    const { store, source, tick, due } = openStore();
    source.onOpen();
    source.onRecords(records(0, 2));
    source.onRecords(records(2, 1));
    assert.deepEqual([store.getSnapshot().status, offsets(store), due.length], ['open', [], 1]);
    tick();
    assert.deepEqual(offsets(store), [2, 1, 0]);
    assert.equal(store.getSnapshot().received, 3);
  });

  it('keeps counting and collecting while paused', () => {
    const { store, source, tick } = openStore();
    source.onRecords(records(0, 1));
    tick();
    store.pause();
    source.onRecords(records(1, 2));
    tick();
    assert.deepEqual([offsets(store), store.getSnapshot().waiting], [[0], 2]);
    store.resume();
    assert.deepEqual([offsets(store), store.getSnapshot().waiting], [[2, 1, 0], 0]);
  });

  it('shows what had already arrived when paused', () => {
    const { store, source } = openStore();
    source.onRecords(records(0, 2));
    store.pause();
    assert.deepEqual(offsets(store), [1, 0]);
  });

  it('never holds more than its ring', () => {
    const { store, source, tick } = openStore();
    source.onRecords(records(0, TAIL_ROWS_MAX));
    source.onRecords(records(TAIL_ROWS_MAX, 10));
    tick();
    assert.equal(store.getSnapshot().rows.length, TAIL_ROWS_MAX);
    assert.equal(store.getSnapshot().received, TAIL_ROWS_MAX + 10);
    assert.equal(offsets(store).at(-1), 10);
  });

  it('says why the stream failed and keeps the rows', async () => {
    const { store, source, tick, fail } = openStore();
    source.onRecords(records(0, 1));
    tick();
    const changed = new Promise<void>(resolve => store.subscribe(resolve));
    fail(new Error('gone'));
    await changed;
    assert.deepEqual(
      [store.getSnapshot().status, (store.getSnapshot().error as Error).message],
      ['failed', 'gone'],
    );
    assert.deepEqual(offsets(store), [0]);
  });

  it('says that something may be missing after it was opened again', async () => {
    const { store, fail } = openStore();
    const changed = new Promise<void>(resolve => store.subscribe(resolve));
    fail(new Error('gone'));
    await changed;
    let reopened: (() => void) | undefined;
    store.open(({ onOpen }) => {
      reopened = onOpen;
      return new Promise(() => {});
    });
    assert.equal(store.getSnapshot().status, 'failed');
    reopened!();
    const { status, error, interrupted } = store.getSnapshot();
    assert.deepEqual([status, error, interrupted], ['open', null, true]);
  });

  it('takes nothing from a stream it has closed', () => {
    const { store, source, tick } = openStore();
    store.close();
    assert.equal(source.signal.aborted, true);
    source.onRecords(records(0, 1));
    tick();
    assert.deepEqual(offsets(store), []);
  });
});
