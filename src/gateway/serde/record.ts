// A record as the HTTP API shows it: numbers of 64 bits as strings, key, value and headers as bodies.

import type { FetchedRecord } from '../../client/batches.ts';
import { type Body, bodyOf } from './body.ts';

export interface RecordJson {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly key: Body | null;
  readonly value: Body | null;
  readonly headers: { key: string; value: Body | null }[];
  readonly sizeInBytes: number;
  readonly compression: string;
  readonly transactional: boolean;
}

export function recordJson(
  record: FetchedRecord,
  options: { readonly partition: number; readonly bytesMax: number },
): RecordJson {
  const { key, value, headers } = record;
  return {
    partition: options.partition,
    offset: String(record.offset),
    timestamp: String(record.timestamp),
    timestampType: record.timestampType,
    key: bodyOf(key, options.bytesMax),
    value: bodyOf(value, options.bytesMax),
    headers: headers.map(header => ({ key: header.key, value: bodyOf(header.value, options.bytesMax) })),
    sizeInBytes: sizeOf(record),
    compression: record.compression,
    transactional: record.transactional,
  };
}

/** Of its key, value and headers, uncompressed. */
function sizeOf({ key, value, headers }: FetchedRecord): number {
  const inHeaders = headers.reduce(
    (sum, header) => sum + Buffer.byteLength(header.key) + (header.value?.length ?? 0),
    0,
  );
  return (key?.length ?? 0) + (value?.length ?? 0) + inHeaders;
}
