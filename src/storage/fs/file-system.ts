// The file port: everything storage asks of a disk, so that the crash simulator (memory.ts) can stand in for it.
// All calls are synchronous but `sync`, which runs in a pool and calls back; a call either did all of what it says or
// throws a FileSystemError (a write that failed may have left a prefix: the caller must truncate before it goes on).
// Nothing is durable before `sync`/`syncNow` of the file and, for a new, renamed or removed name, `syncDirectory`.

export type FileErrorCode =
  | 'ENOENT'
  | 'EEXIST'
  | 'ENOSPC'
  | 'EDQUOT'
  | 'EIO'
  | 'EACCES'
  | 'EPERM'
  | 'EROFS'
  | 'EMFILE'
  | string;

export class FileSystemError extends Error {
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, operation: string, path: string) {
    super(`${code}: ${operation} ${path}`);
    this.name = 'FileSystemError';
    this.code = code;
    this.path = path;
  }
}

/** `read`: must exist. `write`: read and write, must exist. `create`: made when absent. `exclusive`: must not exist. */
export type OpenMode = 'read' | 'write' | 'create' | 'exclusive';

export interface FileStat {
  readonly kind: 'file' | 'directory';
  readonly sizeInBytes: number;
  readonly modifiedMs: number;
  /** Identify the file in /proc/locks; 0 where the platform has none. */
  readonly device: number;
  readonly inode: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

export interface File {
  readonly path: string;
  /** Fills the buffer from `position`; fewer bytes only at the end of the file. */
  read(buffer: Uint8Array, position: number): number;
  /** Writes all buffers, one behind the other, from `position`. */
  write(buffers: readonly Uint8Array[], position: number): void;
  /** fdatasync in the pool. After an error the file's contents are unknown: never call it again and believe the answer. */
  sync(callback: (error: Error | null) => void): void;
  syncNow(): void;
  truncate(sizeInBytes: number): void;
  size(): number;
  close(): void;
}

export interface FileSystem {
  open(path: string, mode: OpenMode): File;
  /** Entries of a directory, unsorted. */
  list(path: string): DirectoryEntry[];
  /** null when there is nothing of that name. */
  stat(path: string): FileStat | null;
  /** One level; EEXIST is not an error. */
  makeDirectory(path: string): void;
  rename(from: string, to: string): void;
  /** Removes a file; a missing one is not an error. */
  remove(path: string): void;
  /** Removes an empty directory. */
  removeDirectory(path: string): void;
  /** Makes names in the directory durable. */
  syncDirectory(path: string): void;
  /** The same in the pool. */
  syncDirectoryLater(path: string, callback: (error: Error | null) => void): void;
  /** Bytes a writer may still use on the disk that holds `path`. */
  freeBytes(path: string): number;
  /** Bytes of the whole disk that holds `path`. */
  totalBytes(path: string): number;
}
