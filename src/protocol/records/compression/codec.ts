// What a compression codec of record batches is. Decompression works on bytes from strangers: it must never allocate
// more than `outputBytesMax`, whatever the bytes claim, and must throw CompressionError and nothing else.

/** The three bits of a batch's attributes, by name. */
export const CODEC_IDS = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
export type CodecName = keyof typeof CODEC_IDS;
export type CompressingCodecName = Exclude<CodecName, 'none'>;

export interface Codec {
  readonly name: CompressingCodecName;
  /** The level as the topic's compression.<codec>.level says; the codec's default without it. */
  compress(payload: Buffer, level?: number): Buffer;
  decompress(payload: Buffer, outputBytesMax: number): Buffer;
}

/** The bytes are not what the codec writes. */
export class CompressionError extends Error {
  override readonly name: string = 'CompressionError';
}

/** The bytes are good, but there are more of them than the bound. */
export class OutputTooLargeError extends CompressionError {
  override readonly name = 'OutputTooLargeError';
  constructor(outputBytesMax: number) {
    super(`the decompressed records are larger than ${outputBytesMax} bytes`);
  }
}
