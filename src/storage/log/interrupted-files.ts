// What a crash in the middle of a deletion, compaction or split leaves in a partition (LogLoader, first to third pass):
// `.deleted` goes; `.cleaned` was unfinished and goes, with every `.swap` at or above the first of them (an unfinished
// split); the other `.swap` files are complete: the segments they replace go, then they take their names. Each step may
// be interrupted and done again.

import { lastOffset } from '../../protocol/records/batch-header.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { BatchCursor } from './batch-cursor.ts';
import { CLEANED_SUFFIX, DELETED_SUFFIX, LOG_SUFFIX, leadingOffset, SWAP_SUFFIX } from './segment-names.ts';

/** Snapshots of the metadata log have a clean-up of their own. */
const SNAPSHOT_DELETED = '.checkpoint.deleted';
const INTERRUPTED = [DELETED_SUFFIX, CLEANED_SUFFIX, SWAP_SUFFIX];

/** Answers the files that are there now. */
export function finishInterrupted(fileSystem: FileSystem, directory: string): string[] {
  const names = filesOf(fileSystem, directory);
  if (!names.some(name => INTERRUPTED.some(suffix => name.endsWith(suffix)))) return names;
  finish(fileSystem, directory, names);
  return filesOf(fileSystem, directory);
}

function filesOf(fileSystem: FileSystem, directory: string): string[] {
  return fileSystem.list(directory).flatMap(({ name, kind }) => (kind === 'file' ? [name] : []));
}

function finish(fileSystem: FileSystem, directory: string, names: readonly string[]): void {
  const path = (name: string): string => `${directory}/${name}`;
  const remove = (name: string): void => fileSystem.remove(path(name));
  names.filter(name => name.endsWith(DELETED_SUFFIX) && !name.endsWith(SNAPSHOT_DELETED)).forEach(remove);

  const cleaned = names.filter(name => name.endsWith(CLEANED_SUFFIX));
  const swaps = names.filter(name => name.endsWith(SWAP_SUFFIX) && leadingOffset(name) !== null);
  const firstCleaned = Math.min(...cleaned.map(name => leadingOffset(name) ?? Number.POSITIVE_INFINITY));
  const isUnfinished = (name: string): boolean => leadingOffset(name)! >= firstCleaned;
  swaps.filter(isUnfinished).forEach(remove);
  cleaned.forEach(remove);

  const complete = swaps.filter(name => !isUnfinished(name));
  if (complete.length === 0) return;
  const logs = complete.filter(name => name.endsWith(LOG_SUFFIX + SWAP_SUFFIX));
  const firstReplaced = Math.min(...logs.map(name => leadingOffset(name)!));
  const endReplaced = Math.max(
    ...logs.map(name => endOffsetOf(fileSystem, path(name), leadingOffset(name)!)),
  );
  for (const name of names) {
    const offset = leadingOffset(name);
    if (offset === null || name.endsWith(SWAP_SUFFIX)) continue;
    if (offset >= firstReplaced && offset < endReplaced) remove(name);
  }
  for (const name of complete) fileSystem.rename(path(name), path(name.slice(0, -SWAP_SUFFIX.length)));
  fileSystem.syncDirectory(directory);
}

function endOffsetOf(fileSystem: FileSystem, path: string, baseOffset: number): number {
  const file = fileSystem.open(path, 'read');
  try {
    const cursor = new BatchCursor({ bufferBytes: 64 * 1024, wholeBatches: false });
    cursor.start(file, 0, file.size());
    // A segment of which nothing is left still takes the place of the one it was made from.
    let endOffset = baseOffset + 1;
    while (cursor.next() === 'batch') endOffset = lastOffset(cursor.buffer, cursor.at) + 1;
    return endOffset;
  } finally {
    file.close();
  }
}
