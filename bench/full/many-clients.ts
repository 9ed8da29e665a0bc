// The clients of bench/full/connections.ts, in a process of their own (each side may have only so many descriptors):
// many-clients.ts port count idle|active topic seconds. Each connection asks for the versions once. Idle ones are then
// silent until the process is ended; active ones each send one record a second for so many seconds. Says "open N" when
// all are there and "acknowledged N" at the end.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { encodeRequest } from '../../test/support/raw-connection.ts';
import { pause } from '../support/api-versions.ts';
import { batchOf, checkProduced, produceFrame } from '../support/producing.ts';

const [port = 0, count = 0] = process.argv.slice(2, 4).map(Number);
const [mode = 'idle', topic = '', seconds = '0'] = process.argv.slice(4);
const AT_ONCE = 100;
const TICK_MS = 10;
const TICKS_A_SECOND = 1_000 / TICK_MS;
const GRACE_MS = 2_000;
const CLIENT = { clientSoftwareName: 'bench', clientSoftwareVersion: '1' };

async function open(): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.write(encodeRequest(ApiVersions, { version: 3, correlationId: 1, clientId: 'many' }, CLIENT));
  await once(socket, 'data');
  socket.on('error', error => fail(`a connection was lost: ${error.message}`));
  socket.on('close', () => fail('the server closed a connection'));
  return socket;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

async function produceOnAll(sockets: readonly Socket[]): Promise<void> {
  const frame = produceFrame(batchOf({ records: 1, recordBytes: 100 }), { topic });
  let acknowledged = 0;
  for (const socket of sockets) {
    // One small record in flight each: its answer is one chunk.
    socket.on('data', chunk => {
      checkProduced(chunk, topic);
      acknowledged += 1;
    });
  }
  const startMs = performance.now();
  const ticks = Number(seconds) * TICKS_A_SECOND;
  for (let tick = 0; tick < ticks; tick += 1) {
    for (let at = tick % TICKS_A_SECOND; at < sockets.length; at += TICKS_A_SECOND) sockets[at]!.write(frame);
    await pause(Math.max(0, startMs + (tick + 1) * TICK_MS - performance.now()));
  }
  await pause(GRACE_MS);
  process.stdout.write(`acknowledged ${acknowledged}\n`);
}

const sockets: Socket[] = [];
while (sockets.length < count) {
  const some = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, open);
  sockets.push(...(await Promise.all(some)));
}
process.stdout.write(`open ${sockets.length}\n`);
if (mode === 'active') {
  await produceOnAll(sockets);
  process.exit(0);
}
