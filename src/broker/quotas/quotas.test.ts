import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuotaImage } from '../metadata/image.ts';
import { ManualTime } from '../runtime/clock.ts';
import { AddressRates } from './address-rates.ts';
import { QuotaLimits } from './quota-limits.ts';
import { TokenBucket } from './token-bucket.ts';
import { WindowedRate } from './windowed-rate.ts';

const WINDOWS = { count: 11, sizeMs: 1000 };

function quota(parts: Record<string, string | null>, values: Record<string, number>): QuotaImage {
  const entity = Object.entries(parts).map(([entityType, entityName]) => ({ entityType, entityName }));
  return { entity, values: new Map(Object.entries(values)) } as unknown as QuotaImage;
}

test('a rate is taken over at least all windows but one, and names the wait that brings it back', () => {
  const rate = new WindowedRate(WINDOWS);
  // ClientQuotaManagerTest: 10 windows of 500 B/s pass; 2300 bytes more are 230 B/s too many over ten seconds and a half.
  let nowMs = 1_000_000;
  for (let second = 0; second < 10; second += 1, nowMs += 1000) {
    rate.record(400, nowMs);
    assert.equal(rate.excessMs(500, nowMs), 0);
  }
  nowMs += 500;
  rate.record(2300, nowMs);
  assert.equal(rate.excessMs(500, nowMs), 2100);
});

test('windows in which nothing happened for the whole time are forgotten', () => {
  const rate = new WindowedRate(WINDOWS);
  rate.record(1_000_000, 0);
  assert.ok(rate.excessMs(1000, 0) > 0);
  assert.equal(rate.perSecond(11_000), 0);
});

test('tokens may be overdrawn once, and refill with time up to the burst', () => {
  const bucket = new TokenBucket(WINDOWS);
  assert.equal(bucket.debtMs(2, 1_000_000), 0);
  bucket.take(30, 2, 1_000_000);
  // 22 tokens of burst, 30 taken: 8 are owed, at 2 a second.
  assert.equal(bucket.debtMs(2, 1_000_000), 4000);
  assert.equal(bucket.debtMs(2, 1_003_000), 1000);
  assert.equal(bucket.debtMs(2, 1_004_000), 0);
});

test('the most specific entity limits a client, in the order of Apache Kafka', () => {
  const key = 'producer_byte_rate';
  const entities = [
    quota({ 'client-id': null }, { [key]: 1 }),
    quota({ 'client-id': 'app' }, { [key]: 2 }),
    quota({ user: null }, { [key]: 3 }),
    quota({ user: null, 'client-id': null }, { [key]: 4 }),
    quota({ user: null, 'client-id': 'app' }, { [key]: 5 }),
    quota({ user: 'ann' }, { [key]: 6 }),
    quota({ user: 'ann', 'client-id': null }, { [key]: 7 }),
    quota({ user: 'ann', 'client-id': 'app' }, { [key]: 8 }),
  ];
  for (let count = 1; count <= entities.length; count += 1) {
    const limits = QuotaLimits.of(entities.slice(0, count), key)!;
    assert.equal(limits.limitOf(limits.subjectOf('ann', 'app')), count, `${count} entities`);
  }
  assert.equal(QuotaLimits.of(entities, 'consumer_byte_rate'), undefined);
});

test('who shares a limit is measured together', () => {
  const users = QuotaLimits.of([quota({ user: null }, { k: 1 })], 'k')!;
  assert.deepEqual(users.subjectOf('ann', 'a'), users.subjectOf('ann', 'b'));
  const clients = QuotaLimits.of([quota({ 'client-id': null }, { k: 1 })], 'k')!;
  assert.deepEqual(clients.subjectOf('ann', 'a'), clients.subjectOf('bob', 'a'));
  assert.equal(clients.limitOf(clients.subjectOf('ann', '')), undefined, 'no client id, no limit');
});

test('an address that connects too fast is refused for at most a window, and an address of its own limit by that', () => {
  const time = new ManualTime();
  const rates = new AddressRates(time, WINDOWS);
  assert.equal(rates.refusedForMs('10.0.0.1'), 0);
  rates.change([
    quota({ ip: null }, { connection_creation_rate: 1 }),
    quota({ ip: '10.0.0.2' }, { connection_creation_rate: 1000 }),
  ]);
  const refusals = Array.from({ length: 12 }, () => rates.refusedForMs('10.0.0.1'));
  assert.deepEqual(refusals.slice(0, 10), Array(10).fill(0));
  assert.deepEqual(refusals.slice(10), [1000, 1000]);
  for (let count = 0; count < 100; count += 1) assert.equal(rates.refusedForMs('::ffff:10.0.0.2'), 0);
  time.advance(11_000);
  assert.equal(rates.refusedForMs('10.0.0.1'), 0);
});
