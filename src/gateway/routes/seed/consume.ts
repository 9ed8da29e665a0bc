// GET /consume: every message of a topic from the earliest to what is committed at the call, by partition and offset.
// It ends there: no group, no waiting for more, the same answer for the same records. A topic that does not exist has no
// messages. A long answer is streamed, so that its size costs no memory here.

import { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { type ReadRange, readRanges } from '../../../client/fetch-reader.ts';
import type { KafkaClient } from '../../../client/kafka-client.ts';
import { EARLIEST, LATEST, listOffsets } from '../../../client/list-offsets.ts';
import { valueOrThrow } from '../../../client/per-leader.ts';
import { KafkaError } from '../../../protocol/errors.ts';
import type { App, GatewayContext } from '../../context.ts';
import { bodyOf } from '../../serde/body.ts';
import { described, queryInteger } from '../../shapes.ts';
import { whenClosed } from '../../when-closed.ts';
import { TopicName } from '../native/schemas.ts';
import { DEFAULT_TOPIC, failures } from './answers.ts';
import { newestOf } from './newest.ts';

/** Up to this many characters an answer is gathered and its failures have a status; beyond it is streamed. */
const GATHERED_MAX = 1024 * 1024;
/** Numbers from here on are milliseconds (9 September 2001), below it offsets. */
const TIMESTAMP_MIN = 1_000_000_000_000;
/** So many messages of a partition are held at once to find the newest. */
const NEWEST_MAX = 10_000;
const ISOLATION = 'read_committed';

const STARTS = 'earliest, latest, an offset, or a time (ISO 8601 or milliseconds)';
const FROM = `${STARTS}; earliest by default; latest with a limit: the newest so many`;
const From = z.string().check(
  z.refine(text => startOf(text) !== null, `must be ${STARTS}`),
  z.describe(FROM),
);

const Query = z.strictObject({
  topic: z.optional(TopicName),
  limit: z.optional(queryInteger({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  from: z.optional(From),
});

const Values = z.array(z.nullable(z.string()));
const Read = z.object({
  status: z.literal('Success'),
  messages_read: described(Values, 'values; base64 where they are no text, null for tombstones'),
});

export function consumeRoute(app: App, { client, log }: GatewayContext): void {
  app.get(
    '/consume',
    {
      schema: {
        tags: ['quick start'],
        summary: 'Read messages',
        description: `Every message of the topic (${DEFAULT_TOPIC} by default) as it is now, without a consumer group.`,
        querystring: Query,
        response: { 200: Read, ...failures },
      },
    },
    async (request, reply) => {
      const { topic = DEFAULT_TOPIC, from = 'earliest', limit = Number.POSITIVE_INFINITY } = request.query;
      reply.header('cache-control', 'no-store');
      const signal = whenClosed(reply);
      const values = valuesOf({ client, topic, from, limit, signal });
      const gathered = await gather(values);
      if (gathered.isWhole) return { status: 'Success' as const, messages_read: gathered.values };
      reply.type('application/json; charset=utf-8');
      const stream = Readable.from(asJson(gathered.values, values), { objectMode: false });
      stream.on('error', error => {
        if (!signal.aborted) log('warn', `GET /consume of "${topic}" broke off: ${error.message}`);
      });
      return reply.send(stream as never);
    },
  );
}

interface ConsumeOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly from: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

async function* valuesOf(options: ConsumeOptions): AsyncGenerator<(string | null)[]> {
  const { client, signal } = options;
  const read = { client, isolation: ISOLATION, signal } as const;
  const ranges = await rangesOf(options);
  if (options.from === 'latest') {
    yield await newestOf(ranges, { limit: options.limit, read, valueOf: textOf });
    return;
  }
  let left = options.limit;
  for (const range of ranges) {
    for await (const { records } of readRanges([range], read)) {
      const values = records.slice(0, left).map(({ value }) => textOf(value));
      left -= values.length;
      if (values.length > 0) yield values;
      if (left <= 0) return;
    }
  }
}

function textOf(value: Buffer | null): string | null {
  return bodyOf(value, Number.POSITIVE_INFINITY)?.text ?? null;
}

/** What there is to read: to the last stable offset as it is now. */
async function rangesOf({ client, topic, from, limit, signal }: ConsumeOptions): Promise<ReadRange[]> {
  // Without a limit "latest" is what comes after the call, and that is nothing yet.
  const newest = Number.isFinite(limit) ? Math.min(limit, NEWEST_MAX) : 0;
  const partitions = await partitionsOf(client, topic);
  const at = (timestamp: bigint) =>
    listOffsets(
      partitions.map(partition => ({ topic, partition, timestamp })),
      { client, isolation: ISOLATION, signal },
    );
  const start = startOf(from)!;
  const byTime = start.type === 'timestamp' ? at(start.timestamp) : null;
  const [earliest, latest, found] = await Promise.all([at(EARLIEST), at(LATEST), byTime]);
  return partitions.map((partition, index) => {
    const to = valueOrThrow(latest[index]!).offset;
    const first = valueOrThrow(earliest[index]!).offset;
    if (from === 'latest') return { topic, partition, from: Math.max(first, to - newest), to };
    const wanted =
      start.type === 'offset' ? start.offset : found === null ? first : valueOrThrow(found[index]!).offset;
    // -1: no record is that late.
    return { topic, partition, from: wanted < 0 ? to : Math.max(wanted, first), to };
  });
}

async function partitionsOf(client: KafkaClient, topic: string): Promise<number[]> {
  try {
    const { partitions } = await client.topic(topic, { fresh: true });
    return partitions.map(({ partition }) => partition);
  } catch (error) {
    if (error instanceof KafkaError && error.errorName === 'UNKNOWN_TOPIC_OR_PARTITION') return [];
    throw error;
  }
}

type Start =
  | { readonly type: 'timestamp'; readonly timestamp: bigint }
  | { readonly type: 'offset'; readonly offset: number };

function startOf(text: string): Start | null {
  if (text === 'earliest') return { type: 'timestamp', timestamp: EARLIEST };
  if (text === 'latest') return { type: 'timestamp', timestamp: LATEST };
  if (/^\d{1,15}$/.test(text)) {
    const number = Number(text);
    return number >= TIMESTAMP_MIN
      ? { type: 'timestamp', timestamp: BigInt(number) }
      : { type: 'offset', offset: number };
  }
  const time = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : { type: 'timestamp', timestamp: BigInt(time) };
}

/** The beginning of the values, and whether that is all. */
async function gather(
  values: AsyncGenerator<(string | null)[]>,
): Promise<{ values: (string | null)[]; isWhole: boolean }> {
  const gathered: (string | null)[] = [];
  let length = 0;
  while (length < GATHERED_MAX) {
    const next = await values.next();
    if (next.done === true) return { values: gathered, isWhole: true };
    for (const value of next.value) {
      gathered.push(value);
      length += value?.length ?? 0;
    }
  }
  return { values: gathered, isWhole: false };
}

async function* asJson(
  first: (string | null)[],
  rest: AsyncGenerator<(string | null)[]>,
): AsyncGenerator<string> {
  const listed = (values: (string | null)[]) => values.map(value => JSON.stringify(value)).join(',');
  yield `{"status":"Success","messages_read":[${listed(first)}`;
  for await (const values of rest) yield `,${listed(values)}`;
  yield ']}';
}
