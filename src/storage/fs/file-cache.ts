// Files that open when first used and close again when too many are open: a log has several files per segment, a
// process has a bounded number of descriptors. Which to close is found by a clock hand (used since the hand last
// passed: skip once). A file with a sync in flight is never closed under it.

import type { File, FileSystem, OpenMode } from './file-system.ts';
import { LoadedContents } from './loaded-contents.ts';

/** Below the usual soft limit of 1,024 with room for sockets; the launcher may raise it. */
const OPEN_FILES_MAX = 512;

export class FileCache {
  readonly fileSystem: FileSystem;
  readonly contents = new LoadedContents();
  readonly #openFilesMax: number;
  readonly #open: CachedFile[] = [];
  #hand = 0;

  constructor(fileSystem: FileSystem, options: { readonly openFilesMax?: number } = {}) {
    this.fileSystem = fileSystem;
    this.#openFilesMax = options.openFilesMax ?? OPEN_FILES_MAX;
  }

  get openCount(): number {
    return this.#open.length;
  }

  file(path: string): CachedFile {
    return new CachedFile(this, path);
  }

  /** For CachedFile. */
  admit(file: CachedFile, mode: OpenMode): File {
    if (this.#open.length >= this.#openFilesMax) this.#closeOne();
    const opened = this.fileSystem.open(file.path, mode);
    this.#open.push(file);
    return opened;
  }

  /** For CachedFile. */
  forget(file: CachedFile): void {
    const index = this.#open.indexOf(file);
    if (index < 0) return;
    const last = this.#open.pop()!;
    if (last !== file) this.#open[index] = last;
  }

  #closeOne(): void {
    for (let step = 0; step < 2 * this.#open.length; step++) {
      this.#hand = (this.#hand + 1) % this.#open.length;
      if (this.#open[this.#hand]!.closeIfIdle()) return;
    }
  }
}

export class CachedFile implements File {
  readonly #cache: FileCache;
  #path: string;
  #file: File | null = null;
  #isUsed = false;
  #syncsInFlight = 0;
  #isClosing = false;

  constructor(cache: FileCache, path: string) {
    this.#cache = cache;
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  /** Where it counts what is kept of it in memory. */
  get contents(): LoadedContents {
    return this.#cache.contents;
  }

  read(buffer: Uint8Array, position: number): number {
    return this.#opened('write').read(buffer, position);
  }

  write(buffers: readonly Uint8Array[], position: number): void {
    this.#opened('create').write(buffers, position);
  }

  sync(callback: (error: Error | null) => void): void {
    const file = this.#opened('write');
    this.#syncsInFlight += 1;
    file.sync(error => {
      this.#syncsInFlight -= 1;
      if (this.#isClosing && this.#syncsInFlight === 0) this.close();
      callback(error);
    });
  }

  syncNow(): void {
    this.#opened('write').syncNow();
  }

  truncate(sizeInBytes: number): void {
    this.#opened('create').truncate(sizeInBytes);
  }

  size(): number {
    return this.#opened('write').size();
  }

  /** The file, if there is one, gets another name in its directory; an open descriptor stays. The caller syncs the directory. */
  rename(path: string): void {
    const { fileSystem } = this.#cache;
    if (fileSystem.stat(this.#path) !== null) fileSystem.rename(this.#path, path);
    this.#path = path;
  }

  /** Gives the descriptor back; a later use opens the file again. */
  close(): void {
    this.#isClosing = this.#syncsInFlight > 0;
    if (this.#isClosing || this.#file === null) return;
    this.#cache.forget(this);
    this.#file.close();
    this.#file = null;
  }

  /** For FileCache: true when it was closed. */
  closeIfIdle(): boolean {
    if (this.#isUsed || this.#syncsInFlight > 0) {
      this.#isUsed = false;
      return false;
    }
    this.close();
    return true;
  }

  /** Only writing makes a file: a name that is gone must not come back empty because it was read or synced. */
  #opened(mode: 'write' | 'create'): File {
    this.#isUsed = true;
    this.#file ??= this.#cache.admit(this, mode);
    return this.#file;
  }
}
