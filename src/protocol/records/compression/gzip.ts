// gzip (RFC 1952) as Java's GZIPInputStream reads it: members may follow each other, and what follows the last one and
// is no member is ignored. Node's gunzip fails on such bytes, hence the small frame layer here over raw inflate.

import type * as Zlib from 'node:zlib';
import { type Codec, CompressionError, OutputTooLargeError } from './codec.ts';
import { loadedOnUse } from './native.ts';

const zlib = loadedOnUse<typeof Zlib>('node:zlib');

const HEADER_SIZE = 10;
const TRAILER_SIZE = 8;
const FLAG_HEADER_CRC = 0x02;
const FLAG_EXTRA = 0x04;
const FLAG_NAME = 0x08;
const FLAG_COMMENT = 0x10;
/** So many members of a few bytes are no batch; each costs a native call. */
const MEMBERS_MAX = 1024;

export const gzip: Codec = {
  name: 'gzip',
  compress: (payload, level = zlib().constants.Z_DEFAULT_COMPRESSION) => zlib().gzipSync(payload, { level }),
  decompress,
};

function decompress(payload: Buffer, outputBytesMax: number): Buffer {
  const outputs: Buffer[] = [];
  let position = deflateStart(payload, 0);
  if (position < 0) throw new CompressionError('not in gzip format');
  let left = outputBytesMax;
  while (position >= 0) {
    if (outputs.length === MEMBERS_MAX) throw new CompressionError(`more than ${MEMBERS_MAX} gzip members`);
    const { output, end } = inflateMember(payload.subarray(position), left, outputBytesMax);
    const trailer = position + end;
    if (payload.length - trailer < TRAILER_SIZE) throw new CompressionError('the gzip stream ends too early');
    if (
      payload.readUInt32LE(trailer) !== zlib().crc32(output) ||
      payload.readUInt32LE(trailer + 4) !== output.length
    ) {
      throw new CompressionError('the gzip stream is damaged: its checksum does not match');
    }
    outputs.push(output);
    left -= output.length;
    position = deflateStart(payload, trailer + TRAILER_SIZE);
  }
  return outputs.length === 1 ? outputs[0]! : Buffer.concat(outputs);
}

function inflateMember(
  deflated: Buffer,
  left: number,
  outputBytesMax: number,
): { readonly output: Buffer; readonly end: number } {
  try {
    // Node does not accept 0 as a bound.
    const options = { info: true, maxOutputLength: Math.max(left, 1) };
    const { buffer, engine } = zlib().inflateRawSync(deflated, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (buffer.length > left) throw new OutputTooLargeError(outputBytesMax);
    return { output: buffer, end: engine.bytesWritten };
  } catch (error) {
    if (error instanceof CompressionError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new OutputTooLargeError(outputBytesMax);
    throw new CompressionError(`the gzip stream is damaged: ${(error as Error).message}`);
  }
}

/** Where the deflate stream of the member at `position` begins; -1 if there is no member. */
function deflateStart(payload: Buffer, position: number): number {
  if (payload.length - position < HEADER_SIZE) return -1;
  if (payload[position] !== 0x1f || payload[position + 1] !== 0x8b || payload[position + 2] !== 8) return -1;
  const flags = payload[position + 3]!;
  let at = position + HEADER_SIZE;
  if (flags & FLAG_EXTRA) {
    if (payload.length - at < 2) return -1;
    at += 2 + payload.readUInt16LE(at);
  }
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const zero = payload.indexOf(0, at);
    if (zero < 0) return -1;
    at = zero + 1;
  }
  if (flags & FLAG_HEADER_CRC) at += 2;
  return at <= payload.length ? at : -1;
}
