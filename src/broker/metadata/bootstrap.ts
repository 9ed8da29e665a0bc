// What Apache Kafka's `kafka-storage format --standalone` leaves in a new directory, and the first records of its metadata
// log (Formatter, BootstrapMetadata, ActivationRecordsGenerator): bootstrap.checkpoint with the feature levels, a zero
// checkpoint with the voters, and, in the log, the levels again inside one metadata transaction.

import { buildBatch } from '../../protocol/records/build-batch.ts';
import { buildControlBatch, type ControlRecordInput } from '../../protocol/records/control-records.ts';
import { featureLevelRecords } from './features.ts';
import { type MetadataRecord, metadataRecordCodec, record } from './metadata-record.ts';
import type { Voter } from './metadata-state.ts';
import { kraftVersion, snapshotFooter, snapshotHeader, votersRecord } from './quorum.ts';

const BOOTSTRAP_TRANSACTION = 'Bootstrap records';

export function bootstrapRecords(): MetadataRecord[] {
  return [
    record('BeginTransactionRecord', { name: BOOTSTRAP_TRANSACTION }),
    ...featureLevelRecords(),
    record('EndTransactionRecord', {}),
  ];
}

/** bootstrap.checkpoint: header, feature levels, footer. */
export function bootstrapCheckpoint(nowMs: number): Buffer {
  const levels = featureLevelRecords();
  const records = levels.map(level => ({ ...metadataRecordCodec.encode(level), timestamp: nowMs }));
  return Buffer.concat([
    controlBatch([snapshotHeader(0)], 0, nowMs),
    buildBatch({ baseOffset: 1, leaderEpoch: 0, records }),
    controlBatch([snapshotFooter()], 1 + levels.length, nowMs),
  ]);
}

/** 00000000000000000000-0000000000.checkpoint: who votes. */
export function zeroCheckpoint(voters: readonly Voter[], nowMs: number): Buffer {
  const head = [snapshotHeader(nowMs), kraftVersion(1), votersRecord(voters)];
  return Buffer.concat([controlBatch(head, 0, nowMs), controlBatch([snapshotFooter()], head.length, nowMs)]);
}

function controlBatch(records: readonly ControlRecordInput[], baseOffset: number, timestamp: number): Buffer {
  return buildControlBatch({ records, baseOffset, timestamp, leaderEpoch: 0 });
}
