// The client against peers that are no broker, or no longer one. It must say so soon, in words, and recover.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { BrokerUnreachableError } from '../../src/client/errors.ts';
import { KafkaClient } from '../../src/client/kafka-client.ts';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';
import { freePort } from '../support/free-port.ts';
import { call } from '../support/gateway.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { startWorkbench } from '../support/workbench.ts';

const CONNECT_TIMEOUT_MS = 300;
/** Where somebody is to answer in time, also on a machine that has much else to do. */
const PATIENT_CONNECT_TIMEOUT_MS = 3_000;

async function withPeer<T>(
  onConnection: (socket: Socket) => void,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

async function failureOf(bootstrapServers: string): Promise<Error> {
  const client = new KafkaClient({
    bootstrapServers,
    clientId: 'test',
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  });
  try {
    await client.cluster();
  } catch (error) {
    return error as Error;
  } finally {
    client.close();
  }
  return assert.fail('it answered');
}

const frameLength = (length: number) =>
  Buffer.from([length >>> 24, length >>> 16, length >>> 8, length].map(byte => byte & 255));

describe('a peer that is no broker', () => {
  const peers: Record<string, (socket: Socket) => void> = {
    'closes at once': socket => socket.destroy(),
    'says nothing': () => {},
    'speaks HTTP': socket => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    'announces two gigabytes': socket => socket.once('data', () => socket.write(frameLength(0x7fffffff))),
    'announces a negative length': socket => socket.once('data', () => socket.write(frameLength(-1))),
    'answers what was not asked': socket =>
      socket.once('data', () => socket.write(Buffer.concat([frameLength(4), Buffer.from('beef')]))),
    'answers in riddles': socket =>
      socket.once('data', () =>
        socket.write(Buffer.concat([frameLength(12), Buffer.alloc(8), Buffer.alloc(4, 0xff)])),
      ),
  };
  for (const [what, onConnection] of Object.entries(peers)) {
    it(`is named when it ${what}`, async () => {
      await withPeer(onConnection, async address => {
        const error = await failureOf(address);
        assert.ok(error instanceof BrokerUnreachableError, error.stack);
        assert.equal(error.outcome, 'not-sent');
        assert.ok(error.message.startsWith(`${address} `), error.message);
      });
    });
  }

  it('does not keep a good one from being found', async () => {
    const broker = await startTestBroker();
    await withPeer(
      () => {},
      async silent => {
        const bootstrapServers = `${silent},127.0.0.1:1,127.0.0.1:${broker.port}`;
        const client = new KafkaClient({
          bootstrapServers,
          clientId: 'test',
          connectTimeoutMs: PATIENT_CONNECT_TIMEOUT_MS,
        });
        assert.equal((await client.cluster()).brokers.length, 1);
        client.close();
      },
    );
    await broker.stop();
  });
});

describe('a broker that was restarted', () => {
  it('is found again by the next request', async () => {
    const fileSystem = new MemoryFileSystem();
    const port = await freePort();
    const properties = { listeners: `PLAINTEXT://127.0.0.1:${port}` };
    let broker = await startTestBroker({ fileSystem, properties });
    const client = new KafkaClient({ bootstrapServers: `127.0.0.1:${port}`, clientId: 'test' });
    const before = await client.cluster();
    await broker.stop();
    await assert.rejects(client.cluster(), BrokerUnreachableError);
    broker = await startTestBroker({ fileSystem, properties });
    assert.equal((await client.cluster()).clusterId, before.clusterId);
    client.close();
    await broker.stop();
  });
});

describe('a workbench in front of a cluster that is not there', async () => {
  const workbench = await startWorkbench({ bootstrapServers: '127.0.0.1:1', port: 'off' });
  after(() => workbench.stop());

  it('serves its console and says what is wrong', async () => {
    const { api, console } = workbench.addresses;
    assert.equal((await call('GET', `${console}/healthz`)).status, 200);
    const ready = await call('GET', `${api}/readyz`);
    assert.equal(ready.status, 503);
    assert.match(ready.body.message, /127\.0\.0\.1:1 refused/);
    const cluster = await call('GET', `${console}/api/v1/cluster`);
    assert.deepEqual([cluster.status, cluster.body.reachable, cluster.body.mode], [200, false, 'external']);
    for (const path of ['/api/v1/topics', '/api/v1/topics/x/records']) {
      const { status, body } = await call('GET', `${console}${path}`);
      assert.equal(status, 503);
      assert.equal(body.error.code, 'BROKER_UNREACHABLE');
    }
    const produced = await call('POST', `${api}/produce`);
    assert.equal(produced.status, 503);
    assert.equal(produced.body.status, 'Error');
  });
});
