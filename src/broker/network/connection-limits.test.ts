import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionLimits } from './connection-limits.ts';

const UNLIMITED = Number.POSITIVE_INFINITY;

function setUp(limits: {
  all?: number;
  rate?: number;
  perAddress?: number;
  perListener?: Record<string, number>;
  listeners?: string[];
}) {
  const reports: string[] = [];
  const all = { connections: limits.all ?? UNLIMITED, creationRate: limits.rate ?? UNLIMITED };
  const of = new ConnectionLimits({
    listenerNames: new Set(limits.listeners ?? ['OPEN']),
    interBrokerListener: 'BROKERS',
    values: {
      all,
      perListener: name => ({ ...all, connections: limits.perListener?.[name] ?? all.connections }),
      perAddress: address => (address === '10.0.0.9' ? 1 : (limits.perAddress ?? UNLIMITED)),
    },
    windows: { count: 11, sizeMs: 1000 },
    report: message => reports.push(message),
  });
  return { of, all, reports };
}

test('one address may take only so many places, and gets them back', () => {
  const { of, reports } = setUp({ perAddress: 2 });
  const taken = ['a', 'a', 'a', 'b'].map(address => of.take('OPEN', address));
  assert.deepEqual(taken, [true, true, false, true]);
  assert.equal(of.take('OPEN', 'a'), false);
  assert.equal(reports.length, 1, 'said once');
  assert.match(reports[0] ?? '', /from a: max\.connections\.per\.ip=2 is reached/);
  of.release('OPEN', 'a');
  assert.equal(of.take('OPEN', 'a'), true);
});

test('an address is the same one by IPv4 and by a dual-stack socket', () => {
  const { of } = setUp({});
  assert.deepEqual([of.take('OPEN', '10.0.0.9'), of.take('OPEN', '::ffff:10.0.0.9')], [true, false]);
});

test('all together may be only so many, and the limit may change', () => {
  const { of, all, reports } = setUp({ all: 2 });
  for (const address of ['a', 'b']) assert.ok(of.hasRoom('OPEN') && of.take('OPEN', address));
  assert.equal(of.hasRoom('OPEN'), false);
  assert.match(reports[0] ?? '', /listener OPEN wait: max\.connections=2/);
  all.connections = 3;
  assert.equal(of.hasRoom('OPEN'), true);
  all.connections = 1;
  assert.equal(of.isExceeded, true);
  of.release('OPEN', 'a');
  assert.equal(of.isExceeded, false);
});

test('the listener between brokers has its own limit, and not the one over all', () => {
  const { of } = setUp({ all: 1, listeners: ['OPEN', 'BROKERS'] });
  of.take('OPEN', 'a');
  assert.deepEqual([of.hasRoom('OPEN'), of.hasRoom('BROKERS')], [false, true]);
  of.take('BROKERS', 'b');
  assert.equal(of.hasRoom('BROKERS'), false, 'as many as a listener may have');
  assert.equal(of.isExceeded, true);
});

test('a listener that is the only one is not protected, whatever it is for', () => {
  const { of } = setUp({ all: 1, listeners: ['BROKERS'] });
  of.take('BROKERS', 'a');
  assert.equal(of.hasRoom('BROKERS'), false);
});

test('a listener may have less than all together', () => {
  const { of } = setUp({ perListener: { OPEN: 1 }, listeners: ['OPEN', 'OTHER'] });
  of.take('OPEN', 'a');
  assert.deepEqual([of.hasRoom('OPEN'), of.hasRoom('OTHER')], [false, true]);
});

test('connections that come too fast wait until the rate is right', () => {
  const { of } = setUp({ rate: 1 });
  // Ten whole windows are measured at the start: ten connections are one a second.
  for (let count = 0; count < 10; count += 1) assert.equal(of.throttleMs('OPEN', 0), 0);
  assert.equal(of.throttleMs('OPEN', 0), 1000);
  of.unrecord('OPEN', 0);
  assert.equal(of.throttleMs('OPEN', 0), 1000, 'one that was refused does not count');
});
