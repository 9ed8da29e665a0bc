// A disk in memory that forgets what was not synced: for tests, `--memory` and the crash simulator. Type surface only at this commit.

import type { DirectoryEntry, File, FileStat, FileSystem, OpenMode } from './file-system.ts';

export declare class MemoryFileSystem implements FileSystem {
  constructor(options?: { readonly capacityBytes?: number });
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
  /** The disk as a power cut leaves it: unsynced sectors and names are each kept, lost or (sectors) torn by the seed. */
  crash(options: { readonly seed: number }): MemoryFileSystem;
}
