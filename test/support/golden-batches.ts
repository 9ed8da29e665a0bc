// Loads test/golden/batches: record batches that Apache Kafka 4.3.1 made or answered. See test/golden/README.md.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../golden/batches/', import.meta.url));

export type GoldenBytes = string | null | { readonly length: number; readonly sha256: string };

export interface GoldenRecord {
  readonly offset: number;
  readonly timestamp: number | bigint;
  readonly sequence: number;
  readonly key: GoldenBytes;
  readonly value: GoldenBytes;
  readonly headers: readonly (readonly [string, string | null])[];
  readonly controlType?: string;
  readonly controlTypeId?: number;
  readonly controlValue?: { readonly coordinatorEpoch?: number };
}

export interface GoldenBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly sizeInBytes: number;
  readonly magic: number;
  readonly partitionLeaderEpoch: number;
  readonly crc: number;
  readonly attributes: number;
  readonly codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly transactional: boolean;
  readonly control: boolean;
  readonly deleteHorizonMs: number | null;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number | bigint;
  readonly producerId: number | bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly count: number;
  readonly records?: readonly GoldenRecord[];
  readonly recordsSameAs?: string;
}

export interface GoldenProduce {
  readonly apiVersion: number;
  readonly topicConfig?: string;
  readonly errorCode: number;
  readonly error: string;
  readonly errorMessage: string | null;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string }[];
  readonly serverLog?: readonly string[];
  readonly stored?: string;
  readonly storedHex?: string;
  readonly storedBatches?: readonly GoldenBatch[];
}

export interface GoldenBatchCase {
  readonly name: string;
  readonly note: string;
  readonly folder: 'valid' | 'invalid';
  readonly bytes: Buffer;
  readonly batches: readonly GoldenBatch[];
  readonly reader?: { readonly step: 'frame' | 'ensureValid' | 'records'; readonly message: string };
  readonly produce?: GoldenProduce;
}

export function loadGoldenBatches(): GoldenBatchCase[] {
  return (['valid', 'invalid'] as const).flatMap(name => {
    const text = readFileSync(join(folder, `${name}.json`), 'utf8');
    const cases = JSON.parse(text, exactIntegers) as (Omit<GoldenBatchCase, 'bytes'> & { file?: string })[];
    return cases.map(golden => ({
      ...golden,
      batches: golden.batches ?? [],
      folder: name,
      bytes: golden.file === undefined ? Buffer.alloc(0) : readFileSync(join(folder, golden.file)),
    }));
  });
}

/** The records of a golden batch, also where the file names another case for them. */
export function goldenRecordsOf(
  batch: GoldenBatch,
  cases: readonly GoldenBatchCase[],
): readonly GoldenRecord[] {
  if (batch.records !== undefined) return batch.records;
  const other = cases.find(({ name }) => name === batch.recordsSameAs)?.batches[0];
  if (other === undefined) throw new Error(`no golden batch is named ${batch.recordsSameAs}`);
  return goldenRecordsOf(other, cases);
}

/** Bytes as the golden files write them; `like` says whether long ones are only a hash there. */
export function asGoldenBytes(bytes: Buffer | null, like: GoldenBytes): GoldenBytes {
  if (bytes === null) return null;
  if (like === null || typeof like === 'string') return bytes.toString('base64');
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function exactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value;
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
