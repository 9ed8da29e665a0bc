// The few files outside the data directory that the program itself reads or writes: property files, the ready file,
// the workbench's own state, the kernel's random bytes. The only place outside storage/ that touches node:fs; it must never touch Kafka's
// directory, which belongs to storage/.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/** The kernel's generator, which is also where OpenSSL's gets its seed. */
const KERNEL_RANDOM = '/dev/urandom';

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The text, or null when there is no such file or it may not be read. */
export function readTextIfAny(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The bytes, or null when there is no such file or it may not be read. */
export function readBytesIfAny(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

export function fileExists(path: string): boolean {
  return existsSync(path);
}

export function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** When the file was last changed, or null when it cannot be asked. */
export function modifiedAtMsIfAny(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

/** Names in a directory; none when it cannot be read. */
export function listIfAny(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Where a symbolic link points, or null. */
export function linkTargetIfAny(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** A reader sees the old file or the whole new one, never half of it. */
export function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

export function removeFileIfAny(path: string): void {
  rmSync(path, { force: true });
}

/** Random bytes for ids and secrets. They come from the kernel: loading node:crypto is 5 ms of every start. */
export function randomBytes(count: number): Buffer {
  if (!existsSync(KERNEL_RANDOM)) return process.getBuiltinModule('node:crypto').randomBytes(count);
  const bytes = Buffer.alloc(count);
  const file = openSync(KERNEL_RANDOM, 'r');
  try {
    for (let filled = 0; filled < count; ) filled += readSync(file, bytes, filled, count - filled, null);
  } finally {
    closeSync(file);
  }
  return bytes;
}
