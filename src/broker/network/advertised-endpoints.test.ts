import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdvertisedEndpoints } from './advertised-endpoints.ts';

function setUp(host: string) {
  const reports: string[] = [];
  const endpoints = new AdvertisedEndpoints(
    new Map([['PLAINTEXT', { name: 'PLAINTEXT', host, port: 9094 }]]),
    message => reports.push(message),
  );
  const tell = (remoteAddress: string, localAddress = '10.1.2.3') =>
    endpoints.endpointFor({ listenerName: 'PLAINTEXT', localAddress, localPort: 9094, remoteAddress });
  return { reports, tell };
}

test('a client from elsewhere that is told localhost is warned of once, with the way out', () => {
  const { reports, tell } = setUp('localhost');
  assert.deepEqual(tell('::ffff:10.1.2.9', '::ffff:10.1.2.3'), { host: 'localhost', port: 9094 });
  tell('10.1.2.10');
  assert.equal(reports.length, 1);
  assert.match(
    reports[0]!,
    /10\.1\.2\.9 .*localhost:9094.*advertised\.listeners=PLAINTEXT:\/\/10\.1\.2\.3:9094/,
  );
});

test('nobody is warned of who can reach what he is told', () => {
  const local = setUp('localhost');
  local.tell('127.0.0.1', '127.0.0.1');
  local.tell('::1', '::1');
  // The host of a container, through a published port.
  local.tell('172.17.0.1', '172.17.0.2');
  const named = setUp('kafka.example');
  named.tell('10.1.2.9');
  assert.deepEqual([...local.reports, ...named.reports], []);
});
