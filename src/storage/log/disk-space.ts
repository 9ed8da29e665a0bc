// Whether the disk still takes appends. Records of clients are refused before it is full: a reserve stays for what makes
// room again and keeps the rest going (metadata, committed offsets, transactions, log starts, checkpoints). Free space is
// asked for once per some megabytes appended, not per append. A write that met a full disk all the same turns records off
// too. They go on by themselves once there is room beyond the reserve, which is asked on the next append (one statfs, no
// timer). Reads, deletes and what is already written are not affected.

import type { FileSystem } from '../fs/file-system.ts';
import { FileSystemError } from '../fs/file-system.ts';
import type { Reporter } from '../report.ts';

/** The reserve: a hundredth of the disk within these bounds, of a tiny disk no more than a quarter. */
const RESERVE_BYTES_MIN = 4 * 1024 * 1024;
const RESERVE_BYTES_MAX = 64 * 1024 * 1024;
/** How much may be appended before free space is asked for again; others write to the disk as well. */
const UNASKED_BYTES_MAX = 8 * 1024 * 1024;
/** Less is not worth a statfs; the reserve has room for it. */
const UNASKED_BYTES_MIN = 256 * 1024;
/** What an append needs beside its own bytes: indexes, checkpoints. */
const OVERHEAD_BYTES = 64 * 1024;
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);

export function isDiskFull(error: unknown): boolean {
  return error instanceof FileSystemError && FULL_CODES.has(error.code);
}

export class DiskSpace {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  readonly #report: Reporter;
  /** Records of clients are refused. */
  #isFull = false;
  /** The reserve is used up as well. */
  #metFull = false;
  #unaskedBytes = 0;

  constructor(options: {
    readonly fileSystem: FileSystem;
    readonly path: string;
    readonly report: Reporter;
  }) {
    this.#fileSystem = options.fileSystem;
    this.#path = options.path;
    this.#report = options.report;
  }

  /** A write met it. */
  noteFull(): void {
    this.#metFull = true;
    this.#noteFull('is full');
  }

  #noteFull(what: string): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#report({
      level: 'error',
      message:
        `The disk of ${this.#path} ${what}. New records are refused, nothing acknowledged is lost and reading goes on. ` +
        'Free some space (delete topics or records, or move the directory); writing resumes by itself.',
    });
  }

  /** False while the disk is full; `mayUseReserve` for the broker's own records, which come small. */
  takesAppends(sizeInBytes: number, options: { readonly mayUseReserve: boolean }): boolean {
    if (!this.#isFull && sizeInBytes <= this.#unaskedBytes) {
      this.#unaskedBytes -= sizeInBytes;
      return true;
    }
    const free = this.#freeBytes();
    if (options.mayUseReserve) return !this.#metFull || free >= sizeInBytes + OVERHEAD_BYTES;
    const reserve = free === Number.POSITIVE_INFINITY ? 0 : this.#reserveBytes();
    if (free < sizeInBytes + (this.#isFull ? 1.5 : 1) * reserve) {
      this.#noteFull(`has only ${free} bytes left, which are kept in reserve`);
      return false;
    }
    this.#unaskedBytes = Math.min(UNASKED_BYTES_MAX, Math.max(UNASKED_BYTES_MIN, (free - reserve) / 2));
    if (this.#isFull) {
      this.#report({
        level: 'info',
        message: `The disk of ${this.#path} has space again. New records are accepted.`,
      });
    }
    this.#isFull = false;
    this.#metFull = false;
    return true;
  }

  /** A disk that does not say how much is free will say when it is full. */
  #freeBytes(): number {
    try {
      return this.#fileSystem.freeBytes(this.#path);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      return Number.POSITIVE_INFINITY;
    }
  }

  #reserveBytes(): number {
    const total = this.#fileSystem.totalBytes(this.#path);
    const wanted = Math.min(RESERVE_BYTES_MAX, Math.max(RESERVE_BYTES_MIN, total / 100));
    return Math.min(wanted, total / 4);
  }
}
