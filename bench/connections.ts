// What idle connections cost: a broker in this process, its clients in another (each side may have only so many file
// descriptors). Prints memory in all and per connection, and how long another client's request takes meanwhile.
// By hand: node --expose-gc bench/connections.ts [connections]; the goal is 200 MiB for 10,000.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Broker } from '../src/broker/broker.ts';
import { ApiVersions } from '../src/protocol/messages/apis/api-versions.ts';
import { MemoryFileSystem } from '../src/storage/fs/memory.ts';
import { encodeRequest, RawConnection } from '../test/support/raw-connection.ts';

const COUNT = Number(process.argv[2] ?? 10_000);
const AT_ONCE = 200;
const CANARY_REQUESTS = 500;
const CLIENT = { clientSoftwareName: 'bench', clientSoftwareVersion: '1' };
const VERSION = 3;

if (process.env['BENCH_PORT'] === undefined) await serve();
else await holdOpen(Number(process.env['BENCH_PORT']));

async function serve(): Promise<void> {
  const broker = await Broker.start({
    fileSystem: new MemoryFileSystem(),
    dataPath: '/data',
    properties: new Map([
      ['node.id', '1'],
      ['listeners', 'PLAINTEXT://127.0.0.1:0'],
    ]),
    profile: 'dev',
    clusterId: null,
    durability: 'always',
    report: message => console.error(message),
  });
  const port = broker.listeners[0]?.port ?? 0;
  const canary = await RawConnection.open(port);
  await print('no connections', canary, 0);
  const before = residentBytes();
  const client = fork(fileURLToPath(import.meta.url), [String(COUNT)], {
    env: { ...process.env, BENCH_PORT: String(port) },
  });
  const [opened] = (await once(client, 'message')) as [number];
  await print(`${opened} idle connections`, canary, (residentBytes() - before) / opened);
  client.kill();
  await once(client, 'exit');
  await print('closed again', canary, 0);
  canary.close();
  await broker.stop();
}

async function print(what: string, canary: RawConnection, bytesEach: number): Promise<void> {
  const times: number[] = [];
  for (let count = 0; count < CANARY_REQUESTS; count += 1) {
    const startMs = performance.now();
    await canary.request(ApiVersions, VERSION, CLIENT);
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(2);
  const each = bytesEach === 0 ? '' : `, ${(bytesEach / 1024).toFixed(1)} KiB each`;
  const memory = `${(residentBytes() / 1024 / 1024).toFixed(0)} MiB${each}`;
  console.log(`${what}: ${memory}; canary p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

/** The clients: each asks for the versions once, as every client does, and is then silent. */
async function holdOpen(port: number): Promise<void> {
  const sockets: Socket[] = [];
  const hello = encodeRequest(ApiVersions, { version: VERSION, correlationId: 1, clientId: 'idle' }, CLIENT);
  while (sockets.length < COUNT) {
    const next = Array.from({ length: Math.min(AT_ONCE, COUNT - sockets.length) }, async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(hello);
      await once(socket, 'data');
      sockets.push(socket);
    });
    await Promise.all(next);
  }
  process.send?.(sockets.length);
  await once(process, 'disconnect');
}
