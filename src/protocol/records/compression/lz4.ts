// LZ4 in the frame format, as Kafka's Lz4BlockInputStream reads it: one frame of independent blocks; a content size is
// skipped, a content checksum not verified, bytes after the end mark ignored. Block checksums are verified.
// The frame layer is ours, because lz4-napi's own (lz4_flex) has no bound on its output, verifies what Kafka ignores and
// reads what Kafka refuses; its block function is given the frame's block size (4 MiB at most) as the bound.
//
//   04 22 4d 18 | FLG: version 01, independent, block checksum, content size, content checksum, 0 0 | BD: 0 size 0000
//   [content size u64] | header checksum u8 | ( size u32, top bit: stored; 0 ends | block | [xxHash32] )*    little-endian

import { type Codec, CompressionError, OutputTooLargeError } from './codec.ts';
import { loadedOnUse } from './native.ts';
import { xxHash32 } from './xxhash32.ts';

const native = loadedOnUse<typeof import('lz4-napi')>('lz4-napi');

const MAGIC = 0x184d2204;
const FLAG_RESERVED = 0x03;
const FLAG_CONTENT_CHECKSUM = 0x04;
const FLAG_CONTENT_SIZE = 0x08;
const FLAG_BLOCK_CHECKSUM = 0x10;
const FLAG_INDEPENDENT = 0x20;
const VERSION_BITS = 0xc0;
const VERSION_1 = 0x40;
const STORED_FLAG = 0x80000000;
/** Code 4, 64 KiB: what Kafka writes. */
const WRITE_BLOCK_SIZE = 64 * 1024;
const WRITE_HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, VERSION_1 | FLAG_INDEPENDENT, 0x40, 0x82]);
/** lz4-napi's blocks are prefixed with their decompressed size, little-endian. */
const SIZE_PREFIX = 4;

export const lz4: Codec = { name: 'lz4', compress, decompress };

/** The level has no effect: only the fast compressor is at hand, and every level decompresses alike. */
function compress(payload: Buffer): Buffer {
  const parts: Buffer[] = [WRITE_HEADER];
  for (let at = 0; at < payload.length; at += WRITE_BLOCK_SIZE) {
    const block = payload.subarray(at, at + WRITE_BLOCK_SIZE);
    const compressed = native().compressSync(block).subarray(SIZE_PREFIX);
    const stored = compressed.length >= block.length;
    const size = Buffer.allocUnsafe(4);
    size.writeUInt32LE(stored ? block.length + STORED_FLAG : compressed.length);
    parts.push(size, stored ? block : compressed);
  }
  parts.push(Buffer.alloc(4));
  return Buffer.concat(parts);
}

interface Frame {
  readonly blocksStart: number;
  readonly blockSizeMax: number;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
}

function decompress(payload: Buffer, outputBytesMax: number): Buffer {
  const frame = readFrameHeader(payload);
  const outputs: Buffer[] = [];
  let left = outputBytesMax;
  let at = frame.blocksStart;
  for (;;) {
    if (payload.length - at < 4) throw new CompressionError('the LZ4 stream ends too early');
    const word = payload.readUInt32LE(at);
    at += 4;
    const stored = word >= STORED_FLAG;
    const size = stored ? word - STORED_FLAG : word;
    if (size === 0) break;
    if (size > frame.blockSizeMax)
      throw new CompressionError(`an LZ4 block of ${size} bytes is larger than the frame allows`);
    const checksumSize = frame.blockChecksums ? 4 : 0;
    if (payload.length - at < size + checksumSize)
      throw new CompressionError('the LZ4 stream ends too early');
    if (frame.blockChecksums && payload.readUInt32LE(at + size) !== xxHash32(payload, at, at + size)) {
      throw new CompressionError('an LZ4 block is damaged: its checksum does not match');
    }
    const output = stored
      ? payload.subarray(at, at + size)
      : decompressBlock(payload, at, size, frame.blockSizeMax);
    left -= output.length;
    if (left < 0) throw new OutputTooLargeError(outputBytesMax);
    outputs.push(output);
    at += size + checksumSize;
  }
  if (frame.contentChecksum && payload.length - at < 4)
    throw new CompressionError('the LZ4 stream ends too early');
  return outputs.length === 1 ? outputs[0]! : Buffer.concat(outputs);
}

function readFrameHeader(payload: Buffer): Frame {
  if (payload.length < 7) throw new CompressionError('the LZ4 stream ends too early');
  if (payload.readUInt32LE(0) !== MAGIC) throw new CompressionError('not in LZ4 frame format');
  const flags = payload[4]!;
  const sizes = payload[5]!;
  if ((flags & FLAG_RESERVED) !== 0) throw new CompressionError('reserved bits of the LZ4 frame are set');
  if ((flags & FLAG_INDEPENDENT) === 0)
    throw new CompressionError('LZ4 frames of dependent blocks are not supported');
  if ((flags & VERSION_BITS) !== VERSION_1)
    throw new CompressionError('the LZ4 frame is of an unknown version');
  const code = sizes >> 4;
  if ((sizes & 0x0f) !== 0 || code < 4 || code > 7)
    throw new CompressionError('the LZ4 frame names no block size');
  const checksumAt = 6 + ((flags & FLAG_CONTENT_SIZE) !== 0 ? 8 : 0);
  if (payload.length <= checksumAt) throw new CompressionError('the LZ4 stream ends too early');
  if (payload[checksumAt] !== ((xxHash32(payload, 4, checksumAt) >>> 8) & 0xff)) {
    throw new CompressionError('the LZ4 frame descriptor is damaged');
  }
  return {
    blocksStart: checksumAt + 1,
    blockSizeMax: 1 << (2 * code + 8),
    blockChecksums: (flags & FLAG_BLOCK_CHECKSUM) !== 0,
    contentChecksum: (flags & FLAG_CONTENT_CHECKSUM) !== 0,
  };
}

function decompressBlock(payload: Buffer, position: number, size: number, blockSizeMax: number): Buffer {
  const prefixed = Buffer.allocUnsafe(SIZE_PREFIX + size);
  // A block of n bytes yields at most 255 n: asked for less, the decoder allocates less.
  prefixed.writeUInt32LE(Math.min(blockSizeMax, size * 255 + 64), 0);
  payload.copy(prefixed, SIZE_PREFIX, position, position + size);
  try {
    return native().uncompressSync(prefixed);
  } catch (error) {
    throw new CompressionError(`an LZ4 block is damaged: ${(error as Error).message}`);
  }
}
