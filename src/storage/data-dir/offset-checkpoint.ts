// The four offset checkpoints of a data directory (OffsetCheckpointFile), text checkpoints (checkpoint-file.ts) with entries
// `topic partition offset` in no order, one blank between two words, decimal:
//   recovery-point-offset-checkpoint  everything below is on disk; above it a crash may have torn what is there
//   log-start-offset-checkpoint       only where DeleteRecords moved it above the first segment
//   replication-offset-checkpoint     high watermarks
//   cleaner-offset-checkpoint         compacted up to here (log/cleaned-offsets.ts)
// A partition that is not named counts as 0. Replaced as a whole (fs/whole-file.ts).

import type { FileSystem } from '../fs/file-system.ts';
import { replaceWholeFile } from '../fs/whole-file.ts';
import type { TopicPartition } from '../log/outcomes.ts';
import { checkpointText, readCheckpointLines } from './checkpoint-file.ts';
import { partitionDirectoryName } from './layout.ts';

export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint';
export const LOG_START_CHECKPOINT = 'log-start-offset-checkpoint';
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint';
export const CLEANER_CHECKPOINT = 'cleaner-offset-checkpoint';

export interface OffsetEntry extends TopicPartition {
  readonly offset: number;
}

export interface OffsetCheckpoint {
  /** By directory name of the partition. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly malformed: string | null;
}

export function readOffsetCheckpoint(fileSystem: FileSystem, path: string): OffsetCheckpoint {
  const { lines, malformed } = readCheckpointLines(fileSystem, path);
  const offsets = new Map<string, number>();
  for (const line of lines) {
    const match = /^(\S+) (\d+) (\d+)$/.exec(line);
    const offset = Number(match?.[3]);
    if (match === null || !Number.isSafeInteger(offset)) {
      return {
        offsets: new Map(),
        malformed: `the line "${line.slice(0, 80)}" is not "topic partition offset"`,
      };
    }
    offsets.set(partitionDirectoryName({ topic: match[1]!, partition: Number(match[2]) }), offset);
  }
  return { offsets, malformed };
}

export function writeOffsetCheckpoint(
  fileSystem: FileSystem,
  path: string,
  entries: readonly OffsetEntry[],
): void {
  replaceWholeFile(fileSystem, path, offsetCheckpointText(entries));
}

export function offsetCheckpointText(entries: readonly OffsetEntry[]): string {
  return checkpointText(entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`));
}
