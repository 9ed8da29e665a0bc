import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJsonNodes, visibleNodes } from '../../lib/json/json-nodes.ts';
import { treeAction } from './json-tree-keys.ts';

const nodes = parseJsonNodes('{"a":[1,2],"b":{"c":3}}')!;

function press(key: string, active: number, closed: readonly number[] = []) {
  const collapsed = new Set(closed);
  return treeAction(key, { nodes, visible: visibleNodes(nodes, collapsed), collapsed, active });
}

describe('keys of the JSON tree', () => {
  it('move line by line and stay inside', () => {
    assert.deepEqual(press('ArrowDown', 0), { kind: 'move', line: 1 });
    assert.deepEqual(press('ArrowUp', 0), { kind: 'move', line: 0 });
    assert.deepEqual(press('End', 0), { kind: 'move', line: 5 });
    assert.deepEqual(press('ArrowDown', 1, [1]), { kind: 'move', line: 2 });
  });

  it('open and close', () => {
    assert.deepEqual(press('ArrowLeft', 1), { kind: 'close', index: 1 });
    assert.deepEqual(press('ArrowRight', 1, [1]), { kind: 'open', index: 1 });
    assert.deepEqual(press('Enter', 1), { kind: 'close', index: 1 });
    assert.equal(press('Enter', 2), null);
  });

  it('go into a node and back to its parent', () => {
    assert.deepEqual(press('ArrowRight', 1), { kind: 'move', line: 2 });
    assert.deepEqual(press('ArrowLeft', 3), { kind: 'move', line: 1 });
    assert.deepEqual(press('ArrowLeft', 5), { kind: 'move', line: 4 });
  });

  it('leave other keys alone', () => {
    assert.equal(press('x', 0), null);
  });
});
