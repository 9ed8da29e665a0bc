import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrivedSince } from './arrived-since.ts';

const range = (partition: number, earliest: number, latest: number) => ({
  partition,
  earliest: String(earliest),
  latest: String(latest),
});

describe('arrived since', () => {
  const page = { watermarks: [range(0, 0, 10), range(1, 0, 5)] };

  it('counts what is above the page, in the chosen partitions', () => {
    const topic = { partitions: [range(0, 0, 13), range(1, 0, 6)] };
    assert.equal(arrivedSince({ page, topic, partitions: [] }), 4n);
    assert.equal(arrivedSince({ page, topic, partitions: [1] }), 1n);
  });

  it('counts a partition that is new', () => {
    const topic = { partitions: [range(0, 0, 10), range(1, 0, 5), range(2, 3, 7)] };
    assert.equal(arrivedSince({ page, topic, partitions: [] }), 4n);
  });

  it('is never negative: the page can be newer than the topic', () => {
    assert.equal(
      arrivedSince({ page, topic: { partitions: [range(0, 0, 8), range(1, 0, 6)] }, partitions: [] }),
      1n,
    );
    assert.equal(
      arrivedSince({ page: undefined, topic: { partitions: [range(0, 0, 8)] }, partitions: [] }),
      0n,
    );
  });
});
