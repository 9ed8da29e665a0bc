// The 61-byte header of a record batch v2 (magic 2), read and patched in place: functions over (buffer, position), no
// object, no copy. Callers have checked that the header lies inside the buffer (batch-scan.ts); nothing here checks.
//
//   0 baseOffset i64 | 8 batchLength i32 (bytes after this field) | 12 partitionLeaderEpoch i32 | 16 magic i8
//   17 crc u32 (CRC-32C from attributes to the end) | 21 attributes i16 | 23 lastOffsetDelta i32 | 27 baseTimestamp i64
//   35 maxTimestamp i64 | 43 producerId i64 | 51 producerEpoch i16 | 53 baseSequence i32 | 57 recordCount i32 | 61 records
//
// attributes: bits 0-2 codec, 3 LogAppendTime, 4 transactional, 5 control, 6 delete horizon (KAFKA-8522: baseTimestamp
// then holds it). Base offset and leader epoch lie outside the CRC, so that the log stamps them without a new one.
// Offsets and timestamps are numbers: beyond 2^53 they are rounded here, and whoever accepts foreign bytes refuses them.

import { crc32c } from '../wire/crc32c.ts';

/** The size of the header. */
export const BATCH_OVERHEAD = 61;
/** Base offset and length: what batchLength does not count. */
export const LOG_OVERHEAD = 12;
export const CURRENT_MAGIC = 2;

export const BASE_OFFSET_POSITION = 0;
export const LENGTH_POSITION = 8;
export const LEADER_EPOCH_POSITION = 12;
export const MAGIC_POSITION = 16;
export const CRC_POSITION = 17;
export const ATTRIBUTES_POSITION = 21;
export const LAST_OFFSET_DELTA_POSITION = 23;
export const BASE_TIMESTAMP_POSITION = 27;
export const MAX_TIMESTAMP_POSITION = 35;
export const PRODUCER_ID_POSITION = 43;
export const PRODUCER_EPOCH_POSITION = 51;
export const BASE_SEQUENCE_POSITION = 53;
export const RECORD_COUNT_POSITION = 57;

export const CODEC_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;
export const DELETE_HORIZON_FLAG = 0x40;

export const NO_TIMESTAMP = -1;
export const NO_PRODUCER_ID = -1n;
export const NO_PRODUCER_EPOCH = -1;
export const NO_SEQUENCE = -1;
export const NO_LEADER_EPOCH = -1;

const TWO_32 = 0x1_0000_0000;

export function baseOffset(buffer: Buffer, position: number): number {
  return int64Number(buffer, position + BASE_OFFSET_POSITION);
}

/** The whole batch, header and length field included. Not to be trusted before batch-scan.ts has seen it. */
export function sizeInBytes(buffer: Buffer, position: number): number {
  return LOG_OVERHEAD + buffer.readInt32BE(position + LENGTH_POSITION);
}

export function partitionLeaderEpoch(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + LEADER_EPOCH_POSITION);
}

export function magic(buffer: Buffer, position: number): number {
  return buffer.readInt8(position + MAGIC_POSITION);
}

export function crc(buffer: Buffer, position: number): number {
  return buffer.readUInt32BE(position + CRC_POSITION);
}

export function attributes(buffer: Buffer, position: number): number {
  return buffer.readInt16BE(position + ATTRIBUTES_POSITION);
}

export function lastOffsetDelta(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + LAST_OFFSET_DELTA_POSITION);
}

export function lastOffset(buffer: Buffer, position: number): number {
  return baseOffset(buffer, position) + lastOffsetDelta(buffer, position);
}

export function baseTimestamp(buffer: Buffer, position: number): number {
  return int64Number(buffer, position + BASE_TIMESTAMP_POSITION);
}

export function maxTimestamp(buffer: Buffer, position: number): number {
  return int64Number(buffer, position + MAX_TIMESTAMP_POSITION);
}

export function producerId(buffer: Buffer, position: number): bigint {
  return buffer.readBigInt64BE(position + PRODUCER_ID_POSITION);
}

/** Without making a bigint: most batches have none. */
export function hasProducerId(buffer: Buffer, position: number): boolean {
  // Kafka: producerId > -1.
  return buffer.readInt8(position + PRODUCER_ID_POSITION) >= 0;
}

export function producerEpoch(buffer: Buffer, position: number): number {
  return buffer.readInt16BE(position + PRODUCER_EPOCH_POSITION);
}

export function baseSequence(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + BASE_SEQUENCE_POSITION);
}

/** -1 without a sequence; wraps from 2^31-1 to 0. */
export function lastSequence(buffer: Buffer, position: number): number {
  const base = baseSequence(buffer, position);
  return base < 0 ? NO_SEQUENCE : incrementSequence(base, lastOffsetDelta(buffer, position));
}

export function recordCount(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + RECORD_COUNT_POSITION);
}

/** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 mean nothing. */
export function codecId(buffer: Buffer, position: number): number {
  return buffer[position + ATTRIBUTES_POSITION + 1]! & CODEC_MASK;
}

export function isLogAppendTime(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & LOG_APPEND_TIME_FLAG) !== 0;
}

export function isTransactional(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & TRANSACTIONAL_FLAG) !== 0;
}

export function isControl(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & CONTROL_FLAG) !== 0;
}

export function hasDeleteHorizon(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & DELETE_HORIZON_FLAG) !== 0;
}

/** When compaction may drop the batch's tombstones and markers; null when it has set no time yet. */
export function deleteHorizonMs(buffer: Buffer, position: number): number | null {
  return hasDeleteHorizon(buffer, position) ? baseTimestamp(buffer, position) : null;
}

/** Whether the stored CRC is that of the bytes. The whole batch must lie inside the buffer. */
export function verifyCrc(buffer: Buffer, position: number): boolean {
  return crc(buffer, position) === computeCrc(buffer, position);
}

export function setBaseOffset(buffer: Buffer, position: number, offset: number): void {
  writeInt64Number(buffer, position + BASE_OFFSET_POSITION, offset);
}

export function setPartitionLeaderEpoch(buffer: Buffer, position: number, leaderEpoch: number): void {
  buffer.writeInt32BE(leaderEpoch, position + LEADER_EPOCH_POSITION);
}

/**
 * Writes type and maximum of the timestamps, and the CRC, if either changes. Bits that Kafka does not know are cleared
 * then, as DefaultRecordBatch.setMaxTimestamp does.
 */
export function setMaxTimestamp(
  buffer: Buffer,
  position: number,
  { logAppendTime, timestamp }: { readonly logAppendTime: boolean; readonly timestamp: number },
): void {
  if (isLogAppendTime(buffer, position) === logAppendTime && maxTimestamp(buffer, position) === timestamp)
    return;
  const kept = CODEC_MASK | TRANSACTIONAL_FLAG | CONTROL_FLAG | DELETE_HORIZON_FLAG;
  const flags = (attributes(buffer, position) & kept) | (logAppendTime ? LOG_APPEND_TIME_FLAG : 0);
  buffer.writeInt16BE(flags, position + ATTRIBUTES_POSITION);
  writeInt64Number(buffer, position + MAX_TIMESTAMP_POSITION, timestamp);
  updateCrc(buffer, position);
}

/** Makes the stored CRC right after a change behind it. */
export function updateCrc(buffer: Buffer, position: number): void {
  buffer.writeUInt32BE(computeCrc(buffer, position), position + CRC_POSITION);
}

/** Sequences live in 0 .. 2^31-1 and wrap to 0 (DefaultRecordBatch.incrementSequence). */
export function incrementSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  return sum > 0x7fffffff ? sum - 0x8000_0000 : sum;
}

function computeCrc(buffer: Buffer, position: number): number {
  return crc32c(buffer, position + ATTRIBUTES_POSITION, position + sizeInBytes(buffer, position));
}

function int64Number(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * TWO_32 + buffer.readUInt32BE(position + 4);
}

function writeInt64Number(buffer: Buffer, position: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  buffer.writeInt32BE(high, position);
  buffer.writeUInt32BE(value - high * TWO_32, position + 4);
}
