import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpError } from '../http-error.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('a cursor', () => {
  it('comes back as it went', () => {
    const positions = new Map([
      [0, 0],
      [7, 2 ** 52],
    ]);
    const text = encodeCursor({ direction: 'newest', positions });
    assert.match(text, /^[\w-]+$/);
    assert.deepEqual(decodeCursor(text, 'newest'), positions);
  });

  const forged = {
    'no base64': '!!!',
    'no JSON': Buffer.from('hello').toString('base64url'),
    'another shape': Buffer.from('{"direction":"newest","positions":[["0",-1]]}').toString('base64url'),
    'a fraction': Buffer.from('{"direction":"newest","positions":[[0,1.5]]}').toString('base64url'),
    'the other direction': encodeCursor({ direction: 'oldest', positions: new Map() }),
    'far too much': 'a'.repeat(100_000),
  };
  for (const [what, text] of Object.entries(forged)) {
    it(`is refused when it is ${what}`, () => {
      assert.throws(
        () => decodeCursor(text, 'newest'),
        (error: unknown) => error instanceof HttpError && error.status === 400,
      );
    });
  }
});
