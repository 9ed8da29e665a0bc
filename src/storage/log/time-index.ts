// `.timeindex`: from timestamp to offset, sparse (TimeIndex). An entry has 12 bytes, big-endian:
//   int64  largest timestamp in the segment so far
//   int32  last offset of the batch that has it, relative to the segment's base offset
// Appended together with an offset index entry when the timestamp grew, and once more at roll and close, so that the last
// entry is the segment's maximum. Timestamps ascend strictly, offsets do not fall. The first record at or after a time is
// looked for from the last entry with a smaller or equal one. How the file ends: index-file.ts.

import type { CachedFile } from '../fs/file-cache.ts';
import { IndexFile } from './index-file.ts';
import { readInt64, writeInt64 } from './int64.ts';

export const TIME_INDEX_ENTRY_BYTES = 12;

export class TimeIndex extends IndexFile {
  readonly baseOffset: number;

  constructor(file: CachedFile, baseOffset: number) {
    super(file, TIME_INDEX_ENTRY_BYTES);
    this.baseOffset = baseOffset;
  }

  /** One entry is kept free for the one that roll and close force. */
  isFull(indexBytesMax: number): boolean {
    return this.count >= Math.floor(indexBytesMax / TIME_INDEX_ENTRY_BYTES) - 1;
  }

  maybeAppend(timestamp: number, offset: number): void {
    if (timestamp <= this.lastTimestamp()) return;
    const at = this.appendedAt();
    const bytes = this.bytes();
    writeInt64(bytes, timestamp, at);
    bytes.writeInt32BE(offset - this.baseOffset, at + 8);
  }

  timestampAt(index: number): number {
    return readInt64(this.bytes(), index * TIME_INDEX_ENTRY_BYTES);
  }

  offsetAt(index: number): number {
    return this.baseOffset + this.bytes().readInt32BE(index * TIME_INDEX_ENTRY_BYTES + 8);
  }

  /** -1 when empty. */
  lastTimestamp(): number {
    return this.count === 0 ? -1 : this.timestampAt(this.count - 1);
  }

  lastOffset(): number {
    return this.count === 0 ? this.baseOffset : this.offsetAt(this.count - 1);
  }

  /** The offset from which a record of this timestamp or a later one may come. */
  offsetFor(timestamp: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timestampAt(middle) <= timestamp) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? this.baseOffset : this.offsetAt(low - 1);
  }

  /** Drops the entries of this offset and above. */
  truncateTo(offset: number): void {
    let count = this.count;
    while (count > 0 && this.offsetAt(count - 1) >= offset) count -= 1;
    this.truncateCount(count);
  }

  isSane(): boolean {
    for (let index = 0; index < this.count; index++) {
      if (this.offsetAt(index) < this.baseOffset) return false;
      if (index > 0 && this.timestampAt(index) <= this.timestampAt(index - 1)) return false;
      if (index > 0 && this.offsetAt(index) < this.offsetAt(index - 1)) return false;
    }
    return true;
  }
}
