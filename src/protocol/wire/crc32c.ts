// CRC-32C (Castagnoli), the checksum of record batches and of Kafka's snapshots. Not zlib's CRC-32, which uses another
// polynomial. The result is unsigned.

import { crc32c as nativeCrc32c } from '@node-rs/crc32';

export function crc32c(buffer: Buffer, start = 0, end = buffer.length): number {
  return nativeCrc32c(start === 0 && end === buffer.length ? buffer : buffer.subarray(start, end));
}
