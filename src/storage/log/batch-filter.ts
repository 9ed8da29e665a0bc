// What compaction leaves of one batch (MemoryRecords.filterTo with the cleaner's RecordFilter): the batch as it is, one
// built anew with fewer records, an empty one that only keeps a producer's place, or nothing. Base and last offset, base
// sequence, epochs and codec stay; a tombstone or a marker without data gets a delete horizon (attribute bit 6) when it is
// first met, and goes once that has passed. Pure, but in small steps: a batch may hold many thousand records.

import * as header from '../../protocol/records/batch-header.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { codecName } from '../../protocol/records/compression/index.ts';
import { type RecordView, readRecords } from '../../protocol/records/read-records.ts';
import type { Work } from './work.ts';

export interface CleaningRules {
  /** The last offset of each key up to `latestOffset`. */
  readonly offsets: { readonly latestOffset: number; get(key: Buffer): number };
  readonly nowMs: number;
  /** delete.retention.ms */
  readonly deleteRetentionMs: number;
  /** So many records were looked at: others may want a turn. */
  readonly slice: (records: number) => Work<void>;
}

const RECORDS_PER_STEP = 200;

export interface BatchPlace {
  /** Its transaction was aborted, or, for a marker, has no data left. */
  readonly mayGo: boolean;
  /** Kept, even if empty: a producer's last batch, or the one at the high watermark. */
  readonly keepsPlace: boolean;
}

/** null when nothing is left. The answer may be the batch itself, which must stay as it is meanwhile. */
export function* filterBatch(batch: Buffer, place: BatchPlace, rules: CleaningRules): Work<Buffer | null> {
  const isControl = header.isControl(batch, 0);
  const horizonMs = header.deleteHorizonMs(batch, 0);
  const dropsAll = place.mayGo && (!isControl || (horizonMs !== null && horizonMs <= rules.nowMs));
  if (dropsAll && !place.keepsPlace) return null;
  const records = dropsAll ? [] : readRecords(batch);
  const kept = isControl ? records : yield* keptOf(records, horizonMs, rules);
  if (kept.length === 0) return place.keepsPlace ? rebuilt(batch, [], undefined) : null;
  const hasTombstones = kept.some(record => record.value === null);
  const needsHorizon = horizonMs === null && (hasTombstones || (isControl && place.mayGo));
  if (kept.length === records.length && !needsHorizon) return batch;
  return rebuilt(
    batch,
    kept,
    needsHorizon ? rules.nowMs + rules.deleteRetentionMs : (horizonMs ?? undefined),
  );
}

function* keptOf(
  records: readonly RecordView[],
  horizonMs: number | null,
  rules: CleaningRules,
): Work<RecordView[]> {
  const kept: RecordView[] = [];
  for (let from = 0; from < records.length; from += RECORDS_PER_STEP) {
    const some = records.slice(from, from + RECORDS_PER_STEP);
    for (const record of some) if (staysRecord(record, horizonMs, rules)) kept.push(record);
    yield* rules.slice(some.length);
  }
  return kept;
}

function staysRecord(record: RecordView, horizonMs: number | null, rules: CleaningRules): boolean {
  if (record.offset > rules.offsets.latestOffset) return true;
  if (record.key === null) return false;
  const isLatest = record.offset >= rules.offsets.get(record.key);
  return isLatest && (record.value !== null || horizonMs === null || rules.nowMs < horizonMs);
}

function rebuilt(batch: Buffer, records: readonly RecordView[], deleteHorizonMs: number | undefined): Buffer {
  const maxTimestamp = header.maxTimestamp(batch, 0);
  return buildBatch({
    records,
    baseOffset: header.baseOffset(batch, 0),
    lastOffsetDelta: header.lastOffsetDelta(batch, 0),
    leaderEpoch: header.partitionLeaderEpoch(batch, 0),
    codec: records.length === 0 ? 'none' : (codecName(header.codecId(batch, 0)) ?? 'none'),
    producerId: header.producerId(batch, 0),
    producerEpoch: header.producerEpoch(batch, 0),
    baseSequence: header.baseSequence(batch, 0),
    transactional: header.isTransactional(batch, 0),
    control: header.isControl(batch, 0),
    logAppendTimeMs: header.isLogAppendTime(batch, 0) ? maxTimestamp : undefined,
    maxTimestamp: records.length === 0 ? maxTimestamp : undefined,
    deleteHorizonMs,
  });
}
