// Ports for programs that cannot choose one themselves (port 0). They are taken below those that the system gives to
// connections and to port 0 (on Linux 32768 and above), so that between this look and the program's bind nobody is given
// one by chance; and no process gives one twice.

import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 15_000;
const COUNT = 17_000;
const TRIES_MAX = 1_000;
const given = new Set<number>();

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no port from ${FIRST} to ${FIRST + COUNT} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise(done => server.close(done));
  }
}
