import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTimeInput, timeInputOf } from './time-input.ts';

describe('time input', () => {
  it('is the same moment there and back, to the second', () => {
    for (const zone of ['utc', 'local'] as const) {
      assert.equal(parseTimeInput(timeInputOf('1764000000123', zone), zone), '1764000000000');
    }
    assert.equal(timeInputOf('1764000000123', 'utc'), '2025-11-24T16:00:00');
  });

  it('takes nothing that is no time', () => {
    assert.equal(parseTimeInput('', 'utc'), null);
    assert.equal(parseTimeInput('1850-01-01T00:00:00', 'utc'), null);
  });
});
