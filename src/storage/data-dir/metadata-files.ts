// What a directory says of its metadata before anything of it is opened or mended: the bytes of bootstrap.checkpoint, of
// the newest snapshot, and of the segments that go on behind it, in the order in which the later word counts. Read only,
// so that a directory of a newer Kafka can be refused as it was found.

import type { FileSystem } from '../fs/file-system.ts';
import { readWholeFile } from '../fs/whole-file.ts';
import { listMetadataSnapshots, readMetadataSnapshot } from './metadata-snapshots.ts';

const SEGMENT = /^(\d{20})\.log$/;
/** Apache Kafka's snapshots come every 20 MiB of records. A longer segment is first read by the start itself, in slices. */
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;

export function* metadataFiles(
  fileSystem: FileSystem,
  paths: { readonly bootstrapCheckpoint: string; readonly metadataDirectory: string },
): Iterable<Buffer> {
  const { bootstrapCheckpoint, metadataDirectory } = paths;
  const formatted = readWholeFile(fileSystem, bootstrapCheckpoint);
  if (formatted !== null) yield formatted;
  if (fileSystem.stat(metadataDirectory) === null) return;
  const snapshot = listMetadataSnapshots(fileSystem, metadataDirectory).at(-1);
  if (snapshot !== undefined) yield readMetadataSnapshot(fileSystem, metadataDirectory, snapshot);
  const segments = fileSystem
    .list(metadataDirectory)
    .flatMap(({ name }) => (SEGMENT.test(name) ? [{ name, baseOffset: Number.parseInt(name, 10) }] : []))
    .sort((one, other) => one.baseOffset - other.baseOffset);
  for (const [index, { name }] of segments.entries()) {
    const endOffset = segments[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
    if (endOffset <= (snapshot?.endOffset ?? 0)) continue;
    const path = `${metadataDirectory}/${name}`;
    if ((fileSystem.stat(path)?.sizeInBytes ?? 0) > SEGMENT_BYTES_MAX) continue;
    const bytes = readWholeFile(fileSystem, path);
    if (bytes !== null) yield bytes;
  }
}
