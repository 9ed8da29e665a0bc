// The shapes the native routes share: what they take, what they answer. One place for the server's checks, the types and
// the OpenAPI document. 64-bit numbers are strings.

import * as z from 'zod/mini';
import { described, text } from '../../shapes.ts';

export const Int64 = z.string().check(z.regex(/^-?\d{1,19}$/), z.describe('a 64-bit number'));

export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.optional(z.string()) }),
});

export const failures = { '4xx': ErrorBody, '5xx': ErrorBody };

/** Kafka's names have 1 to 249 characters. */
export const TopicName = text({ min: 1, max: 249 });
export const TopicParams = z.strictObject({ topic: TopicName });

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
  records: described(Int64, 'the sum of latest - earliest'),
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
  size: described(z.number(), 'of the whole, in bytes'),
  truncated: z.boolean(),
});

export const RecordShape = z.object({
  partition: z.number(),
  offset: Int64,
  timestamp: described(Int64, 'milliseconds'),
  timestampType: z.enum(['CreateTime', 'LogAppendTime']),
  key: z.nullable(BodyShape),
  value: z.nullable(BodyShape),
  headers: z.array(z.object({ key: z.string(), value: z.nullable(BodyShape) })),
  sizeInBytes: z.number(),
  compression: z.string(),
  transactional: z.boolean(),
});

export type RecordJson = z.infer<typeof RecordShape>;

export const DataShape = described(
  z.union([z.string(), z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })]),
  'text, or bytes in base64',
);

export const IsolationShape = z.enum(['read_committed', 'read_uncommitted']);

/** "0,1,2" in a query string. */
export const PartitionList = z.pipe(
  z
    .string()
    .check(
      z.regex(/^\d{1,9}(,\d{1,9})*$/, 'must be partition numbers separated by commas'),
      z.describe('partition numbers separated by commas; all when absent'),
    ),
  z.transform((numbers: string) => [...new Set(numbers.split(',').map(Number))]),
);
