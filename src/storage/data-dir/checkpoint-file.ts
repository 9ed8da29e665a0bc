// Kafka's text checkpoints (CheckpointFile): line 1 the version `0`, line 2 the number of entries, then one entry a line.
// A file that does not keep to this is worse than none: readers answer `malformed` and the caller says what that means.

import type { FileSystem } from '../fs/file-system.ts';
import { readTextFile } from '../fs/whole-file.ts';

export type CheckpointLines = { readonly lines: string[]; readonly malformed: string | null };

export function readCheckpointLines(fileSystem: FileSystem, path: string): CheckpointLines {
  const text = readTextFile(fileSystem, path);
  // Apache Kafka makes some of them empty.
  if (text === null || text === '') return { lines: [], malformed: null };
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== '0')
    return { lines: [], malformed: `version "${(lines[0] ?? '').slice(0, 20)}" instead of 0` };
  const count = Number(lines[1]);
  const entries = lines.slice(2);
  if (!/^\d+$/.test(lines[1] ?? '') || entries.length !== count) {
    return {
      lines: [],
      malformed: `${entries.length} entries where the second line says "${(lines[1] ?? '').slice(0, 20)}"`,
    };
  }
  return { lines: entries, malformed: null };
}

export function checkpointText(entries: readonly string[]): string {
  return ['0', String(entries.length), ...entries].join('\n') + '\n';
}
