// A disk in memory that forgets what was not synced: for tests, `--memory` and the crash simulator. It keeps names the
// way it keeps bytes: a created, renamed or removed name is durable only after `syncDirectory`; a crash keeps or drops
// each such change on its own, a rename as one. Holds a capacity (ENOSPC after a short write) and planned failures.

import { basename, dirname } from 'node:path/posix';
import type { DirectoryEntry, File, FileErrorCode, FileStat, FileSystem, OpenMode } from './file-system.ts';
import { FileSystemError } from './file-system.ts';
import type { Random } from './memory-file.ts';
import { MemoryFileContent } from './memory-file.ts';

export type MemoryOperation =
  | 'read'
  | 'write'
  | 'sync'
  | 'syncDirectory'
  | 'truncate'
  | 'rename'
  | 'open'
  | 'remove'
  | 'mkdir';

export interface MemoryFault {
  readonly operation: MemoryOperation;
  readonly code: FileErrorCode;
  /** Only paths that contain this. */
  readonly path?: string;
  /** How many matching calls pass first. Default 0. */
  readonly after?: number;
  /** How many calls fail. Default 1. */
  readonly count?: number;
}

export interface MemoryFileSystemOptions {
  readonly capacityBytes?: number;
  /** Off for `--memory`: half the memory, no crash(). */
  readonly tracksDurability?: boolean;
  /** Syncs end only by `finishSync`; otherwise on the next turn. */
  readonly manualSyncs?: boolean;
  readonly nowMs?: () => number;
}

class MemoryDirectory {
  readonly entries = new Map<string, MemoryNode>();
  durableEntries = new Map<string, MemoryNode>();
  /** Changes of names since the last sync, in order; `null` removes. */
  changes: (readonly [string, MemoryNode | null])[][] = [];
}
type MemoryNode = MemoryDirectory | MemoryFileContent;

export class MemoryFileSystem implements FileSystem {
  readonly #options: MemoryFileSystemOptions;
  readonly #root = new MemoryDirectory();
  readonly #faults: { fault: MemoryFault; passed: number; failed: number }[] = [];
  readonly #pendingSyncs: { path: string; finish: (error: Error | null) => void }[] = [];
  #capacityBytes: number;
  #usedBytes = 0;
  #openFiles = 0;
  openFilesPeak = 0;
  /** Every call that changes the disk; the simulator crashes at one of them. */
  operations = 0;
  onOperation: ((operation: MemoryOperation, path: string) => void) | null = null;

  constructor(options: MemoryFileSystemOptions = {}) {
    this.#options = options;
    this.#capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
  }

  set capacityBytes(value: number) {
    this.#capacityBytes = value;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  failOn(fault: MemoryFault): void {
    this.#faults.push({ fault, passed: 0, failed: 0 });
  }

  get pendingSyncs(): number {
    return this.#pendingSyncs.length;
  }

  /** Ends a sync in flight, the oldest when none is named: a disk may answer in any order. */
  finishSync(index = 0): void {
    this.#pendingSyncs.splice(index, 1)[0]?.finish(null);
  }

  open(path: string, mode: OpenMode): File {
    this.#step('open', path);
    const directory = this.#directory(dirname(path), 'open');
    let node = directory.entries.get(basename(path));
    if (node instanceof MemoryDirectory) throw new FileSystemError('EISDIR', 'open', path);
    if (node !== undefined && mode === 'exclusive') throw new FileSystemError('EEXIST', 'open', path);
    if (node === undefined) {
      if (mode === 'read' || mode === 'write') throw new FileSystemError('ENOENT', 'open', path);
      node = new MemoryFileContent({ tracksDurability: this.#options.tracksDurability ?? true });
      node.modifiedMs = this.#nowMs();
      this.#change(directory, [[basename(path), node]]);
    }
    this.#openFiles += 1;
    this.openFilesPeak = Math.max(this.openFilesPeak, this.#openFiles);
    return new MemoryFile(this, path, node);
  }

  /** For MemoryFile. */
  closeFile(): void {
    this.#openFiles -= 1;
  }

  list(path: string): DirectoryEntry[] {
    return [...this.#directory(path, 'list').entries].map(([name, node]) => ({
      name,
      kind: node instanceof MemoryDirectory ? 'directory' : 'file',
    }));
  }

  stat(path: string): FileStat | null {
    const node = this.#node(path);
    if (node === undefined) return null;
    if (node instanceof MemoryDirectory)
      return { kind: 'directory', sizeInBytes: 0, modifiedMs: 0, device: 0, inode: 0 };
    return { kind: 'file', sizeInBytes: node.size, modifiedMs: node.modifiedMs, device: 0, inode: 0 };
  }

  makeDirectory(path: string): void {
    this.#step('mkdir', path);
    const parent = this.#directory(dirname(path), 'mkdir');
    if (!parent.entries.has(basename(path))) this.#change(parent, [[basename(path), new MemoryDirectory()]]);
  }

  rename(from: string, to: string): void {
    this.#step('rename', from);
    const directory = this.#directory(dirname(from), 'rename');
    const node = directory.entries.get(basename(from));
    if (node === undefined) throw new FileSystemError('ENOENT', 'rename', from);
    if (dirname(from) !== dirname(to)) throw new FileSystemError('EXDEV', 'rename', from);
    this.#forgetBytes(directory.entries.get(basename(to)));
    this.#change(directory, [
      [basename(from), null],
      [basename(to), node],
    ]);
  }

  remove(path: string): void {
    this.#step('remove', path);
    const directory = this.#directory(dirname(path), 'remove');
    const node = directory.entries.get(basename(path));
    if (node === undefined) return;
    if (node instanceof MemoryDirectory) throw new FileSystemError('EISDIR', 'remove', path);
    this.#forgetBytes(node);
    this.#change(directory, [[basename(path), null]]);
  }

  removeDirectory(path: string): void {
    this.#step('remove', path);
    const node = this.#directory(path, 'rmdir');
    if (node.entries.size > 0) throw new FileSystemError('ENOTEMPTY', 'rmdir', path);
    this.#change(this.#directory(dirname(path), 'rmdir'), [[basename(path), null]]);
  }

  syncDirectory(path: string): void {
    this.#step('syncDirectory', path);
    const directory = this.#directory(path, 'fsync');
    directory.durableEntries = new Map(directory.entries);
    directory.changes = [];
  }

  syncDirectoryLater(path: string, callback: (error: Error | null) => void): void {
    this.#later(path, callback, () => this.syncDirectory(path));
  }

  freeBytes(): number {
    return Math.max(0, this.#capacityBytes - this.#usedBytes);
  }

  totalBytes(): number {
    return this.#capacityBytes;
  }

  /** The process ended: syncs in flight tell nobody; what they took counts as unsynced. The disk's caches are as they were. */
  kill(): void {
    this.#pendingSyncs.length = 0;
    this.onOperation = null;
  }

  /** The disk as a power cut leaves it. This one must not be used any more. */
  crash(options: { readonly seed: number }): MemoryFileSystem {
    const random = randomOf(options.seed);
    const survivor = new MemoryFileSystem({ ...this.#options, capacityBytes: this.#capacityBytes });
    survivor.#restore(this.#root, survivor.#root, random);
    return survivor;
  }

  #restore(from: MemoryDirectory, to: MemoryDirectory, random: Random): void {
    const names = new Map(from.durableEntries);
    const keep = random();
    for (const change of from.changes) {
      if (random() >= keep) continue;
      for (const [name, node] of change) {
        if (node === null) names.delete(name);
        else names.set(name, node);
      }
    }
    for (const [name, node] of names) {
      if (node instanceof MemoryDirectory) {
        const directory = new MemoryDirectory();
        to.entries.set(name, directory);
        this.#restore(node, directory, random);
      } else {
        const content = node.afterCrash(random);
        this.#usedBytes += content.size;
        to.entries.set(name, content);
      }
    }
    to.durableEntries = new Map(to.entries);
  }

  /** For MemoryFile. */
  write(path: string, content: MemoryFileContent, buffers: readonly Uint8Array[], position: number): void {
    this.#step('write', path);
    for (const buffer of buffers) {
      const growth = Math.max(0, position + buffer.length - content.size);
      const fits = Math.max(0, Math.min(buffer.length, buffer.length - (growth - this.freeBytes())));
      const before = content.size;
      content.write(fits === buffer.length ? buffer : buffer.subarray(0, fits), position);
      content.modifiedMs = this.#nowMs();
      this.#usedBytes += content.size - before;
      if (fits < buffer.length) throw new FileSystemError('ENOSPC', 'write', path);
      position += buffer.length;
    }
  }

  /** For MemoryFile. */
  truncate(path: string, content: MemoryFileContent, size: number): void {
    this.#step('truncate', path);
    this.#usedBytes += size - content.size;
    content.truncate(size);
  }

  /** For MemoryFile. */
  read(path: string, content: MemoryFileContent, buffer: Uint8Array, position: number): number {
    this.#fault('read', path);
    return content.read(buffer, position);
  }

  /** For MemoryFile. */
  syncNow(path: string, content: MemoryFileContent): void {
    this.#step('sync', path);
    content.beginSync()();
  }

  /** For MemoryFile. */
  sync(path: string, content: MemoryFileContent, callback: (error: Error | null) => void): void {
    const complete = content.beginSync();
    this.#later(path, callback, () => {
      this.#step('sync', path);
      complete();
    });
  }

  #later(path: string, callback: (error: Error | null) => void, work: () => void): void {
    const finish = (): void => {
      try {
        work();
      } catch (error) {
        callback(error as Error);
        return;
      }
      callback(null);
    };
    if (this.#options.manualSyncs === true) this.#pendingSyncs.push({ path, finish });
    else setImmediate(finish);
  }

  #step(operation: MemoryOperation, path: string): void {
    this.operations += 1;
    this.onOperation?.(operation, path);
    this.#fault(operation, path);
  }

  #fault(operation: MemoryOperation, path: string): void {
    for (const planned of this.#faults) {
      const { fault } = planned;
      if (fault.operation !== operation || (fault.path !== undefined && !path.includes(fault.path))) continue;
      if (planned.passed < (fault.after ?? 0)) {
        planned.passed += 1;
      } else if (planned.failed < (fault.count ?? 1)) {
        planned.failed += 1;
        throw new FileSystemError(fault.code, operation, path);
      }
    }
  }

  #change(directory: MemoryDirectory, change: (readonly [string, MemoryNode | null])[]): void {
    for (const [name, node] of change) {
      if (node === null) directory.entries.delete(name);
      else directory.entries.set(name, node);
    }
    if (this.#options.tracksDurability ?? true) directory.changes.push(change);
  }

  #forgetBytes(node: MemoryNode | undefined): void {
    if (node instanceof MemoryFileContent) this.#usedBytes -= node.size;
  }

  #node(path: string): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    for (const name of path.split('/')) {
      if (name === '' || name === '.') continue;
      node = node instanceof MemoryDirectory ? node.entries.get(name) : undefined;
      if (node === undefined) return undefined;
    }
    return node;
  }

  #directory(path: string, operation: string): MemoryDirectory {
    const node = this.#node(path);
    if (node === undefined) throw new FileSystemError('ENOENT', operation, path);
    if (!(node instanceof MemoryDirectory)) throw new FileSystemError('ENOTDIR', operation, path);
    return node;
  }

  #nowMs(): number {
    return this.#options.nowMs?.() ?? 0;
  }
}

class MemoryFile implements File {
  readonly path: string;
  readonly #disk: MemoryFileSystem;
  readonly #content: MemoryFileContent;

  constructor(disk: MemoryFileSystem, path: string, content: MemoryFileContent) {
    this.#disk = disk;
    this.path = path;
    this.#content = content;
  }

  read(buffer: Uint8Array, position: number): number {
    return this.#disk.read(this.path, this.#content, buffer, position);
  }

  write(buffers: readonly Uint8Array[], position: number): void {
    this.#disk.write(this.path, this.#content, buffers, position);
  }

  sync(callback: (error: Error | null) => void): void {
    this.#disk.sync(this.path, this.#content, callback);
  }

  syncNow(): void {
    this.#disk.syncNow(this.path, this.#content);
  }

  truncate(sizeInBytes: number): void {
    this.#disk.truncate(this.path, this.#content, sizeInBytes);
  }

  size(): number {
    return this.#content.size;
  }

  close(): void {
    this.#disk.closeFile();
  }
}

/** mulberry32: small, good enough, the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
