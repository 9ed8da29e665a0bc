import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addressOf,
  formatStart,
  parsePartitions,
  parseStart,
  readMessagesSearch,
} from './messages-search.ts';

describe('address of the message page', () => {
  it('keeps what is valid', () => {
    const raw = {
      partitions: '2,0,2',
      from: 'oldest',
      live: 'true',
      partition: '1',
      offset: '9223372036854775807',
    };
    const search = readMessagesSearch(raw);
    assert.deepEqual(search, { ...raw, partitions: '0,2' });
    assert.deepEqual(addressOf(search), { partition: 1, offset: '9223372036854775807' });
  });

  it('drops what is not', () => {
    const raw = {
      partitions: 'a,-1',
      from: 'yesterday',
      live: 'yes',
      partition: '1',
      offset: 'x',
      other: '1',
    };
    assert.deepEqual(readMessagesSearch(raw), {});
    assert.equal(addressOf({ partition: '1' }), null);
  });

  it('reads start points and writes them back', () => {
    const starts = [undefined, 'oldest', '42', '2026-11-24T14:00:00.000Z'];
    assert.deepEqual(
      starts.map(text => parseStart(text).kind),
      ['newest', 'oldest', 'offset', 'timestamp'],
    );
    assert.deepEqual(
      starts.map(text => formatStart(parseStart(text))),
      starts,
    );
  });

  it('sorts partitions and names each once', () => {
    assert.deepEqual(parsePartitions('3,1,,x,1'), [1, 3]);
    assert.deepEqual(parsePartitions(undefined), []);
  });
});
