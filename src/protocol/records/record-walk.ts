// Walks the records of a batch v2 without allocating: one function parses the record at a position and leaves what it
// found in `walked`, which the next call overwrites (there is one thread, and no caller waits in between).
//
// record: length varint | attributes i8 | timestampDelta varlong | offsetDelta varint | keySize varint, key
//         | valueSize varint, value | headerCount varint ( keySize varint, key | valueSize varint, value )*
// All varints are zigzag; a negative size is null, but not for a header's key. Throws DecodeError where Apache Kafka's
// DefaultRecord throws InvalidRecordException, and for nothing else.

import { DecodeError } from '../wire/decode-error.ts';

/** The record that was parsed last. Sizes are -1 or less for null; positions are those of the first byte. */
export const walked = {
  /** Behind the record. */
  end: 0,
  /** Exact within ±2^53, else rounded. */
  timestampDelta: 0,
  offsetDelta: 0,
  keySize: 0,
  /** Of the varint keySize: from here on nothing depends on the batch. */
  tail: 0,
  key: 0,
  valueSize: 0,
  value: 0,
  headerCount: 0,
  headers: 0,
};

/** The smallest record: seven fields of one byte. */
export const RECORD_SIZE_MIN = 7;

/** Behind the varint that was read last. */
let next = 0;

/** Parses a record and checks that it ends where its length says (DefaultRecord.readFrom). */
export function walkRecord(buffer: Buffer, position: number, end: number): void {
  const size = varint(buffer, position, end);
  const start = next;
  if (size > end - start)
    throw new DecodeError(`a record of ${size} bytes does not fit into the ${end - start} left`);
  walkBody(buffer, start, end);
  if (walked.end - start !== size) {
    throw new DecodeError(`a record claims ${size} bytes, but its fields take ${walked.end - start}`);
  }
}

/** Parses a record as Kafka does in compressed batches, where its length is read but not compared (readPartiallyFrom). */
export function walkRecordLoosely(buffer: Buffer, position: number, end: number): void {
  varint(buffer, position, end);
  walkBody(buffer, next, end);
}

/** Reads a header's key and value after walkRecord() has found them good. Leaves the end in `walked.end`. */
export function headerAt(
  buffer: Buffer,
  position: number,
): { readonly key: string; readonly value: Buffer | null } {
  const keySize = varint(buffer, position, buffer.length);
  const valueStart = next + keySize;
  const key = buffer.toString('utf8', next, valueStart);
  const valueSize = varint(buffer, valueStart, buffer.length);
  const value = valueSize < 0 ? null : buffer.subarray(next, next + valueSize);
  walked.end = valueSize < 0 ? next : next + valueSize;
  return { key, value };
}

/** Whether the bytes begin with a varint of more than five bytes, which Kafka takes worse than one that is cut off. */
export function isVarintTooLong(buffer: Buffer, position: number, end: number): boolean {
  if (end - position < 5) return false;
  for (let index = 0; index < 5; index++) if (buffer[position + index]! < 0x80) return false;
  return true;
}

function walkBody(buffer: Buffer, start: number, end: number): void {
  if (start >= end) throw underflow();
  // The attributes of a record have no meaning yet.
  walked.timestampDelta = varlong(buffer, start + 1, end);
  walked.offsetDelta = varint(buffer, next, end);
  walked.tail = next;
  walked.keySize = varint(buffer, next, end);
  walked.key = next;
  const valueStart = skip(walked.keySize, next, end);
  walked.valueSize = varint(buffer, valueStart, end);
  walked.value = next;
  const headersStart = skip(walked.valueSize, next, end);
  const headerCount = varint(buffer, headersStart, end);
  if (headerCount < 0 || headerCount > end - next) {
    throw new DecodeError(`a record claims ${headerCount} headers in ${end - next} bytes`);
  }
  walked.headerCount = headerCount;
  walked.headers = next;
  let position = next;
  for (let index = 0; index < headerCount; index++) {
    const keySize = varint(buffer, position, end);
    if (keySize < 0) throw new DecodeError(`a header key has the size ${keySize}`);
    const valueSize = varint(buffer, skip(keySize, next, end), end);
    position = skip(valueSize, next, end);
  }
  walked.end = position;
}

function skip(size: number, position: number, end: number): number {
  if (size <= 0) return position;
  if (size > end - position)
    throw new DecodeError(`a field of ${size} bytes does not fit into the ${end - position} left`);
  return position + size;
}

function varint(buffer: Buffer, position: number, end: number): number {
  let raw = 0;
  let at = position;
  for (let shift = 0; shift <= 28; shift += 7) {
    if (at >= end) throw underflow();
    const byte = buffer[at++]!;
    raw |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      next = at;
      return (raw >>> 1) ^ -(raw & 1);
    }
  }
  throw new DecodeError('a varint is longer than 5 bytes');
}

function varlong(buffer: Buffer, position: number, end: number): number {
  let value = 0;
  let at = position;
  // Seven bytes are 49 bits, exact in a double; longer ones are rare and go through bigint.
  for (let scale = 1; scale <= 2 ** 42; scale *= 128) {
    if (at >= end) throw underflow();
    const byte = buffer[at++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      next = at;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
  return Number(exactVarlong(buffer, position, end));
}

/** The varlong at a position, exact. */
function exactVarlong(buffer: Buffer, position: number, end: number): bigint {
  let value = 0n;
  let at = position;
  for (let shift = 0n; shift <= 63n; shift += 7n) {
    if (at >= end) throw underflow();
    const byte = buffer[at++]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) {
      next = at;
      const raw = BigInt.asUintN(64, value);
      return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
    }
  }
  throw new DecodeError('a varlong is longer than 10 bytes');
}

/** The timestamp delta of the record at a position, exact: for the rare ones beyond 2^53. */
export function exactTimestampDelta(buffer: Buffer, position: number, end: number): bigint {
  varint(buffer, position, end);
  return exactVarlong(buffer, next + 1, end);
}

function underflow(): DecodeError {
  return new DecodeError('the records end too early');
}
