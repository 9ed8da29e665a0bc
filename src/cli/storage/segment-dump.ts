// The batches and records of a segment or a metadata snapshot, one after another: as text in the words of Apache Kafka's
// DumpLogSegments, so that what people and scripts know goes on working, or as objects.

import {
  baseOffset,
  baseSequence,
  codecId,
  crc,
  deleteHorizonMs,
  isControl,
  isLogAppendTime,
  isTransactional,
  lastOffset,
  lastSequence,
  magic,
  maxTimestamp,
  partitionLeaderEpoch,
  producerEpoch,
  producerId,
  recordCount,
  sizeInBytes,
} from '../../protocol/records/batch-header.ts';
import { iterateRecords, type RecordView } from '../../protocol/records/read-records.ts';
import { jsonText } from '../../protocol/schema/json.ts';
import type { DamagePiece, SegmentPiece } from '../../storage/inspection/segment-walk.ts';
import { decodeControl, type RecordDecoder } from './log-decoding.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** A line of text, and the same as an object. */
export interface DumpLine {
  readonly text: string;
  readonly json: object;
}

export interface SegmentDumpOptions {
  readonly withRecords: boolean;
  readonly decoder: RecordDecoder | null;
  readonly fromOffset: number;
  readonly untilOffset: number;
}

export function* dumpSegment(
  pieces: Iterable<SegmentPiece>,
  options: SegmentDumpOptions,
): Generator<DumpLine> {
  for (const piece of pieces) {
    if (piece.kind === 'damage') {
      yield* damageLines(piece);
      continue;
    }
    const { batch, position } = piece;
    if (lastOffset(batch, 0) < options.fromOffset) continue;
    if (baseOffset(batch, 0) >= options.untilOffset) return;
    yield batchLine(batch, { position, isValid: true });
    if (options.withRecords) yield* recordLines(batch, options);
  }
}

function batchLine(batch: Buffer, { position, isValid }: { position: number; isValid: boolean }): DumpLine {
  const facts = {
    baseOffset: baseOffset(batch, 0),
    lastOffset: lastOffset(batch, 0),
    count: recordCount(batch, 0),
    baseSequence: baseSequence(batch, 0),
    lastSequence: lastSequence(batch, 0),
    producerId: producerId(batch, 0),
    producerEpoch: producerEpoch(batch, 0),
    partitionLeaderEpoch: partitionLeaderEpoch(batch, 0),
    isTransactional: isTransactional(batch, 0),
    isControl: isControl(batch, 0),
    deleteHorizonMs: deleteHorizonMs(batch, 0),
    position,
    [isLogAppendTime(batch, 0) ? 'LogAppendTime' : 'CreateTime']: maxTimestamp(batch, 0),
    size: sizeInBytes(batch, 0),
    magic: magic(batch, 0),
    compresscodec: CODECS[codecId(batch, 0)] ?? `unknown (${codecId(batch, 0)})`,
    crc: crc(batch, 0),
    isvalid: isValid,
  };
  return {
    text: wordsOf({ ...facts, deleteHorizonMs: optionalLong(facts.deleteHorizonMs) }),
    json: { kind: 'batch', ...facts },
  };
}

function* damageLines(damage: DamagePiece): Generator<DumpLine> {
  const { header, position, endPosition, offset, reason, isTail } = damage;
  if (header !== null) yield batchLine(header, { position, isValid: false });
  const json = { kind: 'damage', position, endPosition, offset, reason, isTail };
  const where = `${endPosition - position} bytes from position ${position}`;
  const rest = isTail ? 'nothing valid follows' : `the next valid batch is at position ${endPosition}`;
  yield { text: `damage: ${where} (${reason}); the first offset missing is ${offset}; ${rest}`, json };
}

function* recordLines(batch: Buffer, options: SegmentDumpOptions): Generator<DumpLine> {
  const timeName = isLogAppendTime(batch, 0) ? 'LogAppendTime' : 'CreateTime';
  const control = isControl(batch, 0);
  try {
    for (const record of iterateRecords(batch)) {
      if (record.offset < options.fromOffset || record.offset >= options.untilOffset) continue;
      yield recordLine(record, { timeName, control, decoder: options.decoder });
    }
  } catch (error) {
    const message = (error as Error).message;
    yield { text: `| the records do not read: ${message}`, json: { kind: 'unreadable', message } };
  }
}

function recordLine(
  record: RecordView,
  { timeName, control, decoder }: { timeName: string; control: boolean; decoder: RecordDecoder | null },
): DumpLine {
  const { offset, timestamp, key, value, sequence, headers } = record;
  const facts = {
    offset,
    [timeName]: timestamp,
    keySize: key?.length ?? -1,
    valueSize: value?.length ?? -1,
    sequence,
  };
  const start = `| ${wordsOf(facts)} headerKeys: [${headers.map(header => header.key).join(',')}]`;
  const headersJson = headers.map(header => ({ key: header.key, value: bytesJson(header.value) }));
  const json = { kind: 'record', ...facts, headers: headersJson };
  if (control) {
    const decoded = decodeControl(record);
    const text = `${start} ${decoded.label} ${jsonText(decoded.value)}`;
    return { text, json: { ...json, control: decoded.type, value: decoded.value } };
  }
  if (decoder !== null) {
    const decoded = decoder(record);
    return {
      text: start + keyAndPayload(jsonOrNull(decoded.key), jsonOrNull(decoded.value)),
      json: { ...json, ...decoded },
    };
  }
  return {
    text: start + keyAndPayload(key?.toString() ?? null, value?.toString() ?? null),
    json: { ...json, key: bytesJson(key), value: bytesJson(value) },
  };
}

function jsonOrNull(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? value : jsonText(value);
}

function keyAndPayload(key: string | null, payload: string | null): string {
  return (key === null ? '' : ` key: ${key}`) + (payload === null ? '' : ` payload: ${payload}`);
}

/** Text where the bytes are UTF-8, so that most logs can be read; nothing is lost where they are not. */
function bytesJson(bytes: Buffer | null): string | { base64: string } | null {
  if (bytes === null) return null;
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}

/** As Java prints an OptionalLong. */
export function optionalLong(value: number | bigint | null): string {
  return value === null ? 'OptionalLong.empty' : `OptionalLong[${value}]`;
}

export function wordsOf(facts: object): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' ');
}
