// How records stand in Kafka's own logs.
//
// Metadata log: no key; the value is frame version (unsigned varint, always 1), record type (unsigned varint), version
// (unsigned varint), message. Every record must be understood: an unknown one means that this program is too old for the
// directory. (Apache Kafka's AbstractApiMessageSerde.)
//
// Coordinators' logs: the key is its type (int16), then the key message, always in version 0; the value is its version
// (int16), then the message. No value is a tombstone. A key type that is not known may be skipped: it was written by a
// newer Kafka for a purpose this program does not have. (Apache Kafka's CoordinatorRecordSerde.)

import { codecOf } from '../../schema/codec.ts';
import type { LogRecord, Message } from '../../schema/field.ts';
import { DecodeError } from '../../wire/decode-error.ts';
import { Reader } from '../../wire/reader.ts';
import { Writer } from '../../wire/writer.ts';
import { groupRecords, metadataRecords, shareRecords, transactionRecords } from './index.ts';

const FRAME_VERSION = 1;
const KEY_VERSION = 0;

type AnyMetadataRecord = (typeof metadataRecords)[number];

/** A record of the metadata log, told apart by `type`. */
export type MetadataRecord = {
  [R in AnyMetadataRecord as R['name']]: {
    readonly type: R['name'];
    readonly version: number;
    readonly data: R['$value'];
  };
}[AnyMetadataRecord['name']];

/** What `encodeMetadataRecord` takes. Records that have one version only need not say it. */
export type MetadataRecordDraft = {
  [R in AnyMetadataRecord as R['name']]: {
    readonly type: R['name'];
    readonly version?: number;
    readonly data: R['$draft'];
  };
}[AnyMetadataRecord['name']];

const metadataByType: ReadonlyMap<number, LogRecord> = new Map(
  metadataRecords.map((record: LogRecord) => [record.type, record]),
);
const metadataByName: ReadonlyMap<string, LogRecord> = new Map(
  metadataRecords.map((record: LogRecord) => [record.name, record]),
);

export function encodeMetadataRecord(record: MetadataRecordDraft): Buffer {
  const definition = metadataByName.get(record.type)!;
  const { min, max } = definition.versions;
  if (record.version === undefined && min !== max) {
    throw new RangeError(
      `${record.type} has versions ${min} to ${max}: which one to write depends on metadata.version`,
    );
  }
  const version = record.version ?? min;
  const writer = new Writer();
  writer.uvarint(FRAME_VERSION);
  writer.uvarint(definition.type);
  writer.uvarint(version);
  codecOf(definition, version).encode(writer, record.data);
  return writer.toBuffer();
}

/** Throws DecodeError for whatever it does not understand wholly, with the sentence that a person needs. */
export function decodeMetadataRecord(value: Buffer): MetadataRecord {
  const reader = new Reader(value);
  const frameVersion = reader.uvarint();
  if (frameVersion !== FRAME_VERSION) {
    throw new DecodeError(
      `a metadata record has frame version ${frameVersion}; only ${FRAME_VERSION} is known`,
    );
  }
  const type = reader.uvarint();
  const version = reader.uvarint();
  const definition = metadataByType.get(type);
  if (definition === undefined) throw new DecodeError(`a metadata record has the unknown type ${type}`);
  const data = decodeVersion(definition, version, reader);
  if (reader.remaining > 0) {
    throw new DecodeError(`${definition.name} is followed by ${reader.remaining} bytes too many`);
  }
  return { type: definition.name, version, data } as MetadataRecord;
}

function decodeVersion(message: Message, version: number, reader: Reader): unknown {
  const { min, max } = message.versions;
  if (version < min || version > max) {
    throw new DecodeError(`${message.name} has version ${version}; versions ${min} to ${max} are known`);
  }
  return codecOf(message, version).decode(reader);
}

interface CoordinatorRecordDefinition {
  readonly name: string;
  readonly key: LogRecord;
  readonly value: LogRecord;
}

/** Key and value as they stand in a record of the log; null is a tombstone. */
export interface FramedRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

type CoordinatorRecordOf<D extends CoordinatorRecordDefinition, Phantom extends '$value' | '$draft'> = {
  [R in D as R['name']]:
    | { readonly type: R['name']; readonly key: R['key'][Phantom]; readonly value: null }
    | {
        readonly type: R['name'];
        readonly key: R['key'][Phantom];
        readonly value: R['value'][Phantom];
        readonly valueVersion: number;
      };
}[D['name']];

/** A record of __consumer_offsets, told apart by `type`: 'OffsetCommit', 'GroupMetadata', 'ConsumerGroupMetadata', … */
export type GroupRecord = CoordinatorRecordOf<(typeof groupRecords)[number], '$value'>;
export type GroupRecordDraft = CoordinatorRecordOf<(typeof groupRecords)[number], '$draft'>;

/** A record of __transaction_state. */
export type TransactionRecord = CoordinatorRecordOf<(typeof transactionRecords)[number], '$value'>;
export type TransactionRecordDraft = CoordinatorRecordOf<(typeof transactionRecords)[number], '$draft'>;

/** A record of __share_group_state. */
export type ShareRecord = CoordinatorRecordOf<(typeof shareRecords)[number], '$value'>;
export type ShareRecordDraft = CoordinatorRecordOf<(typeof shareRecords)[number], '$draft'>;

interface AnyCoordinatorRecord {
  readonly type: string;
  readonly key: unknown;
  readonly value: unknown;
  readonly valueVersion?: number;
}

/** The framing of one coordinator's log. Key types are numbers of that log: 0 means something else in each. */
export class CoordinatorRecordCodec<Value extends AnyCoordinatorRecord, Draft extends AnyCoordinatorRecord> {
  readonly #byType: ReadonlyMap<number, CoordinatorRecordDefinition>;
  readonly #byName: ReadonlyMap<string, CoordinatorRecordDefinition>;

  constructor(definitions: readonly CoordinatorRecordDefinition[]) {
    this.#byType = new Map(definitions.map(definition => [definition.key.type, definition]));
    this.#byName = new Map(definitions.map(definition => [definition.name, definition]));
  }

  encode(record: Draft): FramedRecord {
    const definition = this.#byName.get(record.type)!;
    const key = new Writer();
    key.int16(definition.key.type);
    codecOf(definition.key, KEY_VERSION).encode(key, record.key);
    if (record.value === null) return { key: key.toBuffer(), value: null };
    const version = record.valueVersion!;
    const value = new Writer();
    value.int16(version);
    codecOf(definition.value, version).encode(value, record.value);
    return { key: key.toBuffer(), value: value.toBuffer() };
  }

  /** null: a key type that is not known, to be skipped. Throws DecodeError for damage and for unknown value versions. */
  decode(key: Buffer | null, value: Buffer | null): Value | null {
    if (key === null) throw new DecodeError('a coordinator record has no key');
    const keyReader = new Reader(key);
    const definition = this.#byType.get(keyReader.int16());
    if (definition === undefined) return null;
    const type = definition.name;
    const keyData = decodeVersion(definition.key, KEY_VERSION, keyReader);
    if (value === null) return { type, key: keyData, value: null } as unknown as Value;
    const valueReader = new Reader(value);
    const valueVersion = valueReader.int16();
    const valueData = decodeVersion(definition.value, valueVersion, valueReader);
    return { type, key: keyData, value: valueData, valueVersion } as unknown as Value;
  }
}

/** __consumer_offsets */
export const groupRecordCodec = new CoordinatorRecordCodec<GroupRecord, GroupRecordDraft>(groupRecords);
/** __transaction_state */
export const transactionRecordCodec = new CoordinatorRecordCodec<TransactionRecord, TransactionRecordDraft>(
  transactionRecords,
);
/** __share_group_state */
export const shareRecordCodec = new CoordinatorRecordCodec<ShareRecord, ShareRecordDraft>(shareRecords);
