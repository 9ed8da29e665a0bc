// A way to the console that a test can cut: connections through it end at once, later ones pass again.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface CuttableWay {
  readonly url: string;
  cut(): void;
}

export async function cuttableWay(context: TestContext, target: string): Promise<CuttableWay> {
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(target);
  const server = createServer(socket => {
    const onward = connect({ host: hostname, port: Number(port) });
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  context.after(() => {
    cut();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut };
}
