// Snappy as Kafka's clients send it: either in snappy-java's ("xerial") framing, or one raw block as librdkafka and
// others send it. Both are read, the framing is written. This is not the official Snappy framing format.
//
//   82 'SNAPPY' 00 | version i32 = 1 | compatible i32 = 1 | ( length i32 | raw block )*      all big-endian
//
// A raw block begins with its decompressed size, which is compared with the bound and with what its bytes can yield
// before the native decoder, which allocates by it, is called.

import { type Codec, CompressionError, OutputTooLargeError } from './codec.ts';
import { loadedOnUse } from './native.ts';

const native = loadedOnUse<typeof import('snappy')>('snappy');

const HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
const MAGIC_SIZE = 8;
const HEADER_SIZE = 16;
const COMPATIBLE_VERSION = 1;
/** snappy-java's default block size. */
const BLOCK_SIZE = 32 * 1024;
/** A copy of 3 bytes yields at most 64. */
const EXPANSION_MAX = 22;

export const snappy: Codec = { name: 'snappy', compress, decompress };

function compress(payload: Buffer): Buffer {
  const parts: Buffer[] = [HEADER];
  for (let at = 0; at < payload.length; at += BLOCK_SIZE) {
    const block = native().compressSync(payload.subarray(at, at + BLOCK_SIZE));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

function decompress(payload: Buffer, outputBytesMax: number): Buffer {
  if (!startsFramed(payload, 0)) return decompressBlock(payload, outputBytesMax, outputBytesMax);
  const outputs: Buffer[] = [];
  let left = outputBytesMax;
  let position = headerEnd(payload, 0);
  while (position < payload.length) {
    // Streams may follow each other: then the first int of the magic stands where a length would.
    if (startsFramed(payload, position)) {
      position = headerEnd(payload, position);
      continue;
    }
    if (payload.length - position < 4) throw new CompressionError('the snappy stream ends too early');
    const length = payload.readInt32BE(position);
    position += 4;
    if (length < 0 || length > payload.length - position) {
      throw new CompressionError(`a snappy block of ${length} bytes does not fit into what is left`);
    }
    const output = decompressBlock(payload.subarray(position, position + length), left, outputBytesMax);
    outputs.push(output);
    left -= output.length;
    position += length;
  }
  return outputs.length === 1 ? outputs[0]! : Buffer.concat(outputs);
}

function startsFramed(payload: Buffer, position: number): boolean {
  return (
    payload.length - position >= MAGIC_SIZE &&
    HEADER.compare(payload, position, position + MAGIC_SIZE, 0, MAGIC_SIZE) === 0
  );
}

function headerEnd(payload: Buffer, position: number): number {
  if (payload.length - position < HEADER_SIZE) throw new CompressionError('the snappy header ends too early');
  if (payload.readInt32BE(position + MAGIC_SIZE) < COMPATIBLE_VERSION) {
    throw new CompressionError('the snappy stream is of an unknown version');
  }
  return position + HEADER_SIZE;
}

function decompressBlock(block: Buffer, left: number, outputBytesMax: number): Buffer {
  const size = declaredSize(block);
  if (size > block.length * EXPANSION_MAX)
    throw new CompressionError('a snappy block claims more than it can hold');
  if (size > left) throw new OutputTooLargeError(outputBytesMax);
  try {
    const output = native().uncompressSync(block, { asBuffer: true }) as Buffer;
    if (output.length !== size) throw new CompressionError('a snappy block is not of the size it claims');
    return output;
  } catch (error) {
    if (error instanceof CompressionError) throw error;
    throw new CompressionError(`a snappy block is damaged: ${(error as Error).message}`);
  }
}

/** The little-endian varint that opens a block. */
function declaredSize(block: Buffer): number {
  let size = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block[index];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return size;
  }
  throw new CompressionError('not in snappy format');
}
