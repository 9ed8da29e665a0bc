import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RingBuffer } from './ring-buffer.ts';

describe('ring buffer', () => {
  it('keeps the newest and counts what it let go', () => {
    const ring = new RingBuffer<number>(3);
    ring.push([1, 2]);
    assert.deepEqual([ring.newestFirst(), ring.dropped], [[2, 1], 0]);
    ring.push([3, 4]);
    assert.deepEqual([ring.newestFirst(), ring.dropped], [[4, 3, 2], 1]);
  });

  it('takes a burst larger than itself', () => {
    const ring = new RingBuffer<number>(2);
    ring.push([1]);
    ring.push([2, 3, 4, 5]);
    assert.deepEqual([ring.newestFirst(), ring.dropped, ring.size], [[5, 4], 3, 2]);
  });

  it('starts anew', () => {
    const ring = new RingBuffer<number>(1);
    ring.push([1, 2]);
    ring.clear();
    assert.deepEqual([ring.newestFirst(), ring.dropped], [[], 0]);
  });
});
