// POST /api/v1/topics/{topic}/tail: records as they arrive, as server-sent events over the answer of a POST (so that the
// request can carry a body and one connection is one tail). It ends when the client closes.

import { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { nativeErrorBody } from '../../app.ts';
import type { App, GatewayContext } from '../../context.ts';
import { HttpError, toHttpError } from '../../http-error.ts';
import { chosenPartitions } from '../../kafka/partitions.ts';
import { openTail, type TailEvent } from '../../kafka/tail.ts';
import { described, integer, list } from '../../shapes.ts';
import { whenClosed } from '../../when-closed.ts';
import { failures, IsolationShape, TopicParams } from './schemas.ts';

const HEARTBEAT_MS = 15_000;
const PREVIEW_BYTES = 1024;
/** Each holds connections to every leader of its topic. */
const TAILS_MAX = 64;
const PARTITIONS_MAX = 10_000;

const Partitions = list(integer({ min: 0, max: 2147483647 }), { min: 0, max: PARTITIONS_MAX });
const TailBody = z.nullish(
  z.strictObject({
    partitions: z.optional(described(Partitions, 'all when absent')),
    from: z.optional(z.enum(['latest', 'earliest'])),
    isolation: z.optional(IsolationShape),
  }),
);

export function tailRoutes(app: App, { client }: GatewayContext): void {
  let open = 0;
  app.post(
    '/api/v1/topics/:topic/tail',
    {
      schema: {
        tags: ['records'],
        summary: 'Follow records as they arrive (server-sent events)',
        description: 'Events: records {records: [Record]}, heartbeat every 15 s, error {error}.',
        params: TopicParams,
        body: TailBody,
        response: { 200: { content: { 'text/event-stream': { schema: z.string() } } }, ...failures },
      },
    },
    async (request, reply) => {
      if (open >= TAILS_MAX)
        throw new HttpError({
          status: 503,
          code: 'TOO_MANY_TAILS',
          message: `${TAILS_MAX} tails are open already.`,
          hint: 'Close one first.',
        });
      const { topic } = request.params;
      const { from = 'latest', isolation = 'read_committed' } = request.body ?? {};
      const partitions = await chosenPartitions({
        client,
        topic,
        partitions: request.body?.partitions,
        fresh: true,
      });
      const signal = whenClosed(reply);
      open += 1;
      signal.addEventListener('abort', () => {
        open -= 1;
      });
      const events = await openTail({
        client,
        topic,
        partitions,
        from,
        isolation,
        previewBytes: PREVIEW_BYTES,
        idleMs: HEARTBEAT_MS,
        signal,
      });
      reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
      reply.type('text/event-stream; charset=utf-8');
      // A byte stream that is pulled: it stops asking Kafka while the socket is full.
      return reply.send(Readable.from(eventStream(events, signal), { objectMode: false }) as never);
    },
  );
}

async function* eventStream(events: AsyncGenerator<TailEvent>, signal: AbortSignal): AsyncGenerator<string> {
  // Sent at once, so that the client knows that it will miss nothing from here on.
  yield ': tail\n\n';
  try {
    for await (const event of events) {
      if (event.type === 'idle') yield 'event: heartbeat\ndata: {}\n\n';
      else yield `event: records\ndata: ${JSON.stringify({ records: event.records })}\n\n`;
    }
  } catch (error) {
    if (!signal.aborted)
      yield `event: error\ndata: ${JSON.stringify(nativeErrorBody(toHttpError(error)))}\n\n`;
  }
}
