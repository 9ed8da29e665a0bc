// One process per data directory. Millrace's lock is a plain file, `.millrace-lock`, one line of JSON: {"pid": its id,
// "startTime": field 22 of /proc/<pid>/stat, null where there is none}, so that one left by kill -9 is recognised as stale
// (the id is free, or belongs to a process that started later). Apache Kafka's lock is a
// POSIX record lock on `.lock`, which Node cannot take; on Linux /proc/locks shows it, and it is respected.
// Not protected: an Apache Kafka started while Millrace runs, other platforms than Linux, and two machines or two
// containers with separate process ids on one shared disk.

import type { FileSystem } from '../fs/file-system.ts';
import { FileSystemError } from '../fs/file-system.ts';
import { readTextFile, readUnsizedText } from '../fs/whole-file.ts';
import { DataDirectoryError } from './data-directory-error.ts';

export const LOCK = '.millrace-lock';
const KAFKA_LOCK = '.lock';
/** Enough for thousands of locks; what is beyond is not read. */
const PROC_LOCKS_BYTES_MAX = 1024 * 1024;

/** A process that was just killed holds its lock until the kernel has taken it apart: it is given this long. */
const DYING_PATIENCE_MS = 1_000;
const DYING_CHECK_MS = 20;

export interface Processes {
  readonly pid: number;
  isAlive(pid: number): boolean;
  /** Blocks: the directory is opened before anything else runs. */
  wait(ms: number): void;
}

export const systemProcesses: Processes = {
  pid: process.pid,
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  wait(ms) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
};

export class DirectoryLock {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  readonly #content: string;

  private constructor(fileSystem: FileSystem, path: string, content: string) {
    this.#fileSystem = fileSystem;
    this.#path = path;
    this.#content = content;
  }

  static take(fileSystem: FileSystem, directory: string, processes: Processes): DirectoryLock {
    refuseWhenKafkaHolds(fileSystem, directory);
    const path = `${directory}/${LOCK}`;
    const content = `${JSON.stringify({ pid: processes.pid, startTime: startTimeOf(fileSystem, processes.pid) })}\n`;
    // Two rounds: the second after a stale lock was removed.
    for (let round = 0; ; round++) {
      try {
        const file = fileSystem.open(path, 'exclusive');
        file.write([Buffer.from(content)], 0);
        file.close();
        return new DirectoryLock(fileSystem, path, content);
      } catch (error) {
        if (!(error instanceof FileSystemError)) throw error;
        if (error.code !== 'EEXIST') throw notWritable(directory, error);
        if (round > 0) throw lockedBy(directory, null);
      }
      const holder = lastingHolderOf(fileSystem, path, processes);
      if (holder !== null) throw lockedBy(directory, holder);
      fileSystem.remove(path);
    }
  }

  /** False when another process took the lock over in the moment both found a stale one. */
  isHeld(): boolean {
    return readTextFile(this.#fileSystem, this.#path) === this.#content;
  }

  release(): void {
    if (this.isHeld()) this.#fileSystem.remove(this.#path);
  }
}

/** The holder that is still there after a moment: a second start right after kill -9 meets a process that is ending. */
function lastingHolderOf(fileSystem: FileSystem, path: string, processes: Processes): number | null {
  let holder = holderOf(fileSystem, path, processes);
  for (let waitedMs = 0; holder !== null && waitedMs < DYING_PATIENCE_MS; waitedMs += DYING_CHECK_MS) {
    processes.wait(DYING_CHECK_MS);
    holder = holderOf(fileSystem, path, processes);
  }
  return holder;
}

/** The living process that wrote the lock; null when it is stale. */
function holderOf(fileSystem: FileSystem, path: string, processes: Processes): number | null {
  const text = readTextFile(fileSystem, path);
  if (text === null) return null;
  try {
    const { pid, startTime } = JSON.parse(text) as { pid: number; startTime: string | null };
    if (!Number.isSafeInteger(pid) || pid === processes.pid) return null;
    if (!processes.isAlive(pid)) return null;
    const status = statusOf(fileSystem, pid);
    if (ENDED_STATES.includes(status[0] ?? '')) return null;
    return startTime === (status[19] ?? null) ? pid : null;
  } catch {
    return null;
  }
}

/** Zombie or dead: it has ended and holds nothing, only its parent has not looked yet. */
const ENDED_STATES = ['Z', 'X'];

/** In clock ticks since boot; null where there is no /proc. */
function startTimeOf(fileSystem: FileSystem, pid: number): string | null {
  return statusOf(fileSystem, pid)[19] ?? null;
}

/** The fields of /proc/PID/stat behind the name in parentheses: state first, start time as the 20th. */
function statusOf(fileSystem: FileSystem, pid: number): string[] {
  try {
    const text = readUnsizedText(fileSystem, `/proc/${pid}/stat`, 4096);
    return text === null ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function refuseWhenKafkaHolds(fileSystem: FileSystem, directory: string): void {
  const stat = fileSystem.stat(`${directory}/${KAFKA_LOCK}`);
  if (stat === null || stat.inode === 0) return;
  let locks: string | null;
  try {
    locks = readUnsizedText(fileSystem, '/proc/locks', PROC_LOCKS_BYTES_MAX);
  } catch {
    return;
  }
  const holder = locks === null ? null : kafkaLockHolder(locks, stat);
  if (holder === null) return;
  throw new DataDirectoryError(
    'locked',
    `The data directory ${directory} is in use by Apache Kafka (process ${holder}). Two brokers on one directory would ` +
      'destroy its data, so nothing was touched. Stop that process, or choose another directory with --data.',
  );
}

/** A line: `1: POSIX  ADVISORY  WRITE 13636 fe:00:9981296 0 EOF`; device numbers are hexadecimal. */
export function kafkaLockHolder(
  locks: string,
  file: { readonly device: number; readonly inode: number },
): number | null {
  const major = ((file.device >>> 8) & 0xfff).toString(16).padStart(2, '0');
  const minor = ((file.device & 0xff) | ((file.device >>> 12) & 0xfff00)).toString(16).padStart(2, '0');
  const wanted = `${major}:${minor}:${file.inode}`;
  for (const line of locks.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[1] === 'POSIX' && fields[5] === wanted) return Number(fields[4]);
  }
  return null;
}

function lockedBy(directory: string, pid: number | null): DataDirectoryError {
  const who = pid === null ? 'another process' : `another Millrace (process ${pid})`;
  return new DataDirectoryError(
    'locked',
    `The data directory ${directory} is in use by ${who}. Two brokers on one directory would destroy its data, so ` +
      `nothing was touched. Stop that process${pid === null ? '' : ` (kill ${pid})`}, or choose another directory with --data.`,
  );
}

function notWritable(directory: string, error: FileSystemError): DataDirectoryError {
  return new DataDirectoryError(
    'not-writable',
    `The data directory ${directory} cannot be written (${error.code}). Nothing was changed. ` +
      'Give this user write access to it, free space on its disk, or choose another directory with --data.',
  );
}
