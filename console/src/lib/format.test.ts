import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatCount,
  formatDuration,
  formatRelative,
  formatSize,
  formatTimestamp,
  sumRecords,
} from './format.ts';

describe('format', () => {
  it('groups thousands as the language does, without rounding int64', () => {
    assert.equal(formatCount('9223372036854775807', 'en'), '9,223,372,036,854,775,807');
    assert.equal(formatCount('9223372036854775807', 'pt'), '9.223.372.036.854.775.807');
    assert.equal(formatCount(1234, 'en'), '1,234');
    assert.equal(formatCount(1234n, 'pt'), '1.234');
  });

  it('shows sizes in binary units', () => {
    assert.equal(formatSize(0, 'en'), '0 B');
    assert.equal(formatSize(1023, 'en'), '1,023 B');
    assert.equal(formatSize(1536, 'en'), '1.5 KiB');
    assert.equal(formatSize(10 * 1024 * 1024, 'pt'), '10 MiB');
  });

  it('shows timestamps with milliseconds', () => {
    assert.equal(formatTimestamp('1764000000007', 'utc'), '2025-11-24 16:00:00.007');
    assert.equal(formatTimestamp('0', 'utc'), '1970-01-01 00:00:00.000');
  });

  it('shows no date where there is none', () => {
    assert.equal(formatTimestamp('-1', 'utc'), '—');
    assert.equal(formatTimestamp('9223372036854775807', 'utc'), '9223372036854775807');
  });

  it('tells the distance from now', () => {
    const now = 1_764_000_000_000;
    assert.equal(formatRelative(String(now - 3 * 60_000), now, 'en'), '3 minutes ago');
    assert.equal(formatRelative(String(now - 2 * 86_400_000), now, 'pt'), 'anteontem');
    assert.equal(formatRelative(String(now), now, 'en'), 'now');
    assert.equal(formatRelative('-1', now, 'en'), null);
  });

  it('shows durations in the largest unit that fits evenly', () => {
    assert.equal(formatDuration('604800000', 'en'), '7 days');
    assert.equal(formatDuration('604800000', 'pt'), '7 dias');
    assert.equal(formatDuration('5400000', 'en'), '90 minutes');
    assert.equal(formatDuration('1001', 'en'), '1,001 ms');
    assert.equal(formatDuration('0', 'en'), '0 ms');
  });

  it('sums records without rounding', () => {
    const ranges = [
      { earliest: '0', latest: '9007199254740993' },
      { earliest: '5', latest: '6' },
    ];
    assert.equal(sumRecords(ranges), 9007199254740994n);
  });
});
