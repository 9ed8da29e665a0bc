// What a compacted partition holds, a line for each batch and each record, to be compared between two brokers. What is the
// broker's own (ids, times of markers and horizons) is left out, but a horizon that both had found there.

import assert from 'node:assert/strict';
import { type FetchPosition, fetchOnce } from '../../../src/client/fetch.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import * as header from '../../../src/protocol/records/batch-header.ts';
import { readRecords } from '../../../src/protocol/records/read-records.ts';
import { START_MS } from './actions.ts';

export interface LinesOptions {
  readonly topic: string;
  readonly partition?: number;
  /** Delete horizons up to this time are shown. */
  readonly horizonsUntilMs?: number;
}

export async function linesOf(
  client: KafkaClient,
  { topic, partition = 0, horizonsUntilMs = 0 }: LinesOptions,
): Promise<string[]> {
  const lines: string[] = [];
  for (let offset = 0; ; ) {
    const { records, end } = await fetchFrom(client, { topic, partition, offset });
    if (records.length === 0 || offset >= end) return lines;
    for (let at = 0; isWhole(records, at); ) {
      const batch = records.subarray(at, at + header.sizeInBytes(records, at));
      at += batch.length;
      if (header.lastOffset(batch, 0) < offset) continue;
      offset = header.lastOffset(batch, 0) + 1;
      assert.ok(header.verifyCrc(batch, 0));
      lines.push(...linesOfBatch(batch, horizonsUntilMs));
    }
  }
}

function isWhole(records: Buffer, at: number): boolean {
  return (
    at + header.BATCH_OVERHEAD <= records.length && at + header.sizeInBytes(records, at) <= records.length
  );
}

async function fetchFrom(
  client: KafkaClient,
  position: FetchPosition,
): Promise<{ readonly records: Buffer; readonly end: number }> {
  const [outcome] = await fetchOnce([position], { client, isolation: 'read_uncommitted', maxWaitMs: 0 });
  if (outcome === undefined || !('value' in outcome)) throw new Error(`Fetch: ${JSON.stringify(outcome)}`);
  return { records: outcome.value.records, end: outcome.value.highWatermark };
}

function linesOfBatch(batch: Buffer, horizonsUntilMs: number): string[] {
  const isControl = header.isControl(batch, 0);
  const first = [
    header.baseOffset,
    header.lastOffset,
    header.recordCount,
    header.baseSequence,
    header.attributes,
  ].map(field => field(batch, 0));
  const time = isControl ? '' : header.maxTimestamp(batch, 0) - START_MS;
  const horizonMs = header.deleteHorizonMs(batch, 0) ?? Number.POSITIVE_INFINITY;
  return [
    `batch ${first.join(' ')} ${time} ${horizonMs <= horizonsUntilMs ? `until ${horizonMs}` : ''}`,
    ...readRecords(batch).map(
      ({ offset, timestamp, key, value, headers, sequence }) =>
        `${offset} ${sequence} ${isControl ? key?.toString('hex') : `${timestamp - START_MS} ${key} ${value} ${headers.length}`}`,
    ),
  ];
}
