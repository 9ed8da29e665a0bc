// The table of hostile inputs is complete, and the inputs that no other test sends.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KafkaNetwork } from '../../src/broker/network/kafka-network.ts';
import { ManualTime } from '../../src/broker/runtime/clock.ts';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { InitProducerId } from '../../src/protocol/messages/apis/init-producer-id.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import { decodeResponse, encodeRequest } from '../support/raw-connection.ts';
import { openTestBroker } from '../support/test-broker.ts';
import { openTestNetwork } from '../support/test-network.ts';
import { HOSTILE_ROWS } from './rows.ts';

const root = new URL('../../', import.meta.url);
const CLIENT = { clientSoftwareName: '', clientSoftwareVersion: '' };

for (const { input, tests } of HOSTILE_ROWS) {
  test(`${input}: is tested`, () => {
    assert.ok(tests.length > 0);
    for (const [file, words] of tests) {
      assert.ok(readFileSync(new URL(file, root), 'utf8').includes(words), `${file} has no "${words}"`);
    }
  });
}

test('a frame that drips without end is silence', async context => {
  const time = new ManualTime();
  const { network, connect } = await openTestNetwork(context, [], {
    clock: time,
    timers: time,
    connectionsMaxIdleMs: 60_000,
  });
  const connection = await connect();
  connection.write(Buffer.from('05f5e100', 'hex'));
  while (network.connectionCount === 0) await turn();
  for (let second = 0; second < 130 && !connection.isClosed; second += 10) {
    connection.write(Buffer.from([0]));
    for (let count = 0; count < 5; count += 1) await turn();
    time.advance(10_000);
  }
  await connection.closed();
  assert.ok(network instanceof KafkaNetwork);
});

test('a peer that never reads is closed when its time is over', async context => {
  const time = new ManualTime();
  const broker = await openTestBroker(context, { time, properties: { 'connections.max.idle.ms': '60000' } });
  const connection = await broker.connect();
  connection.socket.pause();
  let sent = 0;
  const isHeldBack = () => connection.socket.writableLength > 256 * 1024;
  while (!isHeldBack() && sent < 500_000) {
    for (let count = 0; count < 500; count += 1, sent += 1) connection.send(ApiVersions, 0, CLIENT);
    await turn();
  }
  assert.ok(isHeldBack(), 'the broker stopped reading');
  for (let minute = 0; minute < 5; minute += 1) {
    time.advance(60_000);
    for (let count = 0; count < 20; count += 1) await turn();
  }
  connection.socket.resume();
  await connection.closed();
});

test('bytes behind the body are ignored', async context => {
  const broker = await openTestBroker(context);
  const connection = await broker.connect();
  const header = { version: 0, correlationId: 1, clientId: 'raw' };
  const frame = Buffer.concat([encodeRequest(ApiVersions, header, CLIENT), Buffer.from('more')]);
  frame.writeInt32BE(frame.length - 4, 0);
  connection.write(frame);
  assert.equal(decodeResponse(ApiVersions, 0, await connection.frame()).errorCode, 0);
});

const topic = (name: string, fields: { numPartitions?: number; replicationFactor?: number } = {}) => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...fields,
});

test('topic names that are paths, or none, are refused', async context => {
  const broker = await openTestBroker(context);
  const connection = await broker.connect();
  const names = ['', '.', '..', '../up', 'a/b', 'a\0b', 'x'.repeat(250), 'ü', 'a b'];
  const { topics } = await connection.request(CreateTopics, 7, {
    topics: names.map(name => topic(name)),
    timeoutMs: 1000,
    validateOnly: false,
  });
  assert.deepEqual(new Set(topics.map(({ errorCode }) => errorCode)), new Set([17]));
  assert.equal(topics.length, names.length);
});

test('topics that cannot be made', async context => {
  const broker = await openTestBroker(context);
  const connection = await broker.connect();
  const { topics } = await connection.request(CreateTopics, 7, {
    topics: [
      topic('twice'),
      topic('twice'),
      topic('none', { numPartitions: 0 }),
      topic('less', { numPartitions: -2 }),
      topic('copies', { replicationFactor: 2 }),
    ],
    timeoutMs: 1000,
    validateOnly: false,
  });
  const codes = Object.fromEntries(topics.map(({ name, errorCode }) => [name, errorCode]));
  assert.deepEqual(codes, { twice: 42, none: 37, less: 37, copies: 38 });
  const many = await connection.request(CreateTopics, 7, {
    topics: [topic('many', { numPartitions: 2 ** 31 - 1 })],
    timeoutMs: 1000,
    validateOnly: false,
  });
  assert.equal(many.topics[0]?.errorCode, 44);
});

test('Metadata by a null name in a version without ids', async context => {
  const broker = await openTestBroker(context);
  const connection = await broker.connect();
  const { topics } = await connection.request(Metadata, 11, {
    topics: [{ name: null }],
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
  assert.equal(topics[0]?.errorCode, 42);
});

test('producers that cannot be', async context => {
  const broker = await openTestBroker(context);
  const connection = await broker.connect();
  const init = async (fields: {
    transactionalId: string | null;
    timeout?: number;
    id?: bigint;
    epoch?: number;
  }) => {
    const { errorCode } = await connection.request(InitProducerId, 4, {
      transactionalId: fields.transactionalId,
      transactionTimeoutMs: fields.timeout ?? 60_000,
      producerId: fields.id ?? -1n,
      producerEpoch: fields.epoch ?? -1,
    });
    return errorCode;
  };
  assert.equal(await init({ transactionalId: 't', timeout: 900_001 }), 50);
  assert.equal(await init({ transactionalId: '' }), 42);
  assert.equal(await init({ transactionalId: 't', id: 1n }), 42);
  assert.equal(await init({ transactionalId: 't', epoch: 1 }), 42);
});

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
