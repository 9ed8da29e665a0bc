import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionLimits } from './connection-limits.ts';

function setUp(total: number, perAddress: number) {
  const reports: string[] = [];
  const values = { total, perAddress };
  const limits = new ConnectionLimits({ values: () => values, report: message => reports.push(message) });
  return { limits, values, reports };
}

test('one address may take only so many places, and gets them back', () => {
  const { limits, reports } = setUp(100, 2);
  assert.deepEqual(
    [limits.admit('a'), limits.admit('a'), limits.admit('a'), limits.admit('b')],
    [true, true, false, true],
  );
  assert.equal(limits.admit('a'), false);
  assert.equal(reports.length, 1, 'said once');
  assert.match(reports[0] ?? '', /from a: max\.connections\.per\.ip=2 is reached/);
  limits.release('a');
  assert.equal(limits.admit('a'), true);
});

test('all together may take only so many, and the limit may change', () => {
  const { limits, values, reports } = setUp(2, 100);
  assert.deepEqual([limits.admit('a'), limits.admit('b'), limits.admit('c')], [true, true, false]);
  assert.match(reports[0] ?? '', /max\.connections=2/);
  values.total = 3;
  assert.equal(limits.admit('c'), true);
});
