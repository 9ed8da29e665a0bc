// Reads test/golden/messages and test/golden/schema (made by Apache Kafka 4.3.1, see the README there) and turns a case's
// JSON into what decoding must give. Types and defaults come from the golden schema, never from our declarations.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apis } from '../../src/protocol/messages/apis/index.ts';
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
} from '../../src/protocol/messages/consumer-protocol.ts';
import { DefaultPrincipalData } from '../../src/protocol/messages/default-principal-data.ts';
import { RequestHeader, ResponseHeader } from '../../src/protocol/messages/headers.ts';
import { ControlRecordTypeSchema } from '../../src/protocol/messages/records/control-record-type.ts';
import { EndTxnMarker } from '../../src/protocol/messages/records/end-txn-marker.ts';
import {
  groupRecords,
  metadataRecords,
  shareRecords,
  transactionRecords,
} from '../../src/protocol/messages/records/index.ts';
import { KRaftVersionRecord } from '../../src/protocol/messages/records/kraft-version-record.ts';
import { LeaderChangeMessage } from '../../src/protocol/messages/records/leader-change-message.ts';
import { ProducerSnapshot } from '../../src/protocol/messages/records/producer-snapshot.ts';
import { RemoteLogSegmentMetadataRecord } from '../../src/protocol/messages/records/remote-log-segment-metadata-record.ts';
import { RemoteLogSegmentMetadataSnapshotRecord } from '../../src/protocol/messages/records/remote-log-segment-metadata-snapshot-record.ts';
import { RemoteLogSegmentMetadataUpdateRecord } from '../../src/protocol/messages/records/remote-log-segment-metadata-update-record.ts';
import { RemotePartitionDeleteMetadataRecord } from '../../src/protocol/messages/records/remote-partition-delete-metadata-record.ts';
import { SnapshotFooterRecord } from '../../src/protocol/messages/records/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../../src/protocol/messages/records/snapshot-header-record.ts';
import { VotersRecord } from '../../src/protocol/messages/records/voters-record.ts';
import { type AnyField, Field, type Fields, Message } from '../../src/protocol/schema/field.ts';

const golden = fileURLToPath(new URL('../golden/', import.meta.url));

/** Kafka keeps it as JSON in the file quorum-state; its binary form has no use. */
export const WITHOUT_BINARY_USE = 'QuorumStateData';

export interface SchemaField {
  readonly name: string;
  readonly type: string;
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly tag?: number;
  readonly default?: unknown;
  readonly ignorable?: boolean;
  readonly flexibleVersions?: string;
  readonly fields?: readonly SchemaField[];
}

export interface Schema {
  readonly name: string;
  readonly type: string;
  readonly apiKey?: number;
  readonly artifact: string;
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly SchemaField[];
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly SchemaField[] }[];
}

export interface GoldenCase {
  readonly version: number;
  readonly kind: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly hex: string;
  readonly framed?: string;
  readonly unknownTags?: readonly { readonly at: string; readonly tag: number; readonly hex: string }[];
}

export interface GoldenMessage {
  readonly name: string;
  readonly type: string;
  readonly apiKey?: number;
  readonly cases: readonly GoldenCase[];
}

/** Integers beyond 2^53 become bigint, so that nothing is rounded. */
function parseLossless(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && /^-?\d{16,}$/.test(context?.source ?? '') ? BigInt(context!.source!) : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

export function loadGolden(path: string): unknown {
  return parseLossless(readFileSync(golden + path, 'utf8'));
}

export function loadGoldenMessages(): GoldenMessage[] {
  const files = readdirSync(`${golden}messages`).sort();
  return files
    .map(file => loadGolden(`messages/${file}`) as GoldenMessage)
    .filter(message => message.name !== WITHOUT_BINARY_USE);
}

export function loadSchemas(): Schema[] {
  const files = readdirSync(`${golden}schema`).filter(file => file !== 'apis.json' && file !== 'errors.json');
  return files
    .map(file => loadGolden(`schema/${file}`) as Schema)
    .filter(schema => schema.validVersions !== 'none' && schema.name !== WITHOUT_BINARY_USE);
}

/** Every message that is declared, by Kafka's name for it. */
export function declaredMessages(): Map<string, Message> {
  const pairs = [...groupRecords, ...transactionRecords, ...shareRecords];
  const messages: Message[] = [
    ...[...apis.values()].flatMap(api => [api.request, api.response]),
    ...metadataRecords,
    ...pairs.flatMap(pair => [pair.key, pair.value]),
    ...[RequestHeader, ResponseHeader, DefaultPrincipalData, ProducerSnapshot],
    ...[ConsumerProtocolSubscription, ConsumerProtocolAssignment],
    ...[ControlRecordTypeSchema, EndTxnMarker, LeaderChangeMessage, KRaftVersionRecord, VotersRecord],
    ...[SnapshotHeaderRecord, SnapshotFooterRecord],
    ...[RemoteLogSegmentMetadataRecord, RemoteLogSegmentMetadataUpdateRecord],
    ...[RemoteLogSegmentMetadataSnapshotRecord, RemotePartitionDeleteMetadataRecord],
  ];
  return new Map(messages.map(message => [message.name, message]));
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** "3", "3-13" or "3+"; null for "none" and for nothing. */
export function rangeOf(versions: string | undefined): Range | null {
  if (versions === undefined || versions === 'none') return null;
  if (versions.endsWith('+')) return { min: Number.parseInt(versions, 10), max: 32767 };
  const [min, max] = versions.split('-').map(Number) as [number, number | undefined];
  return { min, max: max ?? min };
}

export function intersect(a: Range | null, b: Range | null): Range | null {
  if (a === null || b === null) return null;
  const range = { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
  return range.min <= range.max ? range : null;
}

export function elementTypeOf(type: string): string | null {
  return type.startsWith('[]') ? type.slice(2) : null;
}

export function fieldsOfType(schema: Schema, field: SchemaField): readonly SchemaField[] {
  const name = elementTypeOf(field.type) ?? field.type;
  return field.fields ?? schema.commonStructs?.find(struct => struct.name === name)?.fields ?? [];
}

export interface ExpectOptions {
  readonly schema: Schema;
  readonly message: Message;
  readonly golden: GoldenCase;
  /** Whether fields the JSON leaves out are filled with their defaults (what decoding gives) or left out (a draft). */
  readonly filled: boolean;
  /** Fields of the kind `offset` as bigint: see withWideOffsets(). */
  readonly wideOffsets: boolean;
}

export function expectedValue(options: ExpectOptions): object {
  const {
    schema,
    message,
    golden: { json, unknownTags = [] },
  } = options;
  const value = structValue(options, {
    schemaFields: schema.fields,
    fields: message.fields,
    json,
    range: rangeOf(schema.validVersions)!,
  }) as Record<string, unknown>;
  for (const { at, tag, hex } of unknownTags) {
    let target = value;
    for (const step of at === '' ? [] : at.split('.')) target = target[step] as Record<string, unknown>;
    target['unknownTags'] = [
      ...((target['unknownTags'] as object[]) ?? []),
      { tag, data: Buffer.from(hex, 'hex') },
    ];
  }
  return value;
}

interface StructPlace {
  readonly schemaFields: readonly SchemaField[];
  readonly fields: Fields;
  readonly json: Readonly<Record<string, unknown>>;
  readonly range: Range;
}

function structValue(options: ExpectOptions, place: StructPlace): object {
  const value: Record<string, unknown> = {};
  for (const schemaField of place.schemaFields) {
    const range = intersect(rangeOf(schemaField.versions ?? schemaField.taggedVersions), place.range);
    if (range === null) continue;
    const name = lowerFirst(schemaField.name);
    const inner = { schemaField, field: place.fields[name]!, range };
    if (name in place.json) value[name] = fieldValue(options, inner, place.json[name]);
    else if (options.filled) value[name] = defaultValue(options, inner);
  }
  return value;
}

interface FieldPlace {
  readonly schemaField: SchemaField;
  readonly field: AnyField;
  readonly range: Range;
}

function fieldValue(options: ExpectOptions, place: FieldPlace, json: unknown): unknown {
  if (json === null) return null;
  const element = elementTypeOf(place.schemaField.type);
  if (element === null) return scalarValue(options, place, json);
  const field = place.field.facts.element!;
  const schemaField = { ...place.schemaField, type: element };
  return (json as unknown[]).map(item => scalarValue(options, { ...place, schemaField, field }, item));
}

function scalarValue(options: ExpectOptions, place: FieldPlace, json: unknown): unknown {
  const { schemaField, field, range } = place;
  switch (schemaField.type) {
    case 'int64':
      return field.facts.kind === 'offset' && !options.wideOffsets ? Number(json) : BigInt(json as number);
    case 'bytes':
    case 'records':
      return Buffer.from(json as string, 'base64');
    case 'bool':
    case 'string':
    case 'uuid':
      return json;
    default:
      if (!/^[A-Z]/.test(schemaField.type)) return Number(json);
  }
  const schemaFields = fieldsOfType(options.schema, schemaField);
  return structValue(options, {
    schemaFields,
    fields: field.facts.fields!,
    json: json as StructPlace['json'],
    range,
  });
}

function defaultValue(options: ExpectOptions, place: FieldPlace): unknown {
  const { schemaField } = place;
  const text = schemaField.default;
  if (text === 'null') return null;
  if (elementTypeOf(schemaField.type) !== null) return [];
  const given = text === undefined || text === null ? null : String(text);
  switch (schemaField.type) {
    case 'bool':
      return given === 'true';
    case 'string':
      return given ?? '';
    case 'uuid':
      return 'AAAAAAAAAAAAAAAAAAAAAA';
    case 'bytes':
    case 'records':
      return Buffer.alloc(0);
    case 'int64':
      return scalarValue(options, place, BigInt(given ?? '0'));
    default:
      return scalarValue(options, place, /^[A-Z]/.test(schemaField.type) ? {} : Number(given ?? '0'));
  }
}

/** The message with its offsets read as bigint: golden cases hold int64 that no offset can have. */
export function withWideOffsets(message: Message): Message {
  const { name, versions, flexibleSince } = message;
  return new Message({ name, versions, flexibleSince, fields: widenFields(message.fields) });
}

function widenFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, widenField(field)]));
}

function widenField(field: AnyField): AnyField {
  const { kind, defaultValue, element, fields } = field.facts;
  return new Field({
    ...field.facts,
    kind: kind === 'offset' ? 'int64' : kind,
    defaultValue: kind === 'offset' && typeof defaultValue === 'number' ? BigInt(defaultValue) : defaultValue,
    element: element === null ? null : widenField(element),
    fields: fields === null ? null : widenFields(fields),
  });
}
