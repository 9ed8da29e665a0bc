// Does what the findings of a verification offer. Nothing is thrown away: bytes that leave a log are kept beside it as
// `.quarantine`, files that go are renamed to `.quarantine` too. A segment is written anew with Kafka's own protocol
// (`.cleaned`, sync, `.swap`, sync, the old files go, the names are taken), so a crash leaves the old one or the new one.
// Offsets keep their numbers; what is left out is a gap, as after compaction. A batch with one wrong byte that its checksum
// tells (log/flipped-byte.ts) gets it back in place.

import { dirname } from 'node:path/posix';
import { CLEAN_SHUTDOWN } from '../data-dir/clean-shutdown.ts';
import type { File, FileSystem } from '../fs/file-system.ts';
import { replaceWholeFile } from '../fs/whole-file.ts';
import { finishInterrupted } from '../log/interrupted-files.ts';
import { quarantineTail } from '../log/quarantine.ts';
import {
  CLEANED_SUFFIX,
  leadingOffset,
  offsetName,
  QUARANTINE_SUFFIX,
  SWAP_SUFFIX,
} from '../log/segment-names.ts';
import type { Finding, Remedy } from './finding.ts';
import { hex } from './verify-segment.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface Repair {
  readonly path: string;
  /** What repair does, or would do. */
  readonly action: string;
}

/** What would be done, in the order in which it is done: a log's tail and its bytes before its holes. */
export function planRepair(
  findings: readonly Finding[],
): { readonly finding: Finding; readonly repair: Repair }[] {
  const order: Record<Remedy['kind'], number> = {
    'cut-tail': 0,
    mend: 1,
    'leave-out': 2,
    remove: 3,
    write: 4,
  };
  return findings
    .flatMap(found =>
      found.remedy === null ? [] : [{ finding: found, repair: describe(found, found.remedy) }],
    )
    .sort((a, b) => order[a.finding.remedy!.kind] - order[b.finding.remedy!.kind]);
}

function describe({ path }: Finding, remedy: Remedy): Repair {
  switch (remedy.kind) {
    case 'cut-tail':
      return {
        path,
        action: `cut behind position ${remedy.position}; the bytes are kept as ${QUARANTINE_SUFFIX}`,
      };
    case 'mend': {
      const { position, was } = remedy.byte;
      return {
        path,
        action: `set the byte at position ${position} to ${hex(was)}, which makes the batch whole; as it is now, it is kept as ${QUARANTINE_SUFFIX}`,
      };
    }
    case 'leave-out': {
      const bytes = remedy.holes.reduce((sum, hole) => sum + hole.endPosition - hole.position, 0);
      return {
        path,
        action: `write it anew without ${bytes} damaged bytes, which are kept as ${QUARANTINE_SUFFIX}`,
      };
    }
    case 'remove':
      return { path, action: `set aside as ${QUARANTINE_SUFFIX}; ${remedy.meaning}` };
    case 'write':
      return { path, action: `write it, ${remedy.meaning}` };
  }
}

/** `findings` of a verification of this directory, made under the same lock. */
export function repairDirectory(
  fileSystem: FileSystem,
  directory: string,
  findings: readonly Finding[],
): Repair[] {
  const plan = planRepair(findings);
  if (plan.length === 0) return [];
  // First: a start after an interrupted repair must not trust what a clean stop vouched for.
  fileSystem.remove(`${directory}/${CLEAN_SHUTDOWN}`);
  fileSystem.syncDirectory(directory);
  for (const { finding } of plan) apply(fileSystem, `${directory}/${finding.path}`, finding.remedy!);
  return plan.map(({ repair }) => repair);
}

function apply(fileSystem: FileSystem, path: string, remedy: Remedy): void {
  if (remedy.kind === 'cut-tail') cutTail(fileSystem, path, remedy);
  else if (remedy.kind === 'leave-out') leaveOut(fileSystem, path, remedy.holes);
  else if (remedy.kind === 'mend') mend(fileSystem, path, remedy);
  else if (remedy.kind === 'write') replaceWholeFile(fileSystem, path, remedy.content);
  else {
    fileSystem.rename(path, path + QUARANTINE_SUFFIX);
    fileSystem.syncDirectory(dirname(path));
  }
}

function cutTail(
  fileSystem: FileSystem,
  path: string,
  { position, offset }: { readonly position: number; readonly offset: number },
): void {
  const file = fileSystem.open(path, 'write');
  try {
    const directory = dirname(path);
    const kept = quarantineTail(fileSystem, file, { directory, offset, position, end: file.size() });
    if (kept.hadNoRoom)
      throw new Error(
        `The disk is full: there is no room to keep what would be cut from ${path}. Nothing was cut. Free some space and try again.`,
      );
    fileSystem.syncDirectory(directory);
    file.truncate(position);
    file.syncNow();
  } finally {
    file.close();
  }
}

/** One byte in place: a crash leaves the old one or the new one. */
function mend(
  fileSystem: FileSystem,
  path: string,
  { byte, batch }: Extract<Remedy, { readonly kind: 'mend' }>,
): void {
  const file = fileSystem.open(path, 'write');
  try {
    copyInto(fileSystem, file, [batch], keptAt(path, batch.position));
    fileSystem.syncDirectory(dirname(path));
    file.write([Buffer.from([byte.was])], byte.position);
    file.syncNow();
  } finally {
    file.close();
  }
}

/** Where bytes of a segment are kept. */
function keptAt(path: string, position: number): string {
  const directory = dirname(path);
  const baseOffset = leadingOffset(path.slice(directory.length + 1))!;
  return `${directory}/${offsetName(baseOffset, `-at-${position}${QUARANTINE_SUFFIX}`)}`;
}

type Range = { readonly position: number; readonly endPosition: number };

function leaveOut(fileSystem: FileSystem, path: string, holes: readonly Range[]): void {
  const directory = dirname(path);
  const source = fileSystem.open(path, 'read');
  const end = source.size();
  try {
    for (const hole of holes) copyInto(fileSystem, source, [hole], keptAt(path, hole.position));
    copyInto(fileSystem, source, between(holes, end), path + CLEANED_SUFFIX);
  } finally {
    source.close();
  }
  fileSystem.syncDirectory(directory);
  fileSystem.rename(path + CLEANED_SUFFIX, path + SWAP_SUFFIX);
  fileSystem.syncDirectory(directory);
  finishInterrupted(fileSystem, directory);
}

function between(holes: readonly Range[], end: number): Range[] {
  const starts = [0, ...holes.map(hole => hole.endPosition)];
  const ends = [...holes.map(hole => hole.position), end];
  return starts.map((position, index) => ({ position, endPosition: ends[index]! }));
}

function copyInto(fileSystem: FileSystem, source: File, ranges: readonly Range[], path: string): void {
  const target = fileSystem.open(path, 'create');
  try {
    target.truncate(0);
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    let written = 0;
    for (const { position, endPosition } of ranges) {
      for (let at = position; at < endPosition; ) {
        const got = source.read(buffer.subarray(0, Math.min(buffer.length, endPosition - at)), at);
        if (got === 0)
          throw new Error(
            `${source.path} became shorter while it was read. Is a broker running on this directory?`,
          );
        target.write([buffer.subarray(0, got)], written);
        written += got;
        at += got;
      }
    }
    target.syncNow();
  } finally {
    target.close();
  }
}
