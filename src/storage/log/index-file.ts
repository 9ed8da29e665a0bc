// What the offset and the time index share: fixed-size entries, ascending, appended only. Entries of the active segment
// live in memory and reach the file when the segment is rolled, closed or synced as a whole: after a crash the segment of
// the recovery point is read again anyway. An index of a closed segment is loaded when it is asked for, and given up when
// others need the memory (loaded-contents.ts).
// Apache Kafka allocates the active segment's index files ahead, so a file it was killed over ends in zeros: entries of
// zeros at the end are none, and neither are bytes at the end that make no whole entry.

import type { CachedFile } from '../fs/file-cache.ts';
import { FileSystemError } from '../fs/file-system.ts';
import type { LoadedContent } from '../fs/loaded-contents.ts';

const INITIAL_ENTRIES = 32;

export class IndexFile implements LoadedContent {
  wasUsed = false;
  readonly file: CachedFile;
  readonly #entryBytes: number;
  #bytes: Buffer | null = null;
  #count = 0;
  /** Entries that the file holds. */
  #savedCount = 0;
  /** The file holds something behind the first `savedCount` entries: cut it off before anything is written. */
  #isStale = false;

  constructor(file: CachedFile, entryBytes: number) {
    this.file = file;
    this.#entryBytes = entryBytes;
  }

  get count(): number {
    this.bytes();
    return this.#count;
  }

  get hasUnsavedEntries(): boolean {
    return this.#isStale || (this.#bytes !== null && this.#savedCount < this.#count);
  }

  /** The entries; loads them. */
  bytes(): Buffer {
    this.wasUsed = true;
    if (this.#bytes !== null) return this.#bytes;
    const size = this.#sizeOfFile();
    const buffer = Buffer.alloc(size);
    const got = size === 0 ? 0 : this.file.read(buffer, 0);
    this.#bytes = buffer;
    this.#count = this.#countOf(buffer, Math.floor(got / this.#entryBytes));
    this.#savedCount = this.#count;
    this.#isStale = this.#count * this.#entryBytes !== size;
    this.file.contents.admit(this, size);
    return buffer;
  }

  /** Starts over with no entries, whatever the file holds. */
  reset(): void {
    this.file.contents.forget(this);
    this.#bytes = Buffer.alloc(0);
    this.#count = 0;
    this.#savedCount = 0;
    this.#isStale = true;
  }

  /** Makes room for one more entry and answers where to write it; the caller fills it at once. */
  protected appendedAt(): number {
    const bytes = this.bytes();
    const position = this.#count * this.#entryBytes;
    if (position + this.#entryBytes > bytes.length) {
      const larger = Buffer.alloc(Math.max(INITIAL_ENTRIES * this.#entryBytes, 2 * bytes.length));
      larger.set(bytes.subarray(0, position));
      this.#bytes = larger;
    }
    this.#count += 1;
    return position;
  }

  protected truncateCount(count: number): void {
    this.bytes();
    if (count >= this.#count) return;
    this.#count = count;
    if (this.#savedCount > count) {
      this.#savedCount = count;
      this.#isStale = true;
    }
  }

  /** Brings the file to exactly the entries; makes it when absent. Not synced. */
  save(): void {
    const bytes = this.bytes();
    const from = this.#savedCount * this.#entryBytes;
    const end = this.#count * this.#entryBytes;
    this.file.write([bytes.subarray(from, end)], from);
    // Cutting a file costs a disk far more than asking for its size: thousands are saved at a clean stop.
    if (this.#isStale && this.file.size() > end) this.file.truncate(end);
    this.#savedCount = this.#count;
    this.#isStale = false;
  }

  /** Gives the memory back when the file has everything. */
  unload(): boolean {
    if (this.hasUnsavedEntries) return false;
    this.#bytes = null;
    this.file.contents.forget(this);
    return true;
  }

  /** Its memory is its owner's alone. */
  close(): void {
    this.file.contents.forget(this);
    this.file.close();
  }

  #sizeOfFile(): number {
    try {
      return this.file.size();
    } catch (error) {
      if (error instanceof FileSystemError && error.code === 'ENOENT') return 0;
      throw error;
    }
  }

  /** Without the zeros at the end; an entry that is all zero can only be the first. */
  #countOf(buffer: Buffer, count: number): number {
    while (count > 1 && isZero(buffer, (count - 1) * this.#entryBytes, this.#entryBytes)) count -= 1;
    if (count === 1 && isZero(buffer, 0, this.#entryBytes)) return 0;
    return count;
  }
}

function isZero(buffer: Buffer, position: number, length: number): boolean {
  for (let index = position; index < position + length; index++) if (buffer[index] !== 0) return false;
  return true;
}
