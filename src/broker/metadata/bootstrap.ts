// What Apache Kafka's `kafka-storage format --standalone` leaves in a new directory, and the first records of its metadata
// log (Formatter, BootstrapMetadata, ActivationRecordsGenerator): bootstrap.checkpoint with the feature levels, a zero
// checkpoint with the voters, and, in the log, the levels again inside one metadata transaction.

import { buildBatch } from '../../protocol/records/build-batch.ts';
import { buildControlBatch, type ControlRecordInput } from '../../protocol/records/control-records.ts';
import { replayBatches } from '../runtime/log-replay.ts';
import { configRecord } from './configs.ts';
import {
  BOOTSTRAP_METADATA_VERSION,
  ELIGIBLE_LEADER_REPLICAS_VERSION,
  featureLevelRecords,
  METADATA_VERSION,
} from './features.ts';
import { ResourceType } from './image.ts';
import { type MetadataRecord, metadataRecordCodec, record, versionsAt } from './metadata-record.ts';
import type { Voter } from './metadata-state.ts';
import { kraftVersion, snapshotFooter, snapshotHeader, votersRecord } from './quorum.ts';

const BOOTSTRAP_TRANSACTION = 'Bootstrap records';

/** The first records of a log, from the directory's bootstrap.checkpoint: it may be one that Apache Kafka formatted. */
export function bootstrapRecords(checkpoint: Buffer | null, minInsyncReplicas: number): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  const state = { replay: (formatted: MetadataRecord) => void records.push(formatted) };
  if (checkpoint !== null) replayBatches(checkpoint, { codec: metadataRecordCodec, state, fromOffset: 0 });
  if (records.length === 0) records.push(...featureLevelRecords(BOOTSTRAP_METADATA_VERSION));
  if (levelIn(records, ELIGIBLE_LEADER_REPLICAS_VERSION) > 0) {
    // With eligible leader replicas (KIP-966) this value lives in the log, where every broker finds the same one.
    records.push(
      configRecord({ type: ResourceType.BROKER, name: '' }, 'min.insync.replicas', String(minInsyncReplicas)),
    );
  }
  if (!versionsAt.hasTransactions(levelIn(records, METADATA_VERSION))) return records;
  return [
    record('BeginTransactionRecord', { name: BOOTSTRAP_TRANSACTION }),
    ...records,
    record('EndTransactionRecord', {}),
  ];
}

function levelIn(records: readonly MetadataRecord[], feature: string): number {
  const level = records.findLast(each => each.type === 'FeatureLevelRecord' && each.data.name === feature);
  return level?.type === 'FeatureLevelRecord' ? level.data.featureLevel : 0;
}

/** bootstrap.checkpoint: header, feature levels, footer. */
export function bootstrapCheckpoint(metadataVersion: number, nowMs: number): Buffer {
  const levels = featureLevelRecords(metadataVersion);
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
