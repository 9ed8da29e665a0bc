// The file port over node:fs: the only place in storage/ and broker/ that touches a real disk. Type surface only at this commit.

import type { DirectoryEntry, File, FileStat, FileSystem, OpenMode } from './file-system.ts';

export declare class NodeFileSystem implements FileSystem {
  open(path: string, mode: OpenMode): File;
  list(path: string): DirectoryEntry[];
  stat(path: string): FileStat | null;
  makeDirectory(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  removeDirectory(path: string): void;
  syncDirectory(path: string): void;
  syncDirectoryLater(path: string, callback: (error: Error | null) => void): void;
  freeBytes(path: string): number;
}
