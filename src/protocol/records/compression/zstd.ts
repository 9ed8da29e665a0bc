// Zstandard frames (RFC 8878). Frames may follow each other, which node:zlib stops after, so the frame layer is walked
// here: every block's size is checked against the bytes that are there, and the declared content and window sizes
// against the bound, before the native decoder sees a byte.

import type * as Zlib from 'node:zlib';
import { type Codec, CompressionError, OutputTooLargeError } from './codec.ts';
import { loadedOnUse } from './native.ts';
import { ZstdDecoder } from './zstd-decoder.ts';

const zlib = loadedOnUse<typeof Zlib>('node:zlib');

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC_MIN = 0x184d2a50;
const SKIPPABLE_MAGIC_MAX = 0x184d2a5f;
const LEVEL_DEFAULT = 3;
/** 2^27, 128 MiB: the decoder's own limit, in Java too. */
const WINDOW_LOG_MAX = 27;
const FRAMES_MAX = 1024;
const BLOCK_TYPE_RLE = 1;
/** What the kept decoder may hold; beyond it a frame gets its own. Producers' default has a window of 2 MiB, rounded up here. */
const KEPT_WINDOW_BYTES_MAX = 8 * 1024 * 1024;

/** Undefined before the first frame, null where there is none to be had. */
let kept: ZstdDecoder | null | undefined;

export const zstd: Codec = {
  name: 'zstd',
  compress: (payload, level = LEVEL_DEFAULT) =>
    zlib().zstdCompressSync(payload, { params: { [zlib().constants.ZSTD_c_compressionLevel]: level } }),
  decompress,
};

function decompress(payload: Buffer, outputBytesMax: number): Buffer {
  const outputs: Buffer[] = [];
  let left = outputBytesMax;
  let position = 0;
  while (position < payload.length || position === 0) {
    if (outputs.length === FRAMES_MAX) throw new CompressionError(`more than ${FRAMES_MAX} zstd frames`);
    const frame = frameAt(payload, position, outputBytesMax);
    if (!frame.skippable) {
      const output = decompressFrame(payload.subarray(position, frame.end), {
        left,
        outputBytesMax,
        windowBytes: frame.windowBytes,
      });
      outputs.push(output);
      left -= output.length;
    }
    position = frame.end;
  }
  return outputs.length === 1 ? outputs[0]! : Buffer.concat(outputs);
}

function decompressFrame(
  frame: Buffer,
  limits: { readonly left: number; readonly outputBytesMax: number; readonly windowBytes: number },
): Buffer {
  const { left, outputBytesMax } = limits;
  try {
    const output = isForKept(limits.windowBytes) ? withKept(frame, left) : withOwn(frame, left);
    if (output.length > left) throw new OutputTooLargeError(outputBytesMax);
    return output;
  } catch (error) {
    if (
      error instanceof OutputTooLargeError ||
      (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    )
      throw new OutputTooLargeError(outputBytesMax);
    throw new CompressionError(`the zstd frame is damaged: ${(error as Error).message}`);
  }
}

function isForKept(windowBytes: number): boolean {
  return kept !== null && windowBytes <= KEPT_WINDOW_BYTES_MAX;
}

function withOwn(frame: Buffer, left: number): Buffer {
  return zlib().zstdDecompressSync(frame, { maxOutputLength: Math.max(left, 1) });
}

function withKept(frame: Buffer, left: number): Buffer {
  const decoder = kept === undefined ? ZstdDecoder.open(zlib()) : kept;
  // Until it has ended this frame, it may not be met again.
  kept = undefined;
  if (decoder === null) {
    kept = null;
    return withOwn(frame, left);
  }
  try {
    const output = decoder.decompress(frame, left);
    kept = decoder;
    return output;
  } finally {
    if (kept === undefined) decoder.close();
  }
}

/** The end of the frame that begins at a position, found by its block headers. */
function frameAt(
  payload: Buffer,
  position: number,
  outputBytesMax: number,
): { readonly end: number; readonly skippable: boolean; readonly windowBytes: number } {
  if (payload.length - position < 5) throw new CompressionError('the zstd frame ends too early');
  const magic = payload.readUInt32LE(position);
  if (magic >= SKIPPABLE_MAGIC_MIN && magic <= SKIPPABLE_MAGIC_MAX) {
    if (payload.length - position < 8) throw new CompressionError('the zstd frame ends too early');
    const end = position + 8 + payload.readUInt32LE(position + 4);
    if (end > payload.length) throw new CompressionError('the zstd frame ends too early');
    return { end, skippable: true, windowBytes: 0 };
  }
  if (magic !== MAGIC) throw new CompressionError('unknown zstd frame descriptor');
  const descriptor = payload[position + 4]!;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const blocks = blocksStart(payload, position, outputBytesMax);
  let { at } = blocks;
  for (;;) {
    if (payload.length - at < 3) throw new CompressionError('the zstd frame ends too early');
    const header = payload.readUIntLE(at, 3);
    const type = (header >> 1) & 3;
    at += 3 + (type === BLOCK_TYPE_RLE ? 1 : header >> 3);
    if ((header & 1) === 1) break;
  }
  if (hasChecksum) at += 4;
  if (at > payload.length) throw new CompressionError('the zstd frame ends too early');
  return { end: at, skippable: false, windowBytes: blocks.windowBytes };
}

/** Reads the frame header; returns where the first block begins, and how far back blocks may point. */
function blocksStart(
  payload: Buffer,
  position: number,
  outputBytesMax: number,
): { readonly at: number; readonly windowBytes: number } {
  const descriptor = payload[position + 4]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionarySize = [0, 1, 2, 4][descriptor & 3]!;
  const contentSizeSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const contentSizeStart = position + 5 + (singleSegment ? 0 : 1) + dictionarySize;
  const start = contentSizeStart + contentSizeSize;
  if (start > payload.length) throw new CompressionError('the zstd frame ends too early');
  if (!singleSegment && payload[position + 5]! >> 3 > WINDOW_LOG_MAX - 10) {
    throw new CompressionError('the zstd frame asks for a window larger than 128 MiB');
  }
  // Rounded up: its mantissa adds up to 7/8.
  let windowBytes = singleSegment ? 0 : 2 ** ((payload[position + 5]! >> 3) + 11);
  if (contentSizeSize > 0) {
    const size =
      contentSizeSize === 8
        ? payload.readUInt32LE(contentSizeStart) + payload.readUInt32LE(contentSizeStart + 4) * 2 ** 32
        : payload.readUIntLE(contentSizeStart, contentSizeSize) + (contentSizeSize === 2 ? 256 : 0);
    if (size > outputBytesMax) throw new OutputTooLargeError(outputBytesMax);
    if (singleSegment) windowBytes = size;
  }
  return { at: start, windowBytes };
}
