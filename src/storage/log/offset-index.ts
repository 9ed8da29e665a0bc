// `.index`: from offset to position in the segment, sparse (OffsetIndex). An entry has 8 bytes, big-endian:
//   int32  offset of the LAST record of a batch, relative to the segment's base offset
//   int32  position of that batch in the .log file
// One entry whenever more than index.interval.bytes were appended since the last, so the first batch has none; both columns
// ascend strictly. An offset is looked for from the last entry that is not above it, or from position 0. How the file ends:
// index-file.ts.

import type { CachedFile } from '../fs/file-cache.ts';
import { IndexFile } from './index-file.ts';

export const OFFSET_INDEX_ENTRY_BYTES = 8;
/** Of a record in its segment: what an entry can hold. */
export const RELATIVE_OFFSET_MAX = 2 ** 31 - 1;

export class OffsetIndex extends IndexFile {
  readonly baseOffset: number;

  constructor(file: CachedFile, baseOffset: number) {
    super(file, OFFSET_INDEX_ENTRY_BYTES);
    this.baseOffset = baseOffset;
  }

  isFull(indexBytesMax: number): boolean {
    return this.count >= Math.floor(indexBytesMax / OFFSET_INDEX_ENTRY_BYTES);
  }

  canHold(offset: number): boolean {
    return offset >= this.baseOffset && offset - this.baseOffset <= RELATIVE_OFFSET_MAX;
  }

  append(lastOffset: number, position: number): void {
    const at = this.appendedAt();
    const bytes = this.bytes();
    bytes.writeInt32BE(lastOffset - this.baseOffset, at);
    bytes.writeInt32BE(position, at + 4);
  }

  offsetAt(index: number): number {
    return this.baseOffset + this.bytes().readInt32BE(index * OFFSET_INDEX_ENTRY_BYTES);
  }

  positionAt(index: number): number {
    return this.bytes().readInt32BE(index * OFFSET_INDEX_ENTRY_BYTES + 4);
  }

  /** Where to start looking for an offset: the last batch that ends at or before it. 0 when the index knows none. */
  positionFor(offset: number): number {
    const index = this.#lastIndex(entry => this.offsetAt(entry) <= offset);
    return index < 0 ? 0 : this.positionAt(index);
  }

  /** The position of the last entry, 0 when empty. */
  lastPosition(): number {
    return this.count === 0 ? 0 : this.positionAt(this.count - 1);
  }

  /** -1 when empty. */
  lastOffset(): number {
    return this.count === 0 ? -1 : this.offsetAt(this.count - 1);
  }

  /** The first indexed offset whose batch begins at or behind the position; null when there is none. */
  offsetAtOrBehind(position: number): number | null {
    const index = this.#lastIndex(entry => this.positionAt(entry) < position) + 1;
    return index < this.count ? this.offsetAt(index) : null;
  }

  /** Drops the entries of this offset and above. */
  truncateTo(offset: number): void {
    this.truncateCount(this.#lastIndex(entry => this.offsetAt(entry) < offset) + 1);
  }

  /** Strictly ascending, inside the segment: what Apache Kafka's own writer guarantees. */
  isSane(segmentBytes: number): boolean {
    for (let index = 0; index < this.count; index++) {
      const previous = index === 0 ? null : index - 1;
      if (
        this.offsetAt(index) < this.baseOffset ||
        this.positionAt(index) < 0 ||
        this.positionAt(index) >= segmentBytes
      )
        return false;
      if (previous !== null && this.offsetAt(index) <= this.offsetAt(previous)) return false;
      if (previous !== null && this.positionAt(index) <= this.positionAt(previous)) return false;
    }
    return true;
  }

  /** The last entry for which the ascending predicate still holds, -1 for none. */
  #lastIndex(holds: (index: number) => boolean): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
