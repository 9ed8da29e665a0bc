// Serves the built console: files as they are, hashed assets for ever, and the console's page for every other address a
// person may open (its routes live in the browser). Without a build it says how to get one.

import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileExists } from '../host-files.ts';
import { notFound, pathOf } from './app.ts';
import type { App, GatewayContext } from './context.ts';
import { html, page } from './html.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';
/** Where Vite puts files whose names carry a hash of their content. */
const HASHED = '/assets/';

export async function consoleFiles(app: App, context: GatewayContext): Promise<void> {
  const directory = context.options.consoleDirectory;
  const isBuilt = fileExists(join(directory, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: directory,
      // Files are found when asked for, and only those that lie in the directory.
      wildcard: true,
      cacheControl: false,
      schemaHide: true,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.replaceAll('\\', '/').includes(HASHED) ? IMMUTABLE : REVALIDATE);
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return notFound(request, reply);
    return isBuilt ? reply.sendFile('index.html') : notBuilt(reply);
  });
}

/** What a person opens in a browser: neither the API nor an asset. */
function isPage(request: FastifyRequest): boolean {
  const path = pathOf(request);
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (path.startsWith('/api/') || path.startsWith(HASHED)) return false;
  return request.headers.accept?.includes('text/html') === true;
}

function notBuilt(reply: FastifyReply) {
  const body = html`<main><h1>The console is not built yet</h1>
<p>Run <code>npm start</code> in the folder of Millrace: it builds what is missing, then starts.</p>
<p>Everything else works already: <a href="/docs">the HTTP API</a>, the broker and its data.</p></main>`;
  return reply
    .status(503)
    .type('text/html; charset=utf-8')
    .send(page({ title: 'Millrace', body }));
}
