// CRC-32C (Castagnoli), the checksum of record batches and of Kafka's snapshots. Not zlib's CRC-32, which uses another
// polynomial. The result is unsigned.

import { createRequire } from 'node:module';
import process from 'node:process';

interface NativePackage {
  crc32c(bytes: Buffer): number;
}

const require = createRequire(import.meta.url);
const { crc32c: nativeCrc32c } = loadNative();

/** The usual platforms' file at once: the package's loader first asks which C library there is, 4 ms of every start. */
function loadNative(): NativePackage {
  const { platform, arch } = process;
  try {
    if (platform === 'linux') return require(`@node-rs/crc32-linux-${arch}-gnu`) as NativePackage;
    if (platform === 'darwin') return require(`@node-rs/crc32-darwin-${arch}`) as NativePackage;
  } catch {
    // Another C library or processor: the loader knows them all, and says what is missing.
  }
  return require('@node-rs/crc32') as NativePackage;
}

export function crc32c(buffer: Buffer, start = 0, end = buffer.length): number {
  return nativeCrc32c(start === 0 && end === buffer.length ? buffer : buffer.subarray(start, end));
}
