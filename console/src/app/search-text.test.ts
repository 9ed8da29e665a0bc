import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSearch, stringifySearch } from './search-text.ts';

describe('search text', () => {
  it('is readable and survives the way there and back', () => {
    const search = { partitions: '0,2', from: '2026-11-24T14:00:00.000Z', q: 'a b&c=ü+' };
    const text = stringifySearch(search);
    assert.equal(text, '?partitions=0,2&from=2026-11-24T14:00:00.000Z&q=a+b%26c%3D%C3%BC%2B');
    assert.deepEqual(parseSearch(text), search);
  });

  it('leaves out what is undefined', () => {
    assert.equal(stringifySearch({ q: undefined }), '');
    assert.deepEqual(parseSearch(''), {});
  });
});
