// Reads the records of a batch v2, decompressed where needed. Bytes from strangers: throws DecodeError when records
// cannot be what they claim to be and CompressionError when the payload cannot; memory is bounded before it is spent.
//
// Keys, values and header values are views into the batch (or into its decompressed payload): copy what outlives it.
// The CRC is not checked here. Timestamps beyond 2^53 are rounded.

import { DecodeError } from '../wire/decode-error.ts';
import * as header from './batch-header.ts';
import { CompressionError } from './compression/codec.ts';
import { codecOfId, DECOMPRESSED_BYTES_MAX } from './compression/index.ts';
import { headerAt, RECORD_SIZE_MIN, walked, walkRecord } from './record-walk.ts';

/** A record of 7 bytes becomes objects of 200: what readRecords() returns stays below 400 MB. */
export const RECORDS_MAX = 2_000_000;

export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

export interface RecordView {
  readonly offset: number;
  readonly timestamp: number;
  /** -1 without a producer id. */
  readonly sequence: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

export interface ReadOptions {
  readonly decompressedBytesMax?: number;
  readonly recordsMax?: number;
}

/** All records of the batch that begins at the buffer's start. */
export function readRecords(batch: Buffer, options: ReadOptions = {}): RecordView[] {
  return [...iterateRecords(batch, options)];
}

/** The same, one at a time. */
export function* iterateRecords(
  batch: Buffer,
  options: ReadOptions = {},
): Generator<RecordView, void, undefined> {
  checkFrame(batch);
  const count = header.recordCount(batch, 0);
  if (count === 0) return;
  const payload = recordsPayload(batch, options.decompressedBytesMax);
  const recordsMax = options.recordsMax ?? RECORDS_MAX;
  if (count < 0 || count > recordsMax || count * RECORD_SIZE_MIN > payload.length) {
    throw new DecodeError(`a batch claims ${count} records in ${payload.length} bytes`);
  }
  const ofBatch = contextOf(batch);
  let position = 0;
  for (let index = 0; index < count; index++) {
    walkRecord(payload, position, payload.length);
    position = walked.end;
    yield viewOf(payload, ofBatch);
  }
  if (position !== payload.length) {
    throw new DecodeError(`${payload.length - position} bytes are left behind the last record of a batch`);
  }
}

/** The bytes of the records: those in the batch, or what they decompress to. */
export function recordsPayload(batch: Buffer, decompressedBytesMax: number = DECOMPRESSED_BYTES_MAX): Buffer {
  const payload = batch.subarray(header.BATCH_OVERHEAD, header.sizeInBytes(batch, 0));
  const codecId = header.codecId(batch, 0);
  if (codecId === 0) return payload;
  const codec = codecOfId(codecId);
  if (codec === undefined) throw new CompressionError(`unknown compression type id: ${codecId}`);
  return codec.decompress(payload, decompressedBytesMax);
}

function checkFrame(batch: Buffer): void {
  if (batch.length < header.BATCH_OVERHEAD) {
    throw new DecodeError(
      `${batch.length} bytes are no record batch; its header alone takes ${header.BATCH_OVERHEAD}`,
    );
  }
  const size = header.sizeInBytes(batch, 0);
  if (size < header.BATCH_OVERHEAD || size > batch.length) {
    throw new DecodeError(`a record batch claims ${size} bytes, but there are ${batch.length}`);
  }
  if (header.magic(batch, 0) !== header.CURRENT_MAGIC) {
    throw new DecodeError(`a record batch has the unknown magic ${header.magic(batch, 0)}`);
  }
}

interface BatchContext {
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** With LogAppendTime all records have the batch's maximum. */
  readonly logAppendTime: number | null;
  readonly baseSequence: number;
}

function contextOf(batch: Buffer): BatchContext {
  return {
    baseOffset: header.baseOffset(batch, 0),
    baseTimestamp: header.baseTimestamp(batch, 0),
    logAppendTime: header.isLogAppendTime(batch, 0) ? header.maxTimestamp(batch, 0) : null,
    baseSequence: header.baseSequence(batch, 0),
  };
}

function viewOf(
  payload: Buffer,
  { baseOffset, baseTimestamp, logAppendTime, baseSequence }: BatchContext,
): RecordView {
  const { offsetDelta, timestampDelta, key, keySize, value, valueSize, headerCount, headers } = walked;
  return {
    offset: baseOffset + offsetDelta,
    timestamp: logAppendTime ?? baseTimestamp + timestampDelta,
    sequence: baseSequence < 0 ? header.NO_SEQUENCE : header.incrementSequence(baseSequence, offsetDelta),
    key: keySize < 0 ? null : payload.subarray(key, key + keySize),
    value: valueSize < 0 ? null : payload.subarray(value, value + valueSize),
    headers: headerCount === 0 ? NO_HEADERS : headersOf(payload, headers, headerCount),
  };
}

const NO_HEADERS: readonly RecordHeader[] = [];

function headersOf(payload: Buffer, start: number, count: number): RecordHeader[] {
  const headers: RecordHeader[] = [];
  let position = start;
  for (let index = 0; index < count; index++) {
    headers.push(headerAt(payload, position));
    position = walked.end;
  }
  return headers;
}
