// This node as the only voter of its metadata quorum (KIP-595, KIP-853). Every start is an election won at once: the raft
// epoch grows, a LeaderChange record says so, and in a log of kraft.version 1 the voters stand in the log itself. A log of
// kraft.version 0 has static voters in its quorum-state, until kraft.version is raised (update-features.ts).

import { KRaftVersionRecord } from '../../protocol/messages/records/kraft-version-record.ts';
import { LeaderChangeMessage } from '../../protocol/messages/records/leader-change-message.ts';
import { SnapshotFooterRecord } from '../../protocol/messages/records/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../../protocol/messages/records/snapshot-header-record.ts';
import { VotersRecord } from '../../protocol/messages/records/voters-record.ts';
import {
  type ControlRecordInput,
  ControlType,
  type ControlTypeName,
} from '../../protocol/records/control-records.ts';
import { codecOf } from '../../protocol/schema/codec.ts';
import type { Message, RecordDraft } from '../../protocol/schema/field.ts';
import { Reader } from '../../protocol/wire/reader.ts';
import { Writer } from '../../protocol/wire/writer.ts';
import type { ControlRecord } from '../runtime/record-codec.ts';
import { ZERO_UUID } from './image.ts';
import type { Voter } from './metadata-state.ts';

/** The controller endpoint a Voters record must name. Millrace has no such listener; a Kafka that takes over renames it. */
export const CONTROLLER_ENDPOINT = { name: 'CONTROLLER', host: 'localhost', port: 9093 } as const;

/** The quorum as DescribeQuorum and those who would change it see it. */
export interface QuorumView {
  readonly leaderEpoch: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** Empty: a static quorum (kraft.version 0), which cannot be changed. */
  readonly voters: readonly Voter[];
}

export function selfAsVoter(self: { readonly nodeId: number; readonly directoryId: string }): Voter {
  return {
    voterId: self.nodeId,
    voterDirectoryId: self.directoryId,
    endpoints: [{ ...CONTROLLER_ENDPOINT }],
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
  };
}

/** Always version 0, also under kraft.version 1. */
export function leaderChange(nodeId: number): ControlRecordInput {
  const voters = [{ voterId: nodeId, voterDirectoryId: ZERO_UUID }];
  return control('LEADER_CHANGE', LeaderChangeMessage, {
    version: 0,
    leaderId: nodeId,
    voters,
    grantingVoters: voters,
  });
}

export function kraftVersion(kRaftVersion: number): ControlRecordInput {
  return control('KRAFT_VERSION', KRaftVersionRecord, { version: 0, kRaftVersion });
}

export function votersRecord(voters: readonly Voter[]): ControlRecordInput {
  return control('KRAFT_VOTERS', VotersRecord, { version: 0, voters });
}

export function snapshotHeader(lastContainedLogTimestampMs: number): ControlRecordInput {
  const lastContainedLogTimestamp = BigInt(lastContainedLogTimestampMs);
  return control('SNAPSHOT_HEADER', SnapshotHeaderRecord, { version: 0, lastContainedLogTimestamp });
}

/** null: another control record. */
export function snapshotHeaderTimestampMs({ type, value }: ControlRecord): number | null {
  if (type !== ControlType.SNAPSHOT_HEADER || value === null) return null;
  return Number(codecOf(SnapshotHeaderRecord, 0).decode(new Reader(value)).lastContainedLogTimestamp);
}

export function snapshotFooter(): ControlRecordInput {
  return control('SNAPSHOT_FOOTER', SnapshotFooterRecord, { version: 0 });
}

function control<M extends Message>(
  type: ControlTypeName,
  message: M,
  value: RecordDraft<M>,
): ControlRecordInput {
  const writer = new Writer();
  codecOf(message, 0).encode(writer, value as never);
  return { type, value: writer.toBuffer() };
}
