// Small files as a whole: read, and replaced so that a crash leaves the old content or the new, never half of either
// (temporary file, sync, rename, sync of the directory).

import { dirname } from 'node:path/posix';
import type { FileSystem } from './file-system.ts';
import { FileSystemError } from './file-system.ts';

/** Checkpoints, snapshots and indexes stay far below; more is not a file of ours, and is not read into memory. */
const WHOLE_FILE_BYTES_MAX = 512 * 1024 * 1024;

/** null when there is no such file. */
export function readWholeFile(fileSystem: FileSystem, path: string): Buffer | null {
  const stat = fileSystem.stat(path);
  if (stat === null || stat.kind === 'directory') return null;
  if (stat.sizeInBytes > WHOLE_FILE_BYTES_MAX) throw new FileSystemError('EFBIG', 'read', path);
  const file = fileSystem.open(path, 'read');
  try {
    const buffer = Buffer.allocUnsafeSlow(stat.sizeInBytes);
    return buffer.subarray(0, file.read(buffer, 0));
  } finally {
    file.close();
  }
}

export function readTextFile(fileSystem: FileSystem, path: string): string | null {
  return readWholeFile(fileSystem, path)?.toString('utf8') ?? null;
}

/** Files under /proc have no size: read until the end, within a bound. */
export function readUnsizedText(fileSystem: FileSystem, path: string, bytesMax: number): string | null {
  if (fileSystem.stat(path) === null) return null;
  const file = fileSystem.open(path, 'read');
  try {
    const buffer = Buffer.alloc(bytesMax);
    return buffer.toString('utf8', 0, file.read(buffer, 0));
  } finally {
    file.close();
  }
}

/** Written, not yet synced: for a file whose durability somebody else sees to. */
export function writeWholeFile(fileSystem: FileSystem, path: string, content: Uint8Array | string): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = fileSystem.open(path, 'create');
  try {
    file.write([bytes], 0);
    // Most are new, and cutting costs a disk more than asking.
    if (file.size() > bytes.length) file.truncate(bytes.length);
  } finally {
    file.close();
  }
}

/** Of somebody who wrote it and may not have come to sync it. A missing file is not an error. */
export function syncWholeFile(fileSystem: FileSystem, path: string): void {
  if (fileSystem.stat(path) === null) return;
  const file = fileSystem.open(path, 'write');
  try {
    file.syncNow();
  } finally {
    file.close();
  }
}

export function replaceWholeFile(fileSystem: FileSystem, path: string, content: Uint8Array | string): void {
  replaceWholeFiles(fileSystem, [{ path, content }]);
}

/** Of one directory, which is synced once. A crash may leave some of them new and others old. */
export function replaceWholeFiles(
  fileSystem: FileSystem,
  files: readonly { readonly path: string; readonly content: Uint8Array | string }[],
): void {
  for (const { path, content } of files) {
    const temporary = `${path}.tmp`;
    const file = fileSystem.open(temporary, 'create');
    try {
      file.truncate(0);
      file.write([typeof content === 'string' ? Buffer.from(content) : content], 0);
      file.syncNow();
    } finally {
      file.close();
    }
    fileSystem.rename(temporary, path);
  }
  const first = files[0];
  if (first !== undefined) fileSystem.syncDirectory(dirname(first.path));
}
