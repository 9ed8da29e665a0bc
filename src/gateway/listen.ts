// Takes a port, or says why not. `localhost` means both loopback addresses: browsers try ::1 first, so a port that is
// ours on 127.0.0.1 alone and somebody else's on ::1 would show people the wrong server. Fastify keeps silent about that;
// here it is a port in use.

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { App } from './context.ts';

/** A port could not be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: string | null;
  readonly port: number;

  constructor(options: { readonly port: number; readonly cause: Error }) {
    const code = (options.cause as NodeJS.ErrnoException).code ?? null;
    const reason =
      code === 'EADDRINUSE' ? 'is in use already' : `cannot be listened on: ${options.cause.message}`;
    super(`Port ${options.port} ${reason}.`, { cause: options.cause });
    this.code = code;
    this.port = options.port;
  }
}

/** Tries for a port that is free on both loopback addresses, when any will do. */
const ANY_PORT_TRIES = 10;

/** Builds a server and takes the port with it. Nothing is left behind when that fails. */
export async function listen(
  build: () => App,
  where: { readonly host: string; readonly port: number },
): Promise<{ app: App; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const app = build();
    try {
      return { app, port: await takePort(app, where) };
    } catch (error) {
      await app.close();
      const isLast = where.port !== 0 || attempt === ANY_PORT_TRIES;
      if (isLast || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
        throw new ListenError({ port: where.port, cause: error as Error });
      }
    }
  }
}

async function takePort(app: App, { host, port }: { host: string; port: number }): Promise<number> {
  await app.listen({ host, port });
  const bound = app.addresses() as AddressInfo[];
  const taken = bound[0]!.port;
  if (host === 'localhost') {
    const wanted = await lookup(host, { all: true });
    const missing = wanted.filter(({ address }) => !bound.some(binding => binding.address === address));
    for (const { address } of missing) await assertFree({ host: address, port: taken });
  }
  return taken;
}

/** Throws when somebody has the port there; an address this machine does not have is nobody's. */
async function assertFree(where: { host: string; port: number }): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(where);
    await once(probe, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw error;
  } finally {
    probe.close();
  }
}
