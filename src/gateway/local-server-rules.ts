// What keeps a server on this machine from being used by a web page the user happens to visit. A page elsewhere may send
// requests to localhost, and by DNS rebinding even read the answers; so: the Host must be one of ours (421), what changes
// state must come from our own page or from no page at all (403), nothing is shared with other origins (no CORS), and
// nothing that is shown can run (CSP). Both ports obey, every route, errors included.

import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

export function installLocalServerRules(
  app: FastifyInstance,
  options: { readonly allowedHosts: readonly string[] },
): void {
  const allowed = new Set([...LOCAL_HOSTS, ...options.allowedHosts.map(host => host.toLowerCase())]);
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(SECURITY_HEADERS);
    checkHost(request, allowed);
    if (!SAFE_METHODS.includes(request.method)) checkOrigin(request);
  });
}

function checkHost(request: FastifyRequest, allowed: ReadonlySet<string>): void {
  const name = hostNameOf(request.headers.host ?? '');
  if (allowed.has(name) || isOwnAddress(name, request.socket.localAddress)) return;
  throw new HttpError({
    status: 421,
    code: 'HOST_NOT_ALLOWED',
    message: `This server does not answer under the name ${JSON.stringify(name)}.`,
    hint: 'Use http://localhost, or start Millrace with this name among the allowed hosts.',
  });
}

/** The name without the port, in lower case, IPv6 in brackets. */
function hostNameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

/** The very address the connection came in to, spelled as an address: no name that could be rebound. */
function isOwnAddress(name: string, localAddress: string | undefined): boolean {
  const address = name.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && address === localAddress?.replace(/^::ffff:/, '');
}

function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreignOrigin = origin !== undefined && originHostOf(origin) !== host?.toLowerCase();
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!foreignOrigin && !foreignSite) return;
  throw new HttpError({
    status: 403,
    code: 'FOREIGN_ORIGIN',
    message: 'A page of another site tried to change something here. Nothing was changed.',
    hint: 'Call it from the console, from a program, or from the command line.',
  });
}

/** host:port as a Host header of that origin would say it; null for opaque ones. */
function originHostOf(origin: string): string | null {
  return URL.canParse(origin) && /^https?:/.test(origin) ? new URL(origin).host : null;
}
