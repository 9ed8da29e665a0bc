import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { OffsetMap } from './offset-map.ts';

const key = (index: number): Buffer => createHash('md5').update(String(index)).digest();

describe('the offset map', () => {
  it('knows the last offset of each key, and -1 for others, up to the last slot', () => {
    const map = new OffsetMap(100);
    for (let round = 0; round < 3; round++)
      for (let index = 0; index < 100; index++) map.put(key(index), 100 * round + index);
    assert.equal(map.size, 100);
    for (let index = 0; index < 100; index++) assert.equal(map.get(key(index)), 200 + index);
    assert.throws(() => map.put(key(100), 1), /full/);
  });

  it('tells offset 0 from none', () => {
    const map = new OffsetMap(4);
    assert.equal(map.get(key(1)), -1);
    map.put(key(1), 0);
    assert.equal(map.get(key(1)), 0);
    assert.equal(map.get(key(2)), -1);
  });
});
