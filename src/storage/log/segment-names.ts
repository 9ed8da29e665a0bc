// File names of a partition (LogFileUtils): the base offset in twenty digits and a suffix. Suffixes behind them tell what
// state a file is in: `.deleted` waits to be removed, `.cleaned` is unfinished compaction, `.swap` finished but not yet in
// place. Ours is `.quarantine`, which Apache Kafka ignores.

export const LOG_SUFFIX = '.log';
export const OFFSET_INDEX_SUFFIX = '.index';
export const TIME_INDEX_SUFFIX = '.timeindex';
export const TRANSACTION_INDEX_SUFFIX = '.txnindex';
export const PRODUCER_SNAPSHOT_SUFFIX = '.snapshot';
export const DELETED_SUFFIX = '.deleted';
export const CLEANED_SUFFIX = '.cleaned';
export const SWAP_SUFFIX = '.swap';
export const QUARANTINE_SUFFIX = '.quarantine';

export const INDEX_SUFFIXES = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, TRANSACTION_INDEX_SUFFIX] as const;

export function offsetName(offset: number, suffix: string): string {
  return String(offset).padStart(20, '0') + suffix;
}

/** The offset of a name with exactly this suffix, or null. */
export function offsetOfName(name: string, suffix: string): number | null {
  if (name.length !== 20 + suffix.length || !name.endsWith(suffix)) return null;
  const digits = name.slice(0, 20);
  const offset = Number(digits);
  return /^\d{20}$/.test(digits) && Number.isSafeInteger(offset) ? offset : null;
}

/** The offset a name begins with, whatever follows, or null. */
export function leadingOffset(name: string): number | null {
  const offset = Number(name.slice(0, 20));
  return /^\d{20}\./.test(name) && Number.isSafeInteger(offset) ? offset : null;
}
