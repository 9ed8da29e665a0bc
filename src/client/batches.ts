// Record sets of Fetch answers as records: CRC checked, decompressed (bounded by protocol/records), control batches and
// those of aborted transactions left out (KIP-98, the consumer's CompletedFetch). Keys and values are views of the
// answer's bytes: keep copies, not them.

import {
  baseOffset,
  codecId,
  isControl,
  isLogAppendTime,
  isTransactional,
  lastOffset,
  producerId,
  sizeInBytes,
  verifyCrc,
} from '../protocol/records/batch-header.ts';
import { scanBatches } from '../protocol/records/batch-scan.ts';
import { controlTypeOf } from '../protocol/records/control-records.ts';
import { readRecords } from '../protocol/records/read-records.ts';

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | 'unknown';

const CODECS: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export interface FetchedRecord {
  readonly offset: number;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
  readonly compression: Compression;
  readonly transactional: boolean;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface DecodedRecords {
  readonly records: FetchedRecord[];
  /** Behind the last whole batch; `from` when there was none. */
  readonly nextOffset: number;
}

export interface DecodeOptions {
  readonly from: number;
  /** Exclusive: what an answer holds beyond it is not even decompressed. */
  readonly to?: number | undefined;
  readonly aborted: readonly AbortedTransaction[];
}

/** The records between two offsets. A batch cut off at the end is left for the next fetch. */
export function decodeRecordSet(bytes: Buffer, options: DecodeOptions): DecodedRecords {
  const to = options.to ?? Number.POSITIVE_INFINITY;
  const { batches, fault } = scanBatches(bytes);
  const transactions = new AbortedTransactions(options.aborted);
  const records: FetchedRecord[] = [];
  let nextOffset = options.from;
  for (const { position, sizeInBytes: size } of batches) {
    const last = lastOffset(bytes, position);
    if (baseOffset(bytes, position) >= to) return { records, nextOffset: to };
    const isShown = transactions.isShown(bytes, position);
    if (last < nextOffset) continue;
    if (!verifyCrc(bytes, position)) {
      throw new Error(
        `the batch at offset ${baseOffset(bytes, position)} is damaged (its checksum does not match)`,
      );
    }
    const batch = bytes.subarray(position, position + size);
    if (isShown) appendRecords(records, batch, { from: options.from, to });
    nextOffset = last + 1;
  }
  if (fault !== null && nextOffset === options.from) throw new Error(fault);
  return { records, nextOffset };
}

function appendRecords(
  records: FetchedRecord[],
  batch: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const compression = CODECS[codecId(batch, 0)] ?? 'unknown';
  const transactional = isTransactional(batch, 0);
  const timestampType = isLogAppendTime(batch, 0) ? 'LogAppendTime' : 'CreateTime';
  for (const { offset, timestamp, key, value, headers } of readRecords(batch)) {
    if (offset < from || offset >= to) continue;
    records.push({ offset, timestamp, timestampType, key, value, headers, compression, transactional });
  }
}

/** Which batches belong to a transaction that was aborted, told while walking the batches in order. */
class AbortedTransactions {
  /** Not begun yet, by first offset. */
  readonly #coming: AbortedTransaction[];
  readonly #open = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = [...aborted].sort((one, other) => one.firstOffset - other.firstOffset);
  }

  isShown(bytes: Buffer, position: number): boolean {
    while (this.#coming.length > 0 && this.#coming[0]!.firstOffset <= lastOffset(bytes, position)) {
      this.#open.add(this.#coming.shift()!.producerId);
    }
    if (isControl(bytes, position)) {
      if (isAbortMarker(bytes, position)) this.#open.delete(producerId(bytes, position));
      return false;
    }
    return !(isTransactional(bytes, position) && this.#open.has(producerId(bytes, position)));
  }
}

function isAbortMarker(bytes: Buffer, position: number): boolean {
  const [marker] = readRecords(bytes.subarray(position, position + sizeInBytes(bytes, position)));
  return marker !== undefined && controlTypeOf(marker.key) === 'ABORT';
}
