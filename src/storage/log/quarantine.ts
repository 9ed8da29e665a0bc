// Bytes that recovery cuts from a log are kept beside it, because a person may still want them: in
// `<offset where the log now ends>-<bytes>.quarantine`, a plain file Apache Kafka ignores. A run of zeros at the end is not kept.
// Cutting the same bytes again (a crash in between) finds them already there.

import type { File, FileSystem } from '../fs/file-system.ts';
import { isDiskFull } from './disk-space.ts';
import { offsetName, QUARANTINE_SUFFIX } from './segment-names.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Fewer zeros may belong to a record. */
const ZERO_RUN_BYTES_MIN = 512;

export interface QuarantineResult {
  /** null: only zeros, or no room on the disk. */
  readonly path: string | null;
  readonly hadNoRoom: boolean;
}

/** Copies the file from `position` to its end; synced when it returns, but for the directory. */
export function quarantineTail(
  fileSystem: FileSystem,
  file: File,
  place: {
    readonly directory: string;
    readonly offset: number;
    readonly position: number;
    readonly end: number;
  },
): QuarantineResult {
  const end = endWithoutZeros(file, place.position, place.end);
  if (end === place.position) return { path: null, hadNoRoom: false };
  const path = `${place.directory}/${offsetName(place.offset, `-${end - place.position}${QUARANTINE_SUFFIX}`)}`;
  const target = fileSystem.open(path, 'create');
  try {
    for (const [position, bytes] of chunks(file, place.position, end))
      target.write([bytes], position - place.position);
    target.syncNow();
    return { path, hadNoRoom: false };
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    fileSystem.remove(path);
    return { path: null, hadNoRoom: true };
  } finally {
    target.close();
  }
}

function* chunks(file: File, start: number, end: number): Generator<[position: number, bytes: Buffer]> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, end - start));
  for (let position = start; position < end; ) {
    const wanted = Math.min(buffer.length, end - position);
    const got = file.read(buffer.subarray(0, wanted), position);
    if (got === 0) return;
    yield [position, buffer.subarray(0, got)];
    position += got;
  }
}

function endWithoutZeros(file: File, start: number, end: number): number {
  let last = start;
  for (const [position, bytes] of chunks(file, start, end)) {
    for (let index = bytes.length - 1; index >= 0; index--) {
      if (bytes[index] !== 0) {
        last = position + index + 1;
        break;
      }
    }
  }
  return last > start && end - last < ZERO_RUN_BYTES_MIN ? end : last;
}
