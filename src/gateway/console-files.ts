// Serves the built console: files as they are, hashed assets for ever, and the console's page for every other address a
// person may open (its routes live in the browser). Without a build it says how to get one.
//
// A path is looked up only when it is made of plain names: no dots in front, no escapes, no backslashes. What is left
// cannot leave the directory, and hidden files are not served.

import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readBytesIfAny } from '../host-files.ts';
import { notFound, pathOf } from './app.ts';
import type { App, GatewayContext } from './context.ts';
import { html, page } from './html.ts';

const PLAIN_PATH = /^(?:\/[\w-][\w.-]*)+$/;
/** Where Vite puts files whose names carry a hash of their content. */
const HASHED = '/assets/';
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export function consoleFiles(app: App, { options }: GatewayContext): void {
  const directory = options.consoleDirectory;
  // Whatever no route took: GET and HEAD of files and pages.
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notFound(request, reply);
    const path = pathOf(request);
    if (PLAIN_PATH.test(path)) {
      const bytes = readBytesIfAny(join(directory, path));
      if (bytes !== null) return sendFile(reply, { path, bytes });
    }
    if (!isPage(request)) return notFound(request, reply);
    const bytes = readBytesIfAny(join(directory, 'index.html'));
    return bytes === null ? notBuilt(reply) : sendFile(reply, { path: '/index.html', bytes });
  });
}

function sendFile(reply: FastifyReply, { path, bytes }: { path: string; bytes: Buffer }) {
  return reply
    .status(200)
    .header('cache-control', path.startsWith(HASHED) ? IMMUTABLE : REVALIDATE)
    .type(TYPES[extname(path)] ?? 'application/octet-stream')
    .send(bytes);
}

/** What a person opens in a browser: neither the API nor an asset. */
function isPage(request: FastifyRequest): boolean {
  const path = pathOf(request);
  // The first page is there for everybody who asks, a script with curl too.
  if (path === '/') return true;
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
