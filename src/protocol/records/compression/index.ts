// The table of codecs, by the number in a batch's attributes. Number 0 is no compression; 5 to 7 mean nothing.

import { CODEC_IDS, type Codec, type CodecName } from './codec.ts';
import { gzip } from './gzip.ts';
import { lz4 } from './lz4.ts';
import { snappy } from './snappy.ts';
import { zstd } from './zstd.ts';

/**
 * How many bytes the records of one batch may decompress to. A zstd batch of 1 MiB can claim 32 GiB. Honest batches are
 * bounded by max.message.bytes (1 MiB) times a ratio that stays below 100.
 */
export const DECOMPRESSED_BYTES_MAX = 128 * 1024 * 1024;

const codecs: readonly (Codec | null)[] = [null, gzip, snappy, lz4, zstd];
const names = Object.keys(CODEC_IDS) as CodecName[];

/** undefined for 0 (none) and for numbers that mean nothing. */
export function codecOfId(id: number): Codec | undefined {
  return codecs[id] ?? undefined;
}

export function codecName(id: number): CodecName | undefined {
  return names[id];
}
