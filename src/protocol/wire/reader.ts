// Reads Kafka's primitive types from a range of a buffer, big-endian. Every read is checked against the end of the
// range and throws DecodeError beyond it. slice() is a view: it is valid as long as the buffer's bytes are. The reader
// keeps no other reference and copies nothing but strings. One reader reads one message: its budget of array elements is
// the message's.
//
// Varints are Kafka's (org.apache.kafka.common.utils.ByteUtils): at most 5 bytes for 32 bits and 10 for 64.

import { DecodeError } from './decode-error.ts';

/** The uuid of 16 zero bytes: "none" in most fields that hold a uuid. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/**
 * How many array elements one message may hold. Frames are bounded in bytes, but an element of one byte becomes an
 * object of a hundred: without this bound a frame of 100 MB could ask for 10 GB. Apache Kafka's largest honest
 * messages (Metadata of 200,000 partitions) stay below half of it.
 */
export const ELEMENTS_MAX = 4_000_000;

/** Up to this length a loop over ASCII is faster than the call into native code. */
const SHORT_TEXT_MAX = 8;

const SAFE_HIGH_MAX = 0x1fffff;
const SAFE_HIGH_MIN = -0x200000;
const TWO_32 = 0x1_0000_0000;

export class Reader {
  readonly buffer: Buffer;
  readonly end: number;
  position: number;
  #elementsLeft = ELEMENTS_MAX;

  constructor(buffer: Buffer, position = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  int8(): number {
    const at = this.#take(1);
    return (this.buffer[at]! << 24) >> 24;
  }

  uint8(): number {
    const at = this.#take(1);
    return this.buffer[at]!;
  }

  int16(): number {
    const at = this.#take(2);
    const b = this.buffer;
    return (((b[at]! << 8) | b[at + 1]!) << 16) >> 16;
  }

  uint16(): number {
    const at = this.#take(2);
    const b = this.buffer;
    return (b[at]! << 8) | b[at + 1]!;
  }

  int32(): number {
    return this.#int32At(this.#take(4));
  }

  uint32(): number {
    return this.#int32At(this.#take(4)) >>> 0;
  }

  int64(): bigint {
    const at = this.#take(8);
    const high = this.#int32At(at);
    const low = this.#int32At(at + 4) >>> 0;
    if (high >= SAFE_HIGH_MIN && high <= SAFE_HIGH_MAX) return BigInt(high * TWO_32 + low);
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** An int64 as a number; beyond ±2^53 it is out of range, never rounded. */
  int64Number(): number {
    const at = this.#take(8);
    const high = this.#int32At(at);
    if (high < SAFE_HIGH_MIN || high > SAFE_HIGH_MAX) {
      throw new DecodeError('a 64-bit number is out of range: it lies beyond 2^53, where no offset is');
    }
    return high * TWO_32 + (this.#int32At(at + 4) >>> 0);
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8));
  }

  uvarint(): number {
    const b = this.buffer;
    let at = this.position;
    if (at < this.end && b[at]! < 0x80) {
      this.position = at + 1;
      return b[at]!;
    }
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      if (at >= this.end) throw this.#underflow(1);
      const byte = b[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = at;
        return value >>> 0;
      }
    }
    throw new DecodeError('a varint is longer than 5 bytes');
  }

  /** A length as compact types carry it: stored plus one, so that 0 is null (-1 here). */
  compactLength(): number {
    return (this.uvarint() | 0) - 1;
  }

  varint(): number {
    const raw = this.uvarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift <= 63n; shift += 7n) {
      const byte = this.uint8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const raw = BigInt.asUintN(64, value);
        return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
      }
    }
    throw new DecodeError('a varlong is longer than 10 bytes');
  }

  /** A varlong as a number; beyond ±2^53 it is out of range, never rounded. */
  varlongNumber(): number {
    const b = this.buffer;
    let at = this.position;
    let value = 0;
    // Seven bytes are 49 bits: exact in a double. Longer ones are rare and take the way through bigint.
    for (let scale = 1; scale <= 2 ** 42; scale *= 128) {
      if (at >= this.end) throw this.#underflow(1);
      const byte = b[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.position = at;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
    }
    const long = this.varlong();
    const short = Number(long);
    if (!Number.isSafeInteger(short)) throw new DecodeError('a varlong is out of range: it lies beyond 2^53');
    return short;
  }

  /** A view, not a copy. */
  slice(length: number): Buffer {
    const at = this.#take(length);
    return this.buffer.subarray(at, at + length);
  }

  copy(length: number): Buffer {
    const at = this.#take(length);
    return Buffer.from(this.buffer.subarray(at, at + length));
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Bad UTF-8 becomes U+FFFD, as in Apache Kafka. */
  utf8(length: number): string {
    const at = this.#take(length);
    return length <= SHORT_TEXT_MAX
      ? this.#shortText(at, length)
      : this.buffer.toString('utf8', at, at + length);
  }

  uuid(): string {
    const at = this.#take(16);
    return this.buffer.toString('base64url', at, at + 16);
  }

  /** Checks an array's length before anything is allocated for it: against the bytes left and the message's budget. */
  elements(count: number, minimumSizeInBytes: number): number {
    if (count * minimumSizeInBytes > this.end - this.position) {
      throw new DecodeError(`an array claims ${count} elements, but only ${this.remaining} bytes are left`);
    }
    this.#elementsLeft -= count;
    if (this.#elementsLeft < 0)
      throw new DecodeError(`a message holds more than ${ELEMENTS_MAX} array elements`);
    return count;
  }

  #take(length: number): number {
    const at = this.position;
    // Negated, so that NaN and negative lengths fail too.
    if (!(length >= 0 && at + length <= this.end)) throw this.#underflow(length);
    this.position = at + length;
    return at;
  }

  #int32At(at: number): number {
    const b = this.buffer;
    return (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
  }

  #shortText(at: number, length: number): string {
    let text = '';
    for (let index = 0; index < length; index++) {
      const byte = this.buffer[at + index]!;
      if (byte > 0x7f) return this.buffer.toString('utf8', at, at + length);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #underflow(length: number): DecodeError {
    return new DecodeError(
      `${length} bytes are needed at position ${this.position}, but ${this.remaining} are left`,
    );
  }
}
