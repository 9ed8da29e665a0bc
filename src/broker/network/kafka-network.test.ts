import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { RawConnection } from '../../../test/support/raw-connection.ts';
import type { BrokerNode } from '../node.ts';
import { ManualTime, systemClock, systemTimers } from '../runtime/clock.ts';
import { EventHub } from '../runtime/event-hub.ts';
import { AdvertisedEndpoints } from './advertised-endpoints.ts';
import { Dispatcher } from './dispatch.ts';
import { KafkaNetwork, type KafkaNetworkOptions } from './kafka-network.ts';
import { ListenError } from './listener.ts';
import { parseListenerSettings } from './listener-settings.ts';

const hasIPv6 = Object.values(networkInterfaces()).some(addresses =>
  addresses?.some(({ address }) => address === '::1'),
);

function options(listeners: string, more: Partial<KafkaNetworkOptions> = {}): KafkaNetworkOptions {
  const report = () => {};
  return {
    listeners: parseListenerSettings({
      listeners,
      securityProtocolMap: 'PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT',
    }).listeners,
    dispatcher: new Dispatcher({ handlers: [], node: {} as BrokerNode, report }),
    clock: systemClock,
    timers: systemTimers,
    events: new EventHub(),
    report,
    ...more,
  };
}

test('port 0 gives both addresses of a listener the same free port', {
  skip: !hasIPv6 && 'no IPv6',
}, async () => {
  const network = await KafkaNetwork.open(options('PLAINTEXT://127.0.0.1:0,PLAINTEXT://[::1]:0'));
  const [first, second] = network.bound;
  assert.equal(first?.host, '127.0.0.1');
  assert.equal(second?.host, '::1');
  assert.equal(first?.port, second?.port);
  for (const host of ['127.0.0.1', '::1']) (await RawConnection.open(first?.port ?? 0, host)).close();
  await network.close();
});

test('a port in use is a typed error with a way out, and nothing stays open', async () => {
  const occupied = createServer().listen(0, '127.0.0.1');
  await once(occupied, 'listening');
  const { port } = occupied.address() as { port: number };
  const free = await KafkaNetwork.open(options('PLAINTEXT://127.0.0.1:0'));
  const freePort = free.bound[0]?.port ?? 0;
  await free.close();
  const listeners = `INTERNAL://127.0.0.1:${freePort},PLAINTEXT://127.0.0.1:${port}`;
  await assert.rejects(KafkaNetwork.open(options(listeners)), (error: unknown) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.code, 'EADDRINUSE');
    assert.equal(error.port, port);
    assert.match(error.message, /another program listens there already.*choose another port/);
    return true;
  });
  const again = await KafkaNetwork.open(options(`PLAINTEXT://127.0.0.1:${freePort}`));
  await again.close();
  occupied.close();
});

test('an address this machine does not have is an error', async () => {
  await assert.rejects(KafkaNetwork.open(options('PLAINTEXT://203.0.113.7:0')), ListenError);
});

test('an idle connection is closed, without a timer of its own', async () => {
  const time = new ManualTime();
  const network = await KafkaNetwork.open(
    options('PLAINTEXT://127.0.0.1:0', { clock: time, timers: time, connectionsMaxIdleMs: 60_000 }),
  );
  const connection = await RawConnection.open(network.bound[0]?.port ?? 0);
  while (network.connectionCount === 0) await new Promise(resolve => setImmediate(resolve));
  time.advance(59_000);
  assert.equal(connection.isClosed, false);
  time.advance(1_000);
  await connection.closed();
  await network.close();
});

test('an endpoint is the advertised one, else the address the client came in through', () => {
  const { advertised } = parseListenerSettings({
    listeners: 'INTERNAL://:9095,PLAINTEXT://:9094',
    advertisedListeners: 'INTERNAL://kafka:9095',
    securityProtocolMap: 'INTERNAL:PLAINTEXT',
  });
  const endpoints = new AdvertisedEndpoints(advertised);
  const from = (listenerName: string, localAddress: string) =>
    endpoints.endpointFor({ listenerName, localAddress, localPort: 9094 });
  assert.deepEqual(from('INTERNAL', '10.0.0.1'), { host: 'kafka', port: 9095 });
  assert.deepEqual(from('PLAINTEXT', '::ffff:127.0.0.1'), { host: '127.0.0.1', port: 9094 });
  assert.deepEqual(from('PLAINTEXT', '::1'), { host: '::1', port: 9094 });
});
