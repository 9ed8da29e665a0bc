import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpError } from '../http-error.ts';
import { bytesOf } from './data.ts';

describe('data of a caller', () => {
  it('is text, or bytes in base64, or nothing', () => {
    assert.equal(bytesOf(null), null);
    assert.equal(bytesOf(undefined), null);
    assert.equal(bytesOf('olá')?.toString(), 'olá');
    assert.equal(bytesOf('')?.length, 0);
    assert.equal(bytesOf({ text: 'x' })?.toString(), 'x');
    assert.equal(bytesOf({ base64: '/wA=' })?.toString('hex'), 'ff00');
    assert.equal(bytesOf({ base64: '' })?.length, 0);
  });

  for (const base64 of ['?', 'a', 'ab=c', 'áé', 'a b']) {
    it(`is refused when ${JSON.stringify(base64)} stands for base64`, () => {
      assert.throws(
        () => bytesOf({ base64 }),
        (error: unknown) => error instanceof HttpError && error.status === 400,
      );
    });
  }
});
