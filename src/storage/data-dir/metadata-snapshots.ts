// Snapshots of the metadata log: `<20-digit end offset>-<10-digit epoch>.checkpoint` beside its segments, whole record
// batches that begin with SnapshotHeader and end with SnapshotFooter (KIP-630). The end offset is exclusive. Files that
// end in `.part` or `.deleted` are unfinished or given up, and not listed.

import type { FileSystem } from '../fs/file-system.ts';
import { readWholeFile, replaceWholeFile } from '../fs/whole-file.ts';

export interface MetadataSnapshot {
  readonly name: string;
  /** Exclusive. */
  readonly endOffset: number;
  readonly epoch: number;
  readonly sizeInBytes: number;
}

const FORMAT = /^(\d{20})-(\d{10})\.checkpoint$/;

/** Oldest first. */
export function listMetadataSnapshots(fileSystem: FileSystem, metadataDirectory: string): MetadataSnapshot[] {
  if (fileSystem.stat(metadataDirectory) === null) return [];
  const snapshots: MetadataSnapshot[] = [];
  for (const { name } of fileSystem.list(metadataDirectory)) {
    const match = FORMAT.exec(name);
    const stat = match === null ? null : fileSystem.stat(`${metadataDirectory}/${name}`);
    if (match === null || stat === null) continue;
    snapshots.push({
      name,
      endOffset: Number(match[1]),
      epoch: Number(match[2]),
      sizeInBytes: stat.sizeInBytes,
    });
  }
  return snapshots.sort((a, b) => a.endOffset - b.endOffset || a.epoch - b.epoch);
}

export function readMetadataSnapshot(
  fileSystem: FileSystem,
  metadataDirectory: string,
  snapshot: MetadataSnapshot,
): Buffer {
  return readWholeFile(fileSystem, `${metadataDirectory}/${snapshot.name}`) ?? Buffer.alloc(0);
}

export function writeMetadataSnapshot(
  fileSystem: FileSystem,
  metadataDirectory: string,
  options: { readonly endOffset: number; readonly epoch: number; readonly batches: Buffer },
): void {
  const { endOffset, epoch, batches } = options;
  const name = `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`;
  replaceWholeFile(fileSystem, `${metadataDirectory}/${name}`, batches);
}
