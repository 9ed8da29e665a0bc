// Writes Kafka's primitive types, big-endian, into a buffer that grows. Large buffers that exist already (record sets
// of a Fetch answer) are taken as they are by external(): the output is then a list of chunks instead of one buffer.
// Numbers outside their type throw: a wrapped length or code would be a lie on the wire.
//
// Chunks are views of the writer's memory until reset() is called; a writer is used again only after they are sent.

const CAPACITY_DEFAULT = 512;
/** Up to this length a loop over ASCII is faster than the call into native code. */
const SHORT_TEXT_MAX = 16;

const TWO_32 = 0x1_0000_0000;

export class Writer {
  #buffer: Buffer;
  #view: DataView;
  #position = 0;
  /** Where the bytes not yet in #done begin in #buffer. */
  #start = 0;
  #done: Buffer[] = [];
  #doneLength = 0;

  constructor(initialCapacity = CAPACITY_DEFAULT) {
    this.#buffer = Buffer.allocUnsafeSlow(initialCapacity);
    this.#view = viewOf(this.#buffer);
  }

  get length(): number {
    return this.#doneLength + this.#position - this.#start;
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw outOfRange('int8', value);
    this.#reserve(1);
    this.#buffer[this.#position++] = value;
  }

  uint8(value: number): void {
    if ((value & 0xff) !== value) throw outOfRange('uint8', value);
    this.#reserve(1);
    this.#buffer[this.#position++] = value;
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange('int16', value);
    this.#reserve(2);
    this.#view.setInt16(this.#position, value);
    this.#position += 2;
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange('uint16', value);
    this.#reserve(2);
    this.#view.setUint16(this.#position, value);
    this.#position += 2;
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw outOfRange('int32', value);
    this.#reserve(4);
    this.#view.setInt32(this.#position, value);
    this.#position += 4;
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) throw outOfRange('uint32', value);
    this.#reserve(4);
    this.#view.setUint32(this.#position, value);
    this.#position += 4;
  }

  int64(value: bigint): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw outOfRange('int64', value);
    this.#reserve(8);
    this.#view.setBigInt64(this.#position, value);
    this.#position += 8;
  }

  /** An int64 from a number within ±2^53. */
  int64Number(value: number): void {
    if (!Number.isSafeInteger(value)) throw outOfRange('int64 as a number', value);
    this.#reserve(8);
    const high = Math.floor(value / TWO_32);
    this.#view.setInt32(this.#position, high);
    this.#view.setUint32(this.#position + 4, value - high * TWO_32);
    this.#position += 8;
  }

  float64(value: number): void {
    if (typeof value !== 'number') throw outOfRange('float64', value);
    this.#reserve(8);
    this.#view.setFloat64(this.#position, value);
    this.#position += 8;
  }

  uvarint(value: number): void {
    if (value >>> 0 !== value) throw outOfRange('unsigned varint', value);
    this.#reserve(5);
    this.#position = this.#putUvarint(this.#position, value);
  }

  varint(value: number): void {
    if ((value | 0) !== value) throw outOfRange('varint', value);
    this.uvarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  varlong(value: bigint): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw outOfRange('varlong', value);
    let raw = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    this.#reserve(10);
    while (raw > 0x7fn) {
      this.#buffer[this.#position++] = Number(raw & 0x7fn) | 0x80;
      raw >>= 7n;
    }
    this.#buffer[this.#position++] = Number(raw);
  }

  /** The bytes of the text alone, without a length. */
  utf8(text: string, length = Buffer.byteLength(text)): void {
    this.#reserve(length);
    if (length <= SHORT_TEXT_MAX && length === text.length) {
      // As many bytes as characters: all of them ASCII.
      for (let index = 0; index < length; index++)
        this.#buffer[this.#position + index] = text.charCodeAt(index);
    } else {
      this.#buffer.write(text, this.#position, length, 'utf8');
    }
    this.#position += length;
  }

  /** The bytes alone, copied. */
  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  uuid(uuid: string): void {
    this.#reserve(16);
    if (uuid.length !== 22 || this.#buffer.write(uuid, this.#position, 16, 'base64url') !== 16) {
      throw new RangeError(`"${uuid}" is not a uuid: 22 characters of base64url are expected`);
    }
    this.#position += 16;
  }

  /** Appended without a copy: the buffer must not change until the output has been sent. */
  external(buffer: Buffer): void {
    if (buffer.length === 0) return;
    this.#seal();
    this.#done.push(buffer);
    this.#doneLength += buffer.length;
  }

  /** Where an element begins whose size is known only at its end; give it to `prefixWithSize`. No external() between. */
  mark(): number {
    return this.#position - this.#start;
  }

  /** Inserts the size of what was written since `mark` in front of it, as an unsigned varint (tagged fields). */
  prefixWithSize(mark: number): void {
    const begin = this.#start + mark;
    const size = this.#position - begin;
    let prefixLength = 1;
    for (let rest = size >>> 7; rest > 0; rest >>>= 7) prefixLength += 1;
    this.#reserve(prefixLength);
    const at = this.#start + mark;
    this.#buffer.copyWithin(at + prefixLength, at, this.#position);
    this.#position += prefixLength;
    this.#putUvarint(at, size);
  }

  /** Overwrites four bytes written before, for example a frame's length. `position` counts from the first byte. */
  patchInt32(position: number, value: number): void {
    if (this.#done.length === 0 && position >= 0 && position + 4 <= this.#position) {
      this.#view.setInt32(position, value);
      return;
    }
    let before = 0;
    for (const chunk of this.chunks()) {
      if (position + 4 <= before + chunk.length && position >= before) {
        chunk.writeInt32BE(value, position - before);
        return;
      }
      before += chunk.length;
    }
    throw new RangeError(`nothing was written at position ${position}`);
  }

  /** All bytes in order, as views. */
  chunks(): Buffer[] {
    return this.#position === this.#start
      ? [...this.#done]
      : [...this.#done, this.#buffer.subarray(this.#start, this.#position)];
  }

  /** All bytes in one buffer: a view if there is one chunk, else a copy. */
  toBuffer(): Buffer {
    if (this.#done.length === 0) return this.#buffer.subarray(0, this.#position);
    return Buffer.concat(this.chunks(), this.length);
  }

  /** Starts again in the same memory; chunks handed out before are overwritten. */
  reset(): void {
    this.#position = 0;
    this.#start = 0;
    this.#done = [];
    this.#doneLength = 0;
  }

  /** Into memory that is there already; returns the position behind it. */
  #putUvarint(position: number, value: number): number {
    while (value > 0x7f) {
      this.#buffer[position++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.#buffer[position++] = value;
    return position;
  }

  #seal(): void {
    if (this.#position === this.#start) return;
    this.#done.push(this.#buffer.subarray(this.#start, this.#position));
    this.#doneLength += this.#position - this.#start;
    this.#start = this.#position;
  }

  #reserve(length: number): void {
    if (this.#position + length > this.#buffer.length) this.#grow(length);
  }

  /** Sealed chunks keep the old memory; only what is still open moves. */
  #grow(length: number): void {
    const open = this.#position - this.#start;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, (open + length) * 2));
    this.#buffer.copy(larger, 0, this.#start, this.#position);
    this.#buffer = larger;
    this.#view = viewOf(larger);
    this.#start = 0;
    this.#position = open;
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function outOfRange(type: string, value: unknown): RangeError {
  return new RangeError(`${String(value)} is no ${type}`);
}
