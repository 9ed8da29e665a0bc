// A snapshot of the metadata as Apache Kafka's RecordsSnapshotWriter lays it out (KIP-630, KIP-853): a control batch with
// SnapshotHeader and, in a log of kraft.version 1, KRaftVersion and Voters; the image's records; a control batch with
// SnapshotFooter. Offsets in the file count from 0 and mean nothing outside of it; every batch bears the snapshot's epoch.
// Made batch by batch, so that whoever writes them can let others have their turn in between.

import { buildBatch, type RecordInput } from '../../protocol/records/build-batch.ts';
import { buildControlBatch } from '../../protocol/records/control-records.ts';
import { KRAFT_VERSION } from './features.ts';
import type { MetadataImage } from './image.ts';
import { imageRecords } from './image-records.ts';
import { metadataRecordCodec } from './metadata-record.ts';
import type { SnapshotContents } from './metadata-state.ts';
import { kraftVersion, snapshotFooter, snapshotHeader, votersRecord } from './quorum.ts';

/** One step's work: some milliseconds, and far below what Apache Kafka reads as one batch (8 MiB). */
const RECORDS_PER_BATCH = 1_000;
const RECORD_BYTES_PER_BATCH = 1024 * 1024;

export function* snapshotBatches(
  { image, voters, lastTimestampMs }: SnapshotContents,
  { epoch, nowMs }: { readonly epoch: number; readonly nowMs: number },
): Iterable<Buffer> {
  const version = image.features.get(KRAFT_VERSION) ?? 0;
  const quorum = version > 0 ? [kraftVersion(version), votersRecord(voters)] : [];
  const head = [snapshotHeader(lastTimestampMs), ...quorum];
  yield buildControlBatch({ records: head, baseOffset: 0, timestamp: nowMs, leaderEpoch: epoch });
  let baseOffset = head.length;
  for (const records of inBatches(image, nowMs)) {
    yield buildBatch({ baseOffset, leaderEpoch: epoch, records });
    baseOffset += records.length;
  }
  yield buildControlBatch({ records: [snapshotFooter()], baseOffset, timestamp: nowMs, leaderEpoch: epoch });
}

function* inBatches(image: MetadataImage, timestamp: number): Iterable<readonly RecordInput[]> {
  let records: RecordInput[] = [];
  let sizeInBytes = 0;
  for (const record of imageRecords(image)) {
    const { key, value } = metadataRecordCodec.encode(record);
    records.push({ key, value, timestamp });
    sizeInBytes += value?.length ?? 0;
    if (records.length < RECORDS_PER_BATCH && sizeInBytes < RECORD_BYTES_PER_BATCH) continue;
    yield records;
    records = [];
    sizeInBytes = 0;
  }
  if (records.length > 0) yield records;
}
