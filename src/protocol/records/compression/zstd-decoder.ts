// One zstd decoder for frame after frame. node:zlib's zstdDecompressSync makes a stream and a decoder for each call; the
// decoder's memory counts for the garbage collector, which for batches of 16 KB then collects everything every few
// hundred of them. Here the stream's handle is called as zlib's own loop calls it, and what zlib closes after a frame is
// kept: a decoder that has ended a frame begins the next. The handle is half-private; where it is not as expected there is
// no such decoder, and the caller takes zstdDecompressSync. After any failure the decoder is thrown away, never used again.

import type * as Zlib from 'node:zlib';
import { OutputTooLargeError } from './codec.ts';

/** Most batches decompress into one. */
const SCRATCH_BYTES = 128 * 1024;

interface Handle {
  onerror: (message: string) => void;
  writeSync(
    flush: number,
    input: Buffer,
    inputAt: number,
    inputBytes: number,
    output: Buffer,
    outputAt: number,
    outputBytes: number,
  ): void;
}

interface Stream {
  readonly _handle?: Partial<Handle> | null;
  /** After a call: bytes left in the output, bytes left of the input. */
  readonly _writeState?: unknown;
  close(): void;
}

export class ZstdDecoder {
  readonly #stream: Stream;
  readonly #handle: Handle;
  readonly #state: Uint32Array;
  readonly #flush: number;
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #failure: string | null = null;

  private constructor(stream: Stream, handle: Handle, state: Uint32Array, flush: number) {
    this.#stream = stream;
    this.#handle = handle;
    this.#state = state;
    this.#flush = flush;
    handle.onerror = message => {
      this.#failure = message;
    };
  }

  /** Null where Node's streams are made in another way. */
  static open(zlib: typeof Zlib): ZstdDecoder | null {
    const stream = zlib.createZstdDecompress() as unknown as Stream;
    const { _handle: handle, _writeState: state } = stream;
    const isKnown =
      typeof handle?.writeSync === 'function' && 'onerror' in handle && state instanceof Uint32Array;
    if (isKnown) return new ZstdDecoder(stream, handle as Handle, state, zlib.constants.ZSTD_e_end);
    stream.close();
    return null;
  }

  /** One whole frame and nothing else. Throws when it is damaged; then, as after any error, this decoder is of no use. */
  decompress(frame: Buffer, outputBytesMax: number): Buffer {
    const parts: Buffer[] = [];
    let sizeInBytes = 0;
    let inputAt = 0;
    for (;;) {
      const scratch = this.#scratch;
      const left = frame.length - inputAt;
      this.#handle.writeSync(this.#flush, frame, inputAt, left, scratch, 0, scratch.length);
      if (this.#failure !== null) throw new Error(this.#failure);
      const [free = 0, unread = 0] = this.#state;
      const got = scratch.length - free;
      sizeInBytes += got;
      if (sizeInBytes > outputBytesMax) throw new OutputTooLargeError(outputBytesMax);
      const isEnd = free > 0;
      if (isEnd && unread > 0) throw new Error('the frame ends before its bytes do');
      const part = Buffer.allocUnsafeSlow(got);
      scratch.copy(part, 0, 0, got);
      if (isEnd && parts.length === 0) return part;
      parts.push(part);
      if (isEnd) return Buffer.concat(parts, sizeInBytes);
      inputAt = frame.length - unread;
    }
  }

  close(): void {
    this.#stream.close();
  }
}
