import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moveIndex } from './grid-keys.ts';

const move = (key: string, index: number) => moveIndex({ key, index, count: 10, pageRows: 4 });

describe('keys of a grid', () => {
  it('move by one and stay inside', () => {
    assert.deepEqual([move('ArrowDown', -1), move('ArrowDown', 0), move('ArrowDown', 9)], [0, 1, 9]);
    assert.deepEqual([move('ArrowUp', -1), move('ArrowUp', 5), move('ArrowUp', 0)], [0, 4, 0]);
  });

  it('move by page and to the ends', () => {
    assert.deepEqual(
      [move('PageDown', 0), move('PageDown', 8), move('PageUp', 8), move('PageUp', 1)],
      [4, 9, 4, 0],
    );
    assert.deepEqual([move('Home', 5), move('End', 5)], [0, 9]);
  });

  it('do nothing otherwise', () => {
    assert.equal(move('a', 3), null);
    assert.equal(moveIndex({ key: 'ArrowDown', index: -1, count: 0, pageRows: 4 }), null);
  });
});
