// `partition.metadata` (PartitionMetadataFile): two lines, `version: 0` and `topic_id: <uuid>`, no line end behind the
// second. Without it Apache Kafka sets the directory aside as a stray.

import type { FileSystem } from '../fs/file-system.ts';
import { readTextFile } from '../fs/whole-file.ts';

export const PARTITION_METADATA = 'partition.metadata';

const FORMAT = /^version: 0\r?\ntopic_id: ([A-Za-z0-9_-]{22})\r?\n?$/;

export function partitionMetadataText(topicId: string): string {
  return `version: 0\ntopic_id: ${topicId}`;
}

/** null when the file is missing or malformed. */
export function readPartitionMetadata(
  fileSystem: FileSystem,
  partitionDirectory: string,
): { readonly topicId: string } | null {
  const text = readTextFile(fileSystem, `${partitionDirectory}/${PARTITION_METADATA}`);
  const match = text === null ? null : FORMAT.exec(text);
  return match === null ? null : { topicId: match[1]! };
}
