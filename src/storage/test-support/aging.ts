// Logs that age: time that passes as it does, upkeep that runs, batches with keys and transactions. For tests only.

import { baseOffset, sizeInBytes } from '../../protocol/records/batch-header.ts';
import { type BatchFields, buildBatch } from '../../protocol/records/build-batch.ts';
import { buildControlBatch } from '../../protocol/records/control-records.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { UpkeepSettings } from '../log/upkeep.ts';
import type { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

export const UPKEEP: UpkeepSettings = {
  retentionCheckIntervalMs: 300_000,
  cleanerIsEnabled: true,
  cleanerBackoffMs: 15_000,
  offsetMapBytesMax: 1024 * 1024,
  offsetMapLoadMax: 0.9,
  bytesPerSecondMax: Number.POSITIVE_INFINITY,
};

/** Minute by minute: a larger step would be a jump of the clock. */
export function age(harness: Harness, byMs: number): void {
  for (let left = byMs; left > 0; left -= MINUTE_MS) {
    harness.passTime(Math.min(MINUTE_MS, left));
    harness.settleAll();
  }
}

export type KeyedRecord = readonly [key: string | null, value: string | null];

export function keyedBatch(
  records: readonly KeyedRecord[],
  fields: BatchFields & { readonly timestamp?: number } = {},
): Buffer {
  const { timestamp = 1_700_000_000_000, ...rest } = fields;
  return buildBatch({
    ...rest,
    records: records.map(([key, value]) => ({
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      timestamp,
    })),
  });
}

export interface Marker {
  readonly type: 'COMMIT' | 'ABORT';
  readonly producerId: number;
  readonly producerEpoch?: number;
  readonly timestamp?: number;
}

export function markerBatch({
  type,
  producerId,
  producerEpoch = 0,
  timestamp = 1_700_000_000_000,
}: Marker): Buffer {
  return buildControlBatch({
    records: [{ type, value: Buffer.from([0, 0, 0, 0, 0, 0]) }],
    timestamp,
    producerId: BigInt(producerId),
    producerEpoch,
    baseSequence: -1,
    transactional: true,
  });
}

/** Appended as a coordinator does, and refused as nothing here should be. */
export function append(log: PartitionLog, batch: Buffer): number {
  const outcome = log.append(batch, { leaderEpoch: 0, origin: 'coordinator' });
  if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
  return outcome.baseOffset;
}

/** The batches of a log as they are stored. */
export function batchesOf(log: PartitionLog): Buffer[] {
  const batches: Buffer[] = [];
  let offset = log.logStartOffset;
  for (;;) {
    const slice = log.read({ offset, maxBytes: 1, isolation: 'log_end', atLeastOneBatch: true });
    if (slice.error !== null) throw new Error(slice.error);
    const bytes = Buffer.concat(slice.buffers);
    slice.release();
    if (bytes.length === 0) return batches;
    batches.push(bytes.subarray(0, sizeInBytes(bytes, 0)));
    offset = baseOffset(bytes, 0) + bytes.readInt32BE(23) + 1;
  }
}

/** Names in the directory of the log that begin with an offset, sorted. */
export function filesOf(harness: Harness, name = 'a-0'): string[] {
  const names = harness.fileSystem.list(`/data/${name}`).map(entry => entry.name);
  return names.filter(entry => /^\d/.test(entry)).sort();
}
