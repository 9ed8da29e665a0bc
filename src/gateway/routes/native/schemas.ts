// The shapes the native routes share: what they take, what they answer. One place for the server's checks, the types and
// the OpenAPI document. 64-bit numbers are strings.

import * as z from 'zod';

export const Int64 = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .describe('a 64-bit number');

export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

export const failures = { '4xx': ErrorBody, '5xx': ErrorBody };

export const TopicParams = z.strictObject({ topic: z.string().min(1) });

export const TopicSummary = z.object({
  name: z.string(),
  topicId: z.string(),
  internal: z.boolean(),
  partitions: z.number(),
  replicationFactor: z.number(),
});

export const Topic = z.object({
  name: z.string(),
  topicId: z.string(),
  internal: z.boolean(),
  records: Int64.describe('the sum of latest - earliest'),
  partitions: z.array(
    z.object({
      partition: z.number(),
      leader: z.number(),
      replicas: z.array(z.number()),
      isr: z.array(z.number()),
      leaderEpoch: z.number(),
      earliest: Int64,
      latest: Int64,
    }),
  ),
});

export const BodyShape = z.object({
  text: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  format: z.enum(['json', 'text', 'bytes']),
  size: z.number().describe('of the whole, in bytes'),
  truncated: z.boolean(),
});

export const RecordShape = z.object({
  partition: z.number(),
  offset: Int64,
  timestamp: Int64.describe('milliseconds'),
  timestampType: z.enum(['CreateTime', 'LogAppendTime']),
  key: BodyShape.nullable(),
  value: BodyShape.nullable(),
  headers: z.array(z.object({ key: z.string(), value: BodyShape.nullable() })),
  sizeInBytes: z.number(),
  compression: z.string(),
  transactional: z.boolean(),
});

export type RecordJson = z.infer<typeof RecordShape>;

export const DataShape = z
  .union([z.string(), z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })])
  .describe('text, or bytes in base64');

export const IsolationShape = z.enum(['read_committed', 'read_uncommitted']);

/** A number in a query string. */
export function queryNumber(options: { readonly min: number; readonly max: number }) {
  return z.coerce.number().int().min(options.min).max(options.max);
}

/** "0,1,2" in a query string. */
export const PartitionList = z
  .string()
  .regex(/^\d{1,9}(,\d{1,9})*$/, 'must be partition numbers separated by commas')
  .transform(text => [...new Set(text.split(',').map(Number))])
  .meta({ description: 'partition numbers separated by commas; all when absent' });
