import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import fastify from 'fastify';
import type { App } from './context.ts';
import { ListenError, listen } from './listen.ts';

const build = () => fastify() as unknown as App;
const loopbacks = (await lookup('localhost', { all: true })).map(({ address }) => address);

describe('a port', () => {
  for (const host of loopbacks) {
    it(`that somebody has on ${host} is in use, though localhost has other addresses`, async () => {
      const somebody = createServer().listen(0, host);
      await once(somebody, 'listening');
      const { port } = somebody.address() as AddressInfo;
      const isInUse = (error: unknown) =>
        error instanceof ListenError &&
        error.code === 'EADDRINUSE' &&
        error.port === port &&
        /in use/.test(error.message);
      await assert.rejects(listen(build, { host: 'localhost', port }), isInUse);
      somebody.close();
    });
  }

  it('that is free is taken on all of them', async () => {
    const { app, port } = await listen(build, { host: 'localhost', port: 0 });
    for (const address of loopbacks) {
      const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}/`;
      assert.equal((await fetch(url)).status, 404);
    }
    await app.close();
  });

  it('on an address of another machine cannot be had', async () => {
    const isRefused = (error: unknown) => error instanceof ListenError && error.code === 'EADDRNOTAVAIL';
    await assert.rejects(listen(build, { host: '192.0.2.1', port: 0 }), isRefused);
  });
});
