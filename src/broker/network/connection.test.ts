import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { decodeResponse, encodeRequest, type RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestNetwork } from '../../../test/support/test-network.ts';
import type { BrokerEvent } from '../../events.ts';
import { Heartbeat } from '../../protocol/messages/apis/heartbeat.ts';
import { Produce } from '../../protocol/messages/apis/produce.ts';
import { SyncGroup } from '../../protocol/messages/apis/sync-group.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { handler, type Outcome } from '../handlers/handler.ts';
import { Deferred } from '../runtime/deferred.ts';

type Waiting = Deferred<Outcome<ResponseDraft<typeof Produce>>>;

/** Produce waits until told; Heartbeat answers at once with its generation; SyncGroup echoes bytes. */
async function setUp(context: TestContext, options: Parameters<typeof openTestNetwork>[2] = {}) {
  const begun: string[] = [];
  const produces: Waiting[] = [];
  const produce = handler(
    Produce,
    { versions: '3-13', acl: { none: 'a test' }, pipelined: true, failed: () => ({ responses: [] }) },
    request => {
      begun.push(`produce ${request.timeoutMs}`);
      const waiting: Waiting = new Deferred();
      produces.push(waiting);
      return waiting;
    },
  );
  const heartbeat = handler(
    Heartbeat,
    { versions: '0-4', acl: { none: 'a test' }, failed: (_request, errorCode) => ({ errorCode }) },
    request => {
      begun.push(`heartbeat ${request.generationId}`);
      if (request.memberId === 'throws') throw new Error('on purpose');
      return { errorCode: request.generationId };
    },
  );
  const sync = handler(
    SyncGroup,
    {
      versions: '0-5',
      acl: { none: 'a test' },
      failed: (_request, errorCode) => ({ errorCode, assignment: Buffer.alloc(0) }),
    },
    request => ({ errorCode: 0, assignment: Buffer.from(request.assignments[0]?.assignment ?? []) }),
  );
  const network = await openTestNetwork(context, [produce, heartbeat, sync], options);
  const connection = await network.connect();
  return { ...network, connection, begun, produces };
}

const sendProduce = (connection: RawConnection, mark: number) =>
  connection.send(Produce, 9, { acks: -1, timeoutMs: mark, topicData: [] });
const sendHeartbeat = (connection: RawConnection, mark: number, memberId = 'member') =>
  connection.send(Heartbeat, 4, { groupId: 'group', generationId: mark, memberId });
const answer = (throttleTimeMs: number) => ({ responses: [] as [], throttleTimeMs });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
}

test('produce requests begin while earlier ones wait, and are answered in their order', async context => {
  const { connection, begun, produces } = await setUp(context);
  const ids = [1, 2, 3].map(mark => sendProduce(connection, mark));
  await until(() => begun.length === 3);
  produces[2]?.complete(answer(3));
  produces[0]?.complete(answer(1));
  const first = await connection.frame();
  assert.equal(first.correlationId, ids[0]);
  assert.equal(connection.pending.length, 0);
  produces[1]?.complete(answer(2));
  const rest = [await connection.frame(), await connection.frame()];
  assert.deepEqual(
    rest.map(frame => [frame.correlationId, decodeResponse(Produce, 9, frame).throttleTimeMs]),
    [
      [ids[1], 2],
      [ids[2], 3],
    ],
  );
});

test('every other request waits for all before it, and nothing overtakes it', async context => {
  const { connection, begun, produces } = await setUp(context);
  sendProduce(connection, 1);
  sendHeartbeat(connection, 2);
  sendProduce(connection, 3);
  await until(() => begun.length === 1);
  produces[0]?.complete(answer(1));
  await until(() => begun.length === 3);
  assert.deepEqual(begun, ['produce 1', 'heartbeat 2', 'produce 3']);
  produces[1]?.complete(answer(3));
  const order = [await connection.frame(), await connection.frame(), await connection.frame()];
  assert.deepEqual(
    order.map(frame => frame.correlationId),
    [1, 2, 3],
  );
});

test('frames split byte by byte, and many in one chunk, are the same requests', async context => {
  const { connection } = await setUp(context);
  const frames = [1, 2].map(correlationId =>
    encodeRequest(
      Heartbeat,
      { version: 4, correlationId, clientId: 'raw' },
      {
        groupId: 'g',
        generationId: correlationId * 10,
        memberId: 'm',
      },
    ),
  );
  for (const byte of Buffer.concat(frames)) {
    connection.write(Buffer.from([byte]));
    await new Promise(resolve => setImmediate(resolve));
  }
  connection.write(Buffer.concat([...frames, ...frames]));
  for (const expected of [1, 2, 1, 2, 1, 2]) {
    const frame = await connection.frame();
    assert.equal(frame.correlationId, expected);
    assert.equal(decodeResponse(Heartbeat, 4, frame).errorCode, expected * 10);
  }
});

test('a queued request keeps its own bytes when the shared buffer is reused', async context => {
  const { connection, begun, produces } = await setUp(context, { reading: { poison: true } });
  const payload = Buffer.alloc(5_000, 'payload');
  sendProduce(connection, 1);
  const body = {
    groupId: 'g',
    generationId: 1,
    memberId: 'm',
    assignments: [{ memberId: 'm', assignment: payload }],
  };
  connection.send(SyncGroup, 3, body);
  connection.send(SyncGroup, 3, body);
  await until(() => begun.length === 1);
  produces[0]?.complete(answer(1));
  await connection.frame();
  for (let index = 0; index < 2; index += 1) {
    const response = decodeResponse(SyncGroup, 3, await connection.frame());
    assert.ok(response.assignment.equals(payload));
  }
});

test('an error of a handler is an answer, told once, and the connection lives on', async context => {
  const { connection, reports } = await setUp(context);
  sendHeartbeat(connection, 1, 'throws');
  sendHeartbeat(connection, 2);
  assert.equal(decodeResponse(Heartbeat, 4, await connection.frame()).errorCode, -1);
  assert.equal(decodeResponse(Heartbeat, 4, await connection.frame()).errorCode, 2);
  assert.equal(reports.length, 1);
  assert.match(reports[0] ?? '', /Heartbeat version 4 of client "raw".*on purpose/s);
});

test('unknown APIs and versions close the connection after what came before is answered', async context => {
  const { connect, reports } = await setUp(context);
  const unknown = await connect();
  sendHeartbeat(unknown, 5);
  unknown.write(Buffer.from('0000000e 03e70000 00000007 0004 6f6c6421'.replaceAll(' ', ''), 'hex'));
  assert.equal(decodeResponse(Heartbeat, 4, await unknown.frame()).errorCode, 5);
  await unknown.closed();
  assert.match(reports[0] ?? '', /client "old!" at .*API key 999 \(version 0\)/);
  const old = await connect();
  old.write(Buffer.from('0000000e 00000002 00000007 0004 6f6c6421'.replaceAll(' ', ''), 'hex'));
  await old.closed();
  assert.match(
    reports[1] ?? '',
    /Produce version 2, but Millrace serves versions 3 to 13\. Use a newer client/,
  );
});

test('frames of length zero, of too much, TLS and HTTP are refused with a guess at what it was', async context => {
  const { connect, reports } = await setUp(context, { frameBytesMax: 1_000_000 });
  for (const [bytes, reason] of [
    ['00000000', /announces 0 bytes/],
    ['ffffffff', /announces -1 bytes/],
    ['000f4241', /at most 1000000/],
    [Buffer.from('GET / HTTP/1.1\r\n').toString('hex'), /HTTP request/],
    ['16030100f8010000f40303', /TLS handshake/],
    ['0000000400120000', /no whole header/],
  ] as const) {
    const connection = await connect();
    connection.write(Buffer.from(bytes, 'hex'));
    await connection.closed();
    assert.match(reports.at(-1) ?? '', reason);
  }
});

test('a body that does not decode closes the connection', async context => {
  const { connection, reports } = await setUp(context);
  connection.write(Buffer.from('0000000e 000c0000 00000001 ffff 7fff 6100'.replaceAll(' ', ''), 'hex'));
  await connection.closed();
  assert.match(reports[0] ?? '', /Heartbeat version 0 request does not decode/);
});

test('only so many requests of a connection are under way; the others wait in order', async context => {
  const { connection, begun, produces } = await setUp(context, { reading: { poison: true } });
  for (let mark = 0; mark < 600; mark += 1) sendProduce(connection, mark);
  await until(() => begun.length === 256);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve));
  assert.equal(begun.length, 256);
  for (let mark = 0; mark < 600; mark += 1) {
    await until(() => produces.length > mark);
    produces[mark]?.complete(answer(mark));
    assert.equal(decodeResponse(Produce, 9, await connection.frame()).throttleTimeMs, mark);
  }
  assert.deepEqual(
    begun,
    Array.from({ length: 600 }, (_, mark) => `produce ${mark}`),
  );
});

test('a peer that does not read its answers is held back, and memory stays bounded', async context => {
  const { connection, network } = await setUp(context);
  const payload = Buffer.alloc(256 * 1024, 1);
  const body = {
    groupId: 'g',
    generationId: 1,
    memberId: 'm',
    assignments: [{ memberId: 'm', assignment: payload }],
  };
  connection.socket.pause();
  let sent = 0;
  while (connection.socket.writableLength < 8 * 1024 * 1024 && sent < 800) {
    connection.send(SyncGroup, 3, body);
    sent += 1;
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.ok(connection.socket.writableLength > 1024 * 1024, 'the broker stopped reading');
  assert.equal(network.connectionCount, 1);
  connection.socket.resume();
  for (let index = 0; index < sent; index += 1) {
    const frame = await connection.frame();
    assert.equal(frame.correlationId, index + 1);
  }
});

test('acks=0: nothing is sent, later requests go on, and an error closes', async context => {
  const { connection, begun, produces } = await setUp(context);
  sendProduce(connection, 1);
  sendHeartbeat(connection, 2);
  await until(() => begun.length === 1);
  produces[0]?.complete(null);
  assert.equal((await connection.frame()).correlationId, 2);
  sendProduce(connection, 3);
  await until(() => produces.length === 2);
  produces[1]?.complete('close');
  await connection.closed();
});

test('observers learn of connections and requests; with none, nothing is made', async context => {
  const { connect, events, connection } = await setUp(context);
  sendHeartbeat(connection, 1);
  await connection.frame();
  const seen: BrokerEvent[] = [];
  const stop = events.listen(event => seen.push(event));
  const other = await connect();
  sendHeartbeat(other, 27);
  await other.frame();
  other.close();
  await until(() => seen.some(event => event.type === 'connection-closed'));
  stop();
  assert.deepEqual(
    seen.map(event => event.type),
    ['connection-opened', 'request-served', 'connection-closed'],
  );
  const served = seen[1];
  assert.ok(served?.type === 'request-served');
  assert.equal(served.apiName, 'Heartbeat');
  assert.equal(served.errorCode, 27);
  assert.equal(served.clientId, 'raw');
  assert.ok(served.requestSizeInBytes > 20 && served.responseSizeInBytes > 8);
});

test('closing answers what is under way first', async context => {
  const { connection, network, begun, produces } = await setUp(context);
  sendProduce(connection, 1);
  await until(() => begun.length === 1);
  const closing = network.close();
  produces[0]?.complete(answer(7));
  assert.equal(decodeResponse(Produce, 9, await connection.frame()).throttleTimeMs, 7);
  await closing;
  await connection.closed();
  assert.equal(network.connectionCount, 0);
});

test('the fallback without the shared buffer behaves the same', async context => {
  const { connection } = await setUp(context, { reading: { shared: false } });
  sendHeartbeat(connection, 4);
  sendHeartbeat(connection, 5);
  for (const expected of [4, 5]) {
    assert.equal(decodeResponse(Heartbeat, 4, await connection.frame()).errorCode, expected);
  }
  connection.socket.end();
  await once(connection.socket, 'close');
});
