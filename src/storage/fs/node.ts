// The file port over node:fs: the only place in storage/ and broker/ that touches a real disk. Calls are synchronous,
// because on page cache a writeSync beats every asynchronous form; only syncs go through libuv's pool.

import * as fs from 'node:fs';
import { join } from 'node:path';
import type { DirectoryEntry, File, FileStat, FileSystem, OpenMode } from './file-system.ts';
import { FileSystemError } from './file-system.ts';

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;

const FLAGS: Record<OpenMode, number> = {
  read: O_RDONLY,
  write: O_RDWR,
  create: O_RDWR | O_CREAT,
  exclusive: O_RDWR | O_CREAT | O_EXCL,
};

/** What opening or syncing a directory answers where the platform has no such thing (Windows). */
const CANNOT_SYNC_DIRECTORY = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL']);

function failed(error: unknown, operation: string, path: string): FileSystemError {
  const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
  return new FileSystemError(code, operation, path);
}

class NodeFile implements File {
  readonly path: string;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  read(buffer: Uint8Array, position: number): number {
    let count = 0;
    try {
      while (count < buffer.length) {
        const got = fs.readSync(this.#descriptor, buffer, count, buffer.length - count, position + count);
        if (got === 0) break;
        count += got;
      }
    } catch (error) {
      throw failed(error, 'read', this.path);
    }
    return count;
  }

  write(buffers: readonly Uint8Array[], position: number): void {
    try {
      for (const buffer of buffers) {
        let done = 0;
        while (done < buffer.length) {
          done += fs.writeSync(this.#descriptor, buffer, done, buffer.length - done, position + done);
        }
        position += buffer.length;
      }
    } catch (error) {
      throw failed(error, 'write', this.path);
    }
  }

  sync(callback: (error: Error | null) => void): void {
    fs.fdatasync(this.#descriptor, error =>
      callback(error === null ? null : failed(error, 'fdatasync', this.path)),
    );
  }

  syncNow(): void {
    try {
      fs.fdatasyncSync(this.#descriptor);
    } catch (error) {
      throw failed(error, 'fdatasync', this.path);
    }
  }

  truncate(sizeInBytes: number): void {
    try {
      fs.ftruncateSync(this.#descriptor, sizeInBytes);
    } catch (error) {
      throw failed(error, 'truncate', this.path);
    }
  }

  size(): number {
    return fs.fstatSync(this.#descriptor).size;
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }
}

export class NodeFileSystem implements FileSystem {
  open(path: string, mode: OpenMode): File {
    try {
      return new NodeFile(path, fs.openSync(path, FLAGS[mode], 0o644));
    } catch (error) {
      throw failed(error, 'open', path);
    }
  }

  list(path: string): DirectoryEntry[] {
    try {
      return fs.readdirSync(path, { withFileTypes: true }).map(entry => ({
        name: entry.name,
        kind: this.#isDirectory(path, entry) ? 'directory' : 'file',
      }));
    } catch (error) {
      throw failed(error, 'list', path);
    }
  }

  /** A symbolic link counts as what it points to, as it does for Apache Kafka. */
  #isDirectory(path: string, entry: fs.Dirent): boolean {
    if (!entry.isSymbolicLink()) return entry.isDirectory();
    return this.stat(join(path, entry.name))?.kind === 'directory';
  }

  stat(path: string): FileStat | null {
    try {
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return null;
      return {
        kind: stat.isDirectory() ? 'directory' : 'file',
        sizeInBytes: stat.size,
        modifiedMs: stat.mtimeMs,
        device: stat.dev,
        inode: stat.ino,
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
      throw failed(error, 'stat', path);
    }
  }

  makeDirectory(path: string): void {
    try {
      fs.mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw failed(error, 'mkdir', path);
    }
  }

  rename(from: string, to: string): void {
    try {
      fs.renameSync(from, to);
    } catch (error) {
      throw failed(error, 'rename', from);
    }
  }

  remove(path: string): void {
    try {
      fs.unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw failed(error, 'remove', path);
    }
  }

  removeDirectory(path: string): void {
    try {
      fs.rmdirSync(path);
    } catch (error) {
      throw failed(error, 'rmdir', path);
    }
  }

  syncDirectory(path: string): void {
    let descriptor: number;
    try {
      descriptor = fs.openSync(path, 'r');
    } catch (error) {
      if (
        CANNOT_SYNC_DIRECTORY.has((error as NodeJS.ErrnoException).code ?? '') &&
        process.platform === 'win32'
      )
        return;
      throw failed(error, 'open', path);
    }
    try {
      fs.fsyncSync(descriptor);
    } catch (error) {
      if (process.platform !== 'win32') throw failed(error, 'fsync', path);
    } finally {
      fs.closeSync(descriptor);
    }
  }

  syncDirectoryLater(path: string, callback: (error: Error | null) => void): void {
    if (process.platform === 'win32') {
      setImmediate(callback, null);
      return;
    }
    let descriptor: number;
    try {
      descriptor = fs.openSync(path, 'r');
    } catch (error) {
      setImmediate(callback, failed(error, 'open', path));
      return;
    }
    fs.fsync(descriptor, error => {
      fs.closeSync(descriptor);
      callback(error === null ? null : failed(error, 'fsync', path));
    });
  }

  freeBytes(path: string): number {
    try {
      const stat = fs.statfsSync(path);
      return stat.bavail * stat.bsize;
    } catch (error) {
      throw failed(error, 'statfs', path);
    }
  }

  totalBytes(path: string): number {
    try {
      const stat = fs.statfsSync(path);
      return stat.blocks * stat.bsize;
    } catch (error) {
      throw failed(error, 'statfs', path);
    }
  }
}
