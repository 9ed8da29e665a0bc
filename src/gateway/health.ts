// Two questions of whoever supervises the process: is it alive (restart it otherwise), and can it serve (send it work).
// Alive asks nobody; ready asks the broker.

import * as z from 'zod/mini';
import type { App, GatewayContext } from './context.ts';
import { toHttpError } from './http-error.ts';

const Alive = z.object({ status: z.literal('alive') });
const Ready = z.object({
  status: z.literal('ready'),
  broker: z.literal('up'),
  clusterId: z.nullable(z.string()),
});
const NotReady = z.object({
  status: z.enum(['starting', 'unready']),
  broker: z.literal('down'),
  message: z.string(),
});

export function healthRoutes(app: App, context: GatewayContext): void {
  let wasReady = false;
  app.get(
    '/healthz',
    { schema: { tags: ['health'], summary: 'Whether the process lives', response: { 200: Alive } } },
    async () => ({ status: 'alive' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: { tags: ['health'], summary: 'Whether Kafka answers', response: { 200: Ready, 503: NotReady } },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        const { clusterId } = await context.client.cluster();
        wasReady = true;
        return { status: 'ready' as const, broker: 'up' as const, clusterId };
      } catch (error) {
        const status = wasReady ? ('unready' as const) : ('starting' as const);
        return reply.status(503).send({ status, broker: 'down', message: toHttpError(error).message });
      }
    },
  );
}
