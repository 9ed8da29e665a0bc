import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchesSearch } from './topic-search.ts';

const names = ['orders.created', 'orders.cancelled', 'team-1.service-2.events', 'a+b'];
const found = (search: string) => names.filter(name => matchesSearch(name, search));

describe('topic search', () => {
  it('finds all words in any order, whatever the case', () => {
    assert.deepEqual(found(''), names);
    assert.deepEqual(found('ORDER'), ['orders.created', 'orders.cancelled']);
    assert.deepEqual(found('created ord'), ['orders.created']);
  });

  it('takes * for anything', () => {
    assert.deepEqual(found('team-*.events'), ['team-1.service-2.events']);
    assert.deepEqual(found('*.created'), ['orders.created']);
  });

  it('takes other signs as themselves', () => {
    assert.deepEqual(found('a+b'), ['a+b']);
    assert.deepEqual(found('orders?created*'), []);
  });
});
