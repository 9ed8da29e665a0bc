// Snapshots of the metadata log: `<20-digit end offset>-<10-digit epoch>.checkpoint` beside its segments (KIP-630), whole
// record batches as in a segment: a control batch that begins with SnapshotHeader (with kraft.version 1, KRaftVersion and
// Voters follow in it), batches of metadata records (protocol/messages/records/framing.ts), one with SnapshotFooter. Offsets
// count from 0 and mean nothing; the end offset in the name is the first one of the log that is not in it.
// `bootstrap.checkpoint` in the data directory has the same format, and the feature levels of a new cluster. A snapshot is
// written as `.checkpoint.part`, synced, and renamed, so that one of the right name is whole. Files that end in `.part` or
// `.deleted` are unfinished or given up: not listed, and removed at the next start. Apache Kafka also takes the right to
// write from a finished one; nobody reads that, and we do not.

import type { File, FileSystem } from '../fs/file-system.ts';
import { readWholeFile, replaceWholeFile } from '../fs/whole-file.ts';

export interface MetadataSnapshotId {
  /** Exclusive. */
  readonly endOffset: number;
  /** Of the last record below the end offset. */
  readonly epoch: number;
}

export interface MetadataSnapshot extends MetadataSnapshotId {
  readonly name: string;
  readonly sizeInBytes: number;
}

const FORMAT = /^(\d{20})-(\d{10})\.checkpoint$/;
/** `.tmp` is what `replaceWholeFile` leaves. */
const GIVEN_UP = /^\d{20}-\d{10}.*\.(part|deleted|tmp)$/;
const UNFINISHED_SUFFIX = '.part';

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
  options: MetadataSnapshotId & { readonly batches: Buffer },
): void {
  replaceWholeFile(fileSystem, `${metadataDirectory}/${snapshotName(options)}`, options.batches);
}

/** Its name is gone for good only after the directory's next sync: a crash may bring it back whole, never half. */
export function removeMetadataSnapshot(
  fileSystem: FileSystem,
  metadataDirectory: string,
  { name }: MetadataSnapshot,
): void {
  fileSystem.remove(`${metadataDirectory}/${name}`);
}

/** What an interrupted writer left. */
export function removeUnfinishedSnapshots(fileSystem: FileSystem, metadataDirectory: string): void {
  if (fileSystem.stat(metadataDirectory) === null) return;
  for (const { name } of fileSystem.list(metadataDirectory)) {
    if (GIVEN_UP.test(name)) fileSystem.remove(`${metadataDirectory}/${name}`);
  }
}

/** A snapshot in the making. Every call may throw a FileSystemError; `abandon` then. */
export class MetadataSnapshotFile {
  readonly #fileSystem: FileSystem;
  readonly #metadataDirectory: string;
  readonly #path: string;
  readonly #file: File;
  #sizeInBytes = 0;

  constructor(fileSystem: FileSystem, metadataDirectory: string, id: MetadataSnapshotId) {
    this.#fileSystem = fileSystem;
    this.#metadataDirectory = metadataDirectory;
    this.#path = `${metadataDirectory}/${snapshotName(id)}`;
    this.#file = fileSystem.open(this.#path + UNFINISHED_SUFFIX, 'create');
    this.#file.truncate(0);
  }

  get sizeInBytes(): number {
    return this.#sizeInBytes;
  }

  write(batch: Buffer): void {
    this.#file.write([batch], this.#sizeInBytes);
    this.#sizeInBytes += batch.length;
  }

  sync(callback: (error: Error | null) => void): void {
    this.#file.sync(callback);
  }

  /** After the sync. It counts from now on, and for good once the callback came. */
  finish(callback: (error: Error | null) => void): void {
    this.#file.close();
    this.#fileSystem.rename(this.#path + UNFINISHED_SUFFIX, this.#path);
    this.#fileSystem.syncDirectoryLater(this.#metadataDirectory, callback);
  }

  abandon(): void {
    this.#file.close();
    this.#fileSystem.remove(this.#path + UNFINISHED_SUFFIX);
  }
}

function snapshotName({ endOffset, epoch }: MetadataSnapshotId): string {
  return `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`;
}
