// Cuts a connection's bytes into frames: int32 length, then that many bytes (the protocol guide's "size-delimited").
// A frame that lies whole in the chunk is passed in place, without a copy; the caller's buffer may be reused as soon as
// push() returns. A frame across a border is gathered in memory of its own, which grows with the bytes that arrived,
// never with the length that was announced. No I/O, no clock.

import { DecodeError } from './decode-error.ts';

const LENGTH_SIZE = 4;
/** Gathering starts with this much, so that a peer that announces 100 MB and sends 5 bytes costs 64 KiB. */
const GATHER_CAPACITY_MIN = 64 * 1024;

/** The frame is buffer[start, end), without its length; valid only during the call. */
export type OnFrame = (buffer: Buffer, start: number, end: number) => void;

export interface FramerOptions {
  /** Kafka's `socket.request.max.bytes`; a longer frame is an error. */
  readonly frameBytesMax: number;
}

export class Framer {
  #frameBytesMax: number;
  /** The bytes of a frame that has begun, its length included. */
  #gathered: Buffer = Buffer.alloc(0);
  #gatheredLength = 0;

  constructor({ frameBytesMax }: FramerOptions) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** For the frames that begin from now on: a peer that has logged in may send larger ones. */
  acceptFramesUpTo(frameBytesMax: number): void {
    this.#frameBytesMax = frameBytesMax;
  }

  /** How many bytes of an unfinished frame wait here. */
  get pendingBytes(): number {
    return this.#gatheredLength;
  }

  /** Throws DecodeError on a length that is not positive or too large; the connection is then of no more use. */
  push(chunk: Buffer, onFrame: OnFrame): void {
    let position = this.#gatheredLength > 0 ? this.#continueFrame(chunk, onFrame) : 0;
    while (chunk.length - position >= LENGTH_SIZE) {
      const length = this.#checkedLength(chunk.readInt32BE(position));
      const start = position + LENGTH_SIZE;
      if (chunk.length - start < length) break;
      position = start + length;
      onFrame(chunk, start, position);
    }
    if (position < chunk.length) this.#gather(chunk, position, chunk.length);
  }

  /** Takes from the chunk what the begun frame lacks; returns the position behind it. */
  #continueFrame(chunk: Buffer, onFrame: OnFrame): number {
    let position = 0;
    if (this.#gatheredLength < LENGTH_SIZE) {
      position = Math.min(LENGTH_SIZE - this.#gatheredLength, chunk.length);
      this.#gather(chunk, 0, position);
      if (this.#gatheredLength < LENGTH_SIZE) return position;
    }
    const total = LENGTH_SIZE + this.#checkedLength(this.#gathered.readInt32BE(0));
    const taken = Math.min(total - this.#gatheredLength, chunk.length - position);
    this.#gather(chunk, position, position + taken);
    if (this.#gatheredLength < total) return position + taken;
    const frame = this.#gathered;
    this.#gatheredLength = 0;
    // A large frame's memory is given back; the small one is kept for the next border.
    if (frame.length > GATHER_CAPACITY_MIN) this.#gathered = Buffer.alloc(0);
    onFrame(frame, LENGTH_SIZE, total);
    return position + taken;
  }

  #gather(chunk: Buffer, start: number, end: number): void {
    const needed = this.#gatheredLength + end - start;
    if (needed > this.#gathered.length) {
      const limit = this.#frameBytesMax + LENGTH_SIZE;
      const doubled = Math.min(Math.max(needed * 2, GATHER_CAPACITY_MIN), Math.max(limit, needed));
      const larger = Buffer.allocUnsafeSlow(doubled);
      this.#gathered.copy(larger, 0, 0, this.#gatheredLength);
      this.#gathered = larger;
    }
    chunk.copy(this.#gathered, this.#gatheredLength, start, end);
    this.#gatheredLength = needed;
  }

  #checkedLength(length: number): number {
    if (length <= 0) throw new DecodeError(`a frame announces ${length} bytes; at least one is expected`);
    if (length > this.#frameBytesMax) {
      throw new DecodeError(`a frame announces ${length} bytes; at most ${this.#frameBytesMax} are accepted`);
    }
    return length;
  }
}
