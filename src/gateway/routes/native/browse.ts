// Reading records without a group: a page of a topic, and one whole record.

import * as z from 'zod/mini';
import type { FetchedRecord } from '../../../client/batches.ts';
import { readRanges } from '../../../client/fetch-reader.ts';
import { listOffsets, offsetRanges, type PartitionRange } from '../../../client/list-offsets.ts';
import { valueOrThrow } from '../../../client/per-leader.ts';
import type { App, GatewayContext } from '../../context.ts';
import { HttpError } from '../../http-error.ts';
import { decodeCursor, encodeCursor } from '../../kafka/cursor.ts';
import { chosenPartitions } from '../../kafka/partitions.ts';
import { readPage } from '../../kafka/record-page.ts';
import { recordJson } from '../../serde/record.ts';
import { described, queryInteger } from '../../shapes.ts';
import { whenClosed } from '../../when-closed.ts';
import {
  failures,
  Int64,
  IsolationShape,
  PartitionList,
  RecordShape,
  TopicName,
  TopicParams,
} from './schemas.ts';

const LIMIT_MAX = 1000;
const PREVIEW_BYTES_MAX = 16 * 1024;
const WHOLE_BYTES_MAX = 10 * 1024 * 1024;
/** A record is read with its batch; one batch this large still comes whole. */
const ONE_BATCH_BYTES = 64 * 1024;

const Millis = queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER });
const Offset = queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER });

const PageQuery = z.strictObject({
  direction: z._default(z.enum(['newest', 'oldest']), 'newest'),
  partitions: z.optional(PartitionList),
  limit: z._default(queryInteger({ min: 1, max: LIMIT_MAX }), 100),
  cursor: z.optional(described(z.string(), 'from the page before')),
  isolation: z._default(IsolationShape, 'read_committed'),
  previewBytes: z._default(
    described(queryInteger({ min: 0, max: PREVIEW_BYTES_MAX }), 'of each key and value'),
    1024,
  ),
  fromTimestamp: z.optional(described(Millis, 'milliseconds; oldest only')),
  fromOffset: z.optional(described(Offset, 'with one partition; oldest only')),
});
type PageQuery = z.infer<typeof PageQuery>;

const Page = z.object({
  records: z.array(RecordShape),
  cursor: described(z.nullable(z.string()), 'more in the same direction'),
  watermarks: z.array(z.object({ partition: z.number(), earliest: Int64, latest: Int64 })),
});

const RecordParams = z.strictObject({
  topic: TopicName,
  partition: queryInteger({ min: 0, max: 2147483647 }),
  offset: Offset,
});

export function browseRoutes(app: App, context: GatewayContext): void {
  const tags = ['records'];
  app.get(
    '/api/v1/topics/:topic/records',
    {
      schema: {
        tags,
        summary: 'A page of records',
        params: TopicParams,
        querystring: PageQuery,
        response: { 200: Page, ...failures },
      },
    },
    async (request, reply) =>
      pageOf(context, { topic: request.params.topic, query: request.query, signal: whenClosed(reply) }),
  );
  app.get(
    '/api/v1/topics/:topic/records/:partition/:offset',
    {
      schema: {
        tags,
        summary: 'One whole record',
        params: RecordParams,
        response: { 200: RecordShape, ...failures },
      },
    },
    async (request, reply) => {
      const record = await oneRecord(context, { ...request.params, signal: whenClosed(reply) });
      return recordJson(record, { partition: request.params.partition, bytesMax: WHOLE_BYTES_MAX });
    },
  );
}

interface PageRequest {
  readonly topic: string;
  readonly query: PageQuery;
  readonly signal: AbortSignal;
}

async function pageOf(
  { client }: GatewayContext,
  { topic, query, signal }: PageRequest,
): Promise<z.infer<typeof Page>> {
  const { direction, isolation, limit, previewBytes } = query;
  const partitions = await chosenPartitions({ client, topic, partitions: query.partitions, fresh: true });
  const chosen = partitions.map(partition => ({ topic, partition }));
  const ranges = await offsetRanges(chosen, { client, isolation, signal });
  const starts = await startsOf(client, { query, ranges, signal });
  const page = await readPage({
    client,
    topic,
    direction,
    isolation,
    limit,
    previewBytes,
    signal,
    ranges,
    starts,
  });
  return {
    records: page.records,
    cursor: page.positions === null ? null : encodeCursor({ direction, positions: page.positions }),
    watermarks: ranges.map(({ partition, earliest, latest }) => ({
      partition,
      earliest: String(earliest),
      latest: String(latest),
    })),
  };
}

/** Where the page begins in each partition, when it is not at the very end or beginning. */
async function startsOf(
  client: GatewayContext['client'],
  { query, ranges, signal }: { query: PageQuery; ranges: readonly PartitionRange[]; signal: AbortSignal },
): Promise<Map<number, number>> {
  const { cursor, direction, fromOffset, fromTimestamp } = query;
  const given = [cursor, fromOffset, fromTimestamp].filter(option => option !== undefined).length;
  if (given > 1) throw badRequest('Only one of cursor, fromOffset and fromTimestamp can say where to begin.');
  if (cursor !== undefined) return decodeCursor(cursor, direction);
  if (given === 1 && direction === 'newest')
    throw badRequest('fromOffset and fromTimestamp go with direction=oldest.');
  if (fromOffset !== undefined) {
    if (ranges.length !== 1)
      throw badRequest('fromOffset goes with exactly one partition: add partitions=N.');
    return new Map([[ranges[0]!.partition, fromOffset]]);
  }
  if (fromTimestamp === undefined) return new Map();
  const queries = ranges.map(({ topic, partition }) => ({
    topic,
    partition,
    timestamp: BigInt(fromTimestamp),
  }));
  const found = await listOffsets(queries, { client, isolation: query.isolation, signal });
  return new Map(
    ranges.map(({ partition, latest }, index) => {
      const { offset } = valueOrThrow(found[index]!);
      return [partition, offset < 0 ? latest : offset];
    }),
  );
}

async function oneRecord(
  { client }: GatewayContext,
  {
    topic,
    partition,
    offset,
    signal,
  }: { topic: string; partition: number; offset: number; signal: AbortSignal },
): Promise<FetchedRecord> {
  await chosenPartitions({ client, topic, partitions: [partition] });
  const [range] = await offsetRanges([{ topic, partition }], { client, signal });
  const { earliest, latest } = range!;
  if (offset < earliest || offset >= latest) {
    const message = `Partition ${partition} of topic "${topic}" has the offsets ${earliest} to ${latest - 1}; ${offset} is not among them.`;
    throw new HttpError({
      status: 404,
      code: 'OFFSET_OUT_OF_RANGE',
      message: latest > earliest ? message : `Partition ${partition} of topic "${topic}" is empty.`,
    });
  }
  const reading = {
    client,
    isolation: 'read_uncommitted',
    partitionBytesMax: ONE_BATCH_BYTES,
    signal,
  } as const;
  for await (const { records } of readRanges([{ topic, partition, from: offset, to: offset + 1 }], reading)) {
    const found = records.find(record => record.offset === offset);
    if (found !== undefined) return found;
  }
  throw new HttpError({
    status: 404,
    code: 'RECORD_NOT_FOUND',
    message: `There is no record at offset ${offset} of partition ${partition} any more.`,
    hint: 'It was compacted away, or the offset belongs to a transaction marker.',
  });
}

function badRequest(message: string): HttpError {
  return new HttpError({ status: 400, code: 'INVALID_REQUEST', message });
}
