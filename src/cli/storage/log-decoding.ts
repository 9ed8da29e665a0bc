// What the records of Kafka's own logs mean: the metadata log, the coordinators' topics, control records. Written as Apache
// Kafka's DumpLogSegments writes them.

import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
} from '../../protocol/messages/consumer-protocol.ts';
import {
  decodeMetadataRecord,
  groupRecordCodec,
  shareRecordCodec,
  transactionRecordCodec,
} from '../../protocol/messages/records/framing.ts';
import {
  groupRecords,
  metadataRecords,
  shareRecords,
  transactionRecords,
} from '../../protocol/messages/records/index.ts';
import { KRaftVersionRecord } from '../../protocol/messages/records/kraft-version-record.ts';
import { LeaderChangeMessage } from '../../protocol/messages/records/leader-change-message.ts';
import { SnapshotFooterRecord } from '../../protocol/messages/records/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../../protocol/messages/records/snapshot-header-record.ts';
import { VotersRecord } from '../../protocol/messages/records/voters-record.ts';
import { controlTypeOf, coordinatorEpochOf } from '../../protocol/records/control-records.ts';
import type { RecordView } from '../../protocol/records/read-records.ts';
import { codecOf } from '../../protocol/schema/codec.ts';
import type { LogRecord, Message } from '../../protocol/schema/field.ts';
import { type Json, messageJson } from '../../protocol/schema/json.ts';
import { DecodeError } from '../../protocol/wire/decode-error.ts';
import { Reader } from '../../protocol/wire/reader.ts';

export interface DecodedRecord {
  /** null: the record has none, or it stands for nothing. */
  readonly key: Json;
  readonly value: Json;
}

export type RecordDecoder = (record: RecordView) => DecodedRecord;

interface CoordinatorTopic {
  readonly codec: { decode(key: Buffer | null, value: Buffer | null): AnyRecord | null };
  readonly records: readonly { readonly name: string; readonly key: LogRecord; readonly value: LogRecord }[];
}

interface AnyRecord {
  readonly type: string;
  readonly key: unknown;
  readonly value: unknown;
  readonly valueVersion?: number;
}

const COORDINATORS: Readonly<Record<string, CoordinatorTopic>> = {
  __consumer_offsets: { codec: groupRecordCodec, records: groupRecords },
  __transaction_state: { codec: transactionRecordCodec, records: transactionRecords },
  __share_group_state: { codec: shareRecordCodec, records: shareRecords },
};
const metadataByName: ReadonlyMap<string, LogRecord> = new Map(
  metadataRecords.map((record: LogRecord) => [record.name, record]),
);

/** null: a topic whose records mean nothing to Kafka itself. The decoder throws DecodeError for what it cannot read. */
export function decoderFor(topic: string): RecordDecoder | null {
  if (topic === '__cluster_metadata') return decodeMetadata;
  const coordinator = COORDINATORS[topic];
  return coordinator === undefined ? null : record => decodeCoordinator(coordinator, record);
}

function decodeMetadata({ value }: RecordView): DecodedRecord {
  if (value === null) return { key: null, value: null };
  const { type, version, data } = decodeMetadataRecord(value);
  const json = messageJson(metadataByName.get(type)!, version, data);
  return { key: null, value: { type: upperSnake(type), version, data: json } };
}

function decodeCoordinator({ codec, records }: CoordinatorTopic, record: RecordView): DecodedRecord {
  const decoded = codec.decode(record.key, record.value);
  if (decoded === null)
    return { key: { type: String(record.key!.readInt16BE(0)), data: 'unknown' }, value: null };
  const definition = records.find(({ name }) => name === decoded.type)!;
  const key = { type: String(definition.key.type), data: messageJson(definition.key, 0, decoded.key) };
  if (decoded.value === null) return { key, value: '<DELETE>' };
  const version = decoded.valueVersion!;
  const data = messageJson(definition.value, version, decoded.value);
  if (decoded.type === 'GroupMetadata')
    openMembers(data as unknown as GroupMetadataJson, decoded.value as GroupMetadata);
  return { key, value: { version: String(version), data } };
}

interface GroupMetadata {
  readonly protocolType: string | null;
  readonly members: readonly { readonly subscription: Buffer; readonly assignment: Buffer }[];
}
interface GroupMetadataJson {
  members: { subscription: Json; assignment: Json }[];
}

/** What the members of a classic group of consumers say to each other is readable too. */
function openMembers(json: GroupMetadataJson, { protocolType, members }: GroupMetadata): void {
  if (protocolType !== 'consumer') return;
  members.forEach(({ subscription, assignment }, index) => {
    const shown = json.members[index]!;
    shown.subscription = embedded(ConsumerProtocolSubscription, subscription) ?? shown.subscription;
    shown.assignment = embedded(ConsumerProtocolAssignment, assignment) ?? shown.assignment;
  });
}

/** int16 version, message. A newer version is read as the newest known; null for what does not read at all. */
function embedded(message: Message, bytes: Buffer): Json {
  if (bytes.length < 2) return null;
  const version = Math.min(bytes.readInt16BE(0), message.versions.max);
  try {
    return messageJson(message, version, codecOf(message, version).decode(new Reader(bytes, 2)));
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/** FeatureLevelRecord -> FEATURE_LEVEL_RECORD, as Apache Kafka's MetadataRecordType has it. */
function upperSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

const KRAFT: Readonly<Record<string, readonly [label: string, message: Message]>> = {
  LEADER_CHANGE: ['LeaderChange:', LeaderChangeMessage],
  SNAPSHOT_HEADER: ['SnapshotHeader', SnapshotHeaderRecord],
  SNAPSHOT_FOOTER: ['SnapshotFooter', SnapshotFooterRecord],
  KRAFT_VERSION: ['KRaftVersion', KRaftVersionRecord],
  KRAFT_VOTERS: ['KRaftVoters', VotersRecord],
};

export interface DecodedControl {
  readonly type: string;
  readonly label: string;
  readonly value: Json;
}

/** A transaction marker's value is its coordinator epoch. */
export function decodeControl({ key, value }: RecordView): DecodedControl {
  const type = controlTypeOf(key);
  if (type === null) return { type: 'UNKNOWN', label: 'unknown control type', value: key!.readInt16BE(2) };
  if (type === 'COMMIT' || type === 'ABORT')
    return { type, label: `endTxnMarker: ${type} coordinatorEpoch:`, value: coordinatorEpochOf(value) };
  const [label, message] = KRAFT[type]!;
  // Version 0 is the first field, and the newest version of these messages reads all older ones.
  const version = Math.min(message.versions.max, value!.readInt16BE(0));
  const decoded = codecOf(message, version).decode(new Reader(value!));
  return { type, label, value: messageJson(message, version, decoded) };
}
