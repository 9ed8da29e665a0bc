// POST /api/v1/topics/{topic}/records: writes records, each acknowledged by the broker before the answer leaves.

import * as z from 'zod/mini';
import { produce } from '../../../client/produce.ts';
import type { App, GatewayContext } from '../../context.ts';
import { bytesOf } from '../../serde/data.ts';
import { described, integer, list } from '../../shapes.ts';
import { DataShape, failures, Int64, TopicParams } from './schemas.ts';

const RECORDS_MAX = 1000;
const HEADERS_MAX = 1000;

const Timestamp = z.string().check(z.regex(/^\d{1,15}$/, 'must be milliseconds since 1970, as a string'));
const Header = z.strictObject({ key: z.string(), value: z.nullable(DataShape) });

const NewRecord = z.strictObject({
  partition: z.optional(described(integer({ min: 0, max: 2147483647 }), 'by the key when absent')),
  key: z.nullish(DataShape),
  value: described(z.nullish(DataShape), 'null or absent: a tombstone'),
  headers: z.optional(list(Header, { min: 0, max: HEADERS_MAX })),
  timestamp: z.optional(Timestamp),
});

const ACKS = 'records are always acknowledged by all in-sync replicas';
const NewRecords = z.strictObject({
  records: list(NewRecord, { min: 1, max: RECORDS_MAX }),
  acks: z.optional(described(z.literal('all'), ACKS)),
});

const Written = z.object({
  offsets: z.array(z.object({ partition: z.number(), offset: Int64, timestamp: Int64 })),
});

export function produceRoutes(app: App, { client }: GatewayContext): void {
  app.post(
    '/api/v1/topics/:topic/records',
    {
      schema: {
        tags: ['records'],
        summary: 'Write records',
        params: TopicParams,
        body: NewRecords,
        response: { 200: Written, ...failures },
      },
    },
    async request => {
      const written = await produce({
        client,
        topic: request.params.topic,
        records: request.body.records.map(record => ({
          partition: record.partition,
          key: bytesOf(record.key),
          value: bytesOf(record.value),
          headers: (record.headers ?? []).map(({ key, value }) => ({ key, value: bytesOf(value) })),
          timestamp: record.timestamp === undefined ? undefined : Number(record.timestamp),
        })),
      });
      const offsets = written.map(({ partition, offset, timestamp }) => ({
        partition,
        offset: String(offset),
        timestamp: String(timestamp),
      }));
      return { offsets };
    },
  );
}
