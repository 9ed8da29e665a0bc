// The .index file beside each .log. Millrace writes the index of an active segment when the segment is complete, and after
// a crash reads that segment again; Apache Kafka wants the file to be there whenever the segment was there before
// (LogSegment.sanityCheck), however little is in it. So an empty one is put where there is none.
// Never used on a closed segment of a live log: that one's index must be whole.

import type { FileSystem } from '../fs/file-system.ts';
import { LOG_SUFFIX, OFFSET_INDEX_SUFFIX, offsetName, offsetOfName } from './segment-names.ts';

export function addMissingOffsetIndexes(fileSystem: FileSystem, directory: string): void {
  if (fileSystem.stat(directory) === null) return;
  const names = new Set(fileSystem.list(directory).map(({ name }) => name));
  for (const name of names) {
    const offset = offsetOfName(name, LOG_SUFFIX);
    if (offset === null || names.has(offsetName(offset, OFFSET_INDEX_SUFFIX))) continue;
    fileSystem.open(`${directory}/${offsetName(offset, OFFSET_INDEX_SUFFIX)}`, 'create').close();
  }
}
