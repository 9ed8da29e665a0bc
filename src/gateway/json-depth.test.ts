import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../test/support/properties.ts';
import { isNestedDeeper } from './json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the depth of JSON', () => {
  it('is that of its objects and arrays, whatever its strings hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(7), (value, depthMax) => {
        assert.equal(isNestedDeeper(JSON.stringify(value), depthMax), depthOf(value) > depthMax);
      }),
    );
    assert.equal(isNestedDeeper(JSON.stringify({ a: '[[[[{{{{\\"[[' }), 1), false);
  });

  it('is told of hostile input, whole or not', () => {
    assert.equal(isNestedDeeper('['.repeat(1_000_000), 64), true);
    assert.equal(isNestedDeeper(']'.repeat(1000), 64), false);
    assert.equal(isNestedDeeper('"', 0), false);
  });
});
