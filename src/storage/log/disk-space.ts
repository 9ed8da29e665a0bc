// Whether the disk still takes appends. A write that met a full disk turns them off for every log of the directory; they
// go on by themselves once a margin is free again, which is asked on the next append (one statfs, no timer). Reads,
// deletes and what is already written are not affected.

import type { FileSystem } from '../fs/file-system.ts';
import { FileSystemError } from '../fs/file-system.ts';
import type { Reporter } from '../report.ts';

/** Free again: room for some batches and the small files that go with them. */
const FREE_BYTES_MIN = 4 * 1024 * 1024;
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);

export function isDiskFull(error: unknown): boolean {
  return error instanceof FileSystemError && FULL_CODES.has(error.code);
}

export class DiskSpace {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  readonly #report: Reporter;
  #isFull = false;

  constructor(options: {
    readonly fileSystem: FileSystem;
    readonly path: string;
    readonly report: Reporter;
  }) {
    this.#fileSystem = options.fileSystem;
    this.#path = options.path;
    this.#report = options.report;
  }

  noteFull(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#report({
      level: 'error',
      message:
        `The disk of ${this.#path} is full. New records are refused, nothing acknowledged is lost and reading goes on. ` +
        'Free some space (delete topics or records, or move the directory); writing resumes by itself.',
    });
  }

  /** False while the disk is full. */
  takesAppends(sizeInBytes: number): boolean {
    if (!this.#isFull) return true;
    if (this.#fileSystem.freeBytes(this.#path) < FREE_BYTES_MIN + sizeInBytes) return false;
    this.#isFull = false;
    this.#report({
      level: 'info',
      message: `The disk of ${this.#path} has space again. New records are accepted.`,
    });
    return true;
  }
}
