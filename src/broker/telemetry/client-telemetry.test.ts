// Subscription ids are those that Apache Kafka 4.3.1 gave to the same instances; the rest is its rules of time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorCode } from '../../protocol/errors.ts';
import { ManualTime } from '../runtime/clock.ts';
import { ClientTelemetry, type MetricsSubscription } from './client-telemetry.ts';

const FIRST_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const SECOND_ID = 'AAAAAAAAAAAAAAAAAAAAAg';
const THIRD_ID = 'AAAAAAAAAAAAAAAAAAAAAw';
const INTERVAL_MS = 300_000;

function open(subscriptions: MetricsSubscription[] = []) {
  const time = new ManualTime();
  time.advance(INTERVAL_MS);
  const telemetry = new ClientTelemetry({
    clock: time,
    newUuid: () => THIRD_ID,
    subscriptions: () => subscriptions,
    bytesMax: () => 100,
  });
  const connection = new AbortController();
  const client = { attributes: new Map([['client_id', 'raw']]), closed: connection.signal };
  const subscribe = (id: string) => telemetry.subscribe(id, client);
  const push = (id: string, subscriptionId: number, change: object = {}) =>
    telemetry.push(
      {
        clientInstanceId: id,
        subscriptionId,
        terminating: false,
        compressionType: 0,
        metrics: Buffer.from('m'),
        ...change,
      },
      client,
    );
  return { time, connection, subscribe, push };
}

test('subscription ids are those of Apache Kafka', () => {
  assert.equal(open().subscribe(FIRST_ID).wanted.subscriptionId, -725_132_321);
  const match = new Map([['client_id', 'raw']]);
  const own = { metrics: ['org.apache.kafka.producer.'], intervalMs: 100_000, match };
  assert.equal(open([own]).subscribe(SECOND_ID).wanted.subscriptionId, 119_842_272);
  const foreign = { ...own, match: new Map([['client_id', 'somebody']]) };
  assert.equal(open([foreign]).subscribe(SECOND_ID).wanted.subscriptionId, -725_132_324);
  const all = open([{ ...own, metrics: ['*', 'a.'] }]).subscribe(SECOND_ID).wanted;
  assert.deepEqual([all.subscriptionId, all.metrics], [-405_164_062, ['*']]);
});

test('one without an id gets one', () => {
  assert.equal(open().subscribe('AAAAAAAAAAAAAAAAAAAAAA').clientInstanceId, THIRD_ID);
});

test('a push comes once an interval, or right after a subscription, or as the last', () => {
  const { time, subscribe, push } = open();
  const { subscriptionId } = subscribe(SECOND_ID).wanted;
  time.advance(1);
  assert.equal(push(SECOND_ID, subscriptionId), ErrorCode.NONE);
  assert.equal(push(SECOND_ID, subscriptionId), ErrorCode.THROTTLING_QUOTA_EXCEEDED);
  assert.equal(subscribe(SECOND_ID).errorCode, ErrorCode.THROTTLING_QUOTA_EXCEEDED);
  time.advance(INTERVAL_MS);
  assert.equal(push(SECOND_ID, subscriptionId), ErrorCode.NONE);
  assert.equal(push(SECOND_ID, subscriptionId, { terminating: true }), ErrorCode.NONE);
  time.advance(INTERVAL_MS);
  assert.equal(push(SECOND_ID, subscriptionId), ErrorCode.INVALID_REQUEST);
});

test('what is wrong with a push', () => {
  const pushed = (change: object) => {
    const { subscribe, push } = open();
    return push(SECOND_ID, subscribe(SECOND_ID).wanted.subscriptionId, change);
  };
  assert.equal(pushed({ subscriptionId: 7 }), ErrorCode.UNKNOWN_SUBSCRIPTION_ID);
  assert.equal(pushed({ compressionType: 5 }), ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
  assert.equal(pushed({ metrics: Buffer.alloc(101) }), ErrorCode.TELEMETRY_TOO_LARGE);
  assert.equal(pushed({ clientInstanceId: FIRST_ID }), ErrorCode.INVALID_REQUEST);
});

test('an instance ends with its connection', () => {
  const { connection, subscribe } = open();
  subscribe(SECOND_ID);
  assert.equal(subscribe(SECOND_ID).errorCode, ErrorCode.THROTTLING_QUOTA_EXCEEDED);
  connection.abort();
  assert.equal(subscribe(SECOND_ID).errorCode, ErrorCode.NONE);
});
