// A signal that fires when the client of a request goes away before it has its answer, so that nobody reads on for
// nobody.

import type { FastifyReply } from 'fastify';

export function whenClosed(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}
