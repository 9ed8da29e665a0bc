// Builds record batches v2, byte for byte as Apache Kafka's MemoryRecordsBuilder does: base timestamp is that of the
// first record, all varints are minimal, the record attributes are 0. The result is the caller's own memory.

import { Writer } from '../wire/writer.ts';
import * as header from './batch-header.ts';
import { CODEC_IDS, type CodecName } from './compression/codec.ts';
import { codecOfId } from './compression/index.ts';

export interface RecordInput {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | null }[];
  /** Milliseconds since the epoch; -1 for none. */
  readonly timestamp: number;
  /** Where the offsets have gaps; without it they follow each other. */
  readonly offset?: number;
}

export interface BatchFields {
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
  readonly codec?: CodecName;
  readonly compressionLevel?: number;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
  readonly control?: boolean;
  /** Makes the timestamps of all records this one (LogAppendTime). */
  readonly logAppendTimeMs?: number | undefined;
  /** When compaction may drop the batch's tombstones; takes the place of the base timestamp (KAFKA-8522). */
  readonly deleteHorizonMs?: number | undefined;
  /** Where the last record is gone: compaction keeps the last offset. */
  readonly lastOffsetDelta?: number | undefined;
  /** Where no record is left to tell. */
  readonly maxTimestamp?: number | undefined;
}

export function buildBatch({
  records,
  ...fields
}: BatchFields & { readonly records: readonly RecordInput[] }): Buffer {
  const baseOffset = fields.baseOffset ?? 0;
  const baseTimestamp = fields.deleteHorizonMs ?? records[0]?.timestamp ?? header.NO_TIMESTAMP;
  const payload = new PayloadWriter();
  let maxTimestamp = header.NO_TIMESTAMP;
  let offsetDelta = -1;
  for (const record of records) {
    offsetDelta = record.offset === undefined ? offsetDelta + 1 : record.offset - baseOffset;
    payload.append(record, { offsetDelta, timestampDelta: record.timestamp - baseTimestamp });
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp;
  }
  return finishBatch(payload, {
    ...fields,
    baseTimestamp,
    maxTimestamp: fields.maxTimestamp ?? maxTimestamp,
    lastOffsetDelta: fields.lastOffsetDelta ?? offsetDelta,
  });
}

/** The records of a batch to be, uncompressed, behind the room for its header. */
export class PayloadWriter {
  readonly #writer = new Writer(1024);
  #recordCount = 0;

  constructor() {
    this.#writer.bytes(EMPTY_HEADER);
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  append(record: RecordInput, deltas: RecordDeltas): void {
    const { key, value, headers = [] } = record;
    let tailSize = sizedLength(key) + sizedLength(value) + varintLength(headers.length);
    const headerKeys = headers.map(({ key: headerKey }) => Buffer.from(headerKey));
    headers.forEach((entry, index) => {
      tailSize += sizedLength(headerKeys[index]!) + sizedLength(entry.value);
    });
    this.#begin(deltas, tailSize);
    this.#sized(key);
    this.#sized(value);
    this.#writer.varint(headers.length);
    headers.forEach((entry, index) => {
      this.#sized(headerKeys[index]!);
      this.#sized(entry.value);
    });
  }

  /** A record whose key, value and headers are encoded already. */
  appendEncoded(tail: Buffer, deltas: RecordDeltas): void {
    this.#begin(deltas, tail.length);
    this.#writer.bytes(tail);
  }

  /** The header's room, then the records. The writer is of no use after it. */
  toBuffer(): Buffer {
    return this.#writer.toBuffer();
  }

  #begin({ offsetDelta, timestampDelta }: RecordDeltas, tailSize: number): void {
    this.#recordCount += 1;
    this.#writer.varint(1 + varlongLength(timestampDelta) + varintLength(offsetDelta) + tailSize);
    this.#writer.int8(0);
    writeVarlong(this.#writer, timestampDelta);
    this.#writer.varint(offsetDelta);
  }

  #sized(bytes: Buffer | null): void {
    this.#writer.varint(bytes === null ? -1 : bytes.length);
    if (bytes !== null) this.#writer.bytes(bytes);
  }
}

export interface RecordDeltas {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
}

const EMPTY_HEADER = Buffer.alloc(header.BATCH_OVERHEAD);

/** Compresses the payload and writes the header and the CRC. */
export function finishBatch(
  payload: PayloadWriter,
  fields: BatchFields & {
    readonly baseTimestamp: number;
    readonly maxTimestamp: number;
    readonly lastOffsetDelta: number;
  },
): Buffer {
  const codecId = CODEC_IDS[fields.codec ?? 'none'];
  const codec = codecOfId(codecId);
  let batch = payload.toBuffer();
  if (codec !== undefined) {
    const compressed = codec.compress(batch.subarray(header.BATCH_OVERHEAD), fields.compressionLevel);
    batch = Buffer.concat([EMPTY_HEADER, compressed]);
  }
  const { logAppendTimeMs } = fields;
  let attributes: number = codecId;
  if (logAppendTimeMs !== undefined) attributes |= header.LOG_APPEND_TIME_FLAG;
  if (fields.transactional === true) attributes |= header.TRANSACTIONAL_FLAG;
  if (fields.control === true) attributes |= header.CONTROL_FLAG;
  if (fields.deleteHorizonMs !== undefined) attributes |= header.DELETE_HORIZON_FLAG;
  header.setBaseOffset(batch, 0, fields.baseOffset ?? 0);
  batch.writeInt32BE(batch.length - header.LOG_OVERHEAD, header.LENGTH_POSITION);
  batch.writeInt32BE(fields.leaderEpoch ?? header.NO_LEADER_EPOCH, header.LEADER_EPOCH_POSITION);
  batch.writeInt8(header.CURRENT_MAGIC, header.MAGIC_POSITION);
  batch.writeInt16BE(attributes, header.ATTRIBUTES_POSITION);
  batch.writeInt32BE(fields.lastOffsetDelta, header.LAST_OFFSET_DELTA_POSITION);
  batch.writeBigInt64BE(BigInt(fields.baseTimestamp), header.BASE_TIMESTAMP_POSITION);
  batch.writeBigInt64BE(BigInt(logAppendTimeMs ?? fields.maxTimestamp), header.MAX_TIMESTAMP_POSITION);
  batch.writeBigInt64BE(fields.producerId ?? header.NO_PRODUCER_ID, header.PRODUCER_ID_POSITION);
  batch.writeInt16BE(fields.producerEpoch ?? header.NO_PRODUCER_EPOCH, header.PRODUCER_EPOCH_POSITION);
  batch.writeInt32BE(fields.baseSequence ?? header.NO_SEQUENCE, header.BASE_SEQUENCE_POSITION);
  batch.writeInt32BE(payload.recordCount, header.RECORD_COUNT_POSITION);
  header.updateCrc(batch, 0);
  return batch;
}

function sizedLength(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintLength(bytes.length) + bytes.length;
}

function varintLength(value: number): number {
  let raw = ((value << 1) ^ (value >> 31)) >>> 0;
  let length = 1;
  while (raw > 0x7f) {
    raw >>>= 7;
    length += 1;
  }
  return length;
}

/** Timestamp deltas are nearly always those of an int32; the others take the way through bigint. */
function varlongLength(value: number): number {
  if ((value | 0) === value) return varintLength(value);
  let raw = zigzag(value);
  let length = 1;
  while (raw > 0x7fn) {
    raw >>= 7n;
    length += 1;
  }
  return length;
}

function writeVarlong(writer: Writer, value: number): void {
  if ((value | 0) === value) writer.varint(value);
  else writer.varlong(BigInt(value));
}

function zigzag(value: number): bigint {
  const long = BigInt(value);
  return BigInt.asUintN(64, (long << 1n) ^ (long >> 63n));
}
