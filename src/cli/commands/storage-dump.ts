// `millrace storage dump`: what stands in the files of a data directory, readable or as one JSON object a line. It reads
// only, and may be used while a broker runs.

import { basename } from 'node:path/posix';
import { jsonText } from '../../protocol/schema/json.ts';
import { META_PROPERTIES } from '../../storage/data-dir/meta-properties.ts';
import { NodeFileSystem } from '../../storage/fs/node.ts';
import { CommandError } from '../failure.ts';
import { type DumpOptions, dumpFile } from '../storage/file-dump.ts';
import { printLines } from '../storage/printing.ts';

export interface StorageDumpFlags {
  readonly records?: boolean;
  readonly json?: boolean;
  readonly fromOffset?: number;
  readonly untilOffset?: number;
}

export async function runStorageDump(paths: readonly string[], flags: StorageDumpFlags): Promise<void> {
  const fileSystem = new NodeFileSystem();
  const files = paths.flatMap(path => filesOf(fileSystem, path));
  await printLines(linesOf(fileSystem, files, flags));
}

function* linesOf(
  fileSystem: NodeFileSystem,
  files: readonly string[],
  flags: StorageDumpFlags,
): Generator<string> {
  const options: DumpOptions = {
    withRecords: flags.records ?? false,
    fromOffset: flags.fromOffset ?? 0,
    untilOffset: flags.untilOffset ?? Number.POSITIVE_INFINITY,
  };
  for (const file of files)
    for (const line of dumpFile(fileSystem, file, options))
      yield flags.json === true ? jsonText(line.json) : line.text;
}

/** A file is itself; a directory of a partition its files; a data directory its own small files. */
function filesOf(fileSystem: NodeFileSystem, path: string): string[] {
  const stat = fileSystem.stat(path);
  if (stat === null)
    throw new CommandError(`There is no ${path}.`, {
      wayOut: 'Name a data directory, the directory of a partition, or a file in it.',
    });
  if (stat.kind === 'file') return [path];
  const entries = fileSystem.list(path).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter(({ kind, name }) => kind === 'file' && !/^\.(lock|millrace-lock)$/.test(name));
  if (files.length > 0 || entries.length === 0) return files.map(({ name }) => `${path}/${name}`);
  throw new CommandError(
    `${path} has no files of its own, so it is neither a data directory (with ${META_PROPERTIES}) nor a partition.`,
    {
      wayOut: `Did you mean ${path}/${basename(entries[0]!.name)}?`,
    },
  );
}
