// The few files outside the data directory that the program itself reads or writes: property files, the ready file,
// the workbench's own state. The only place outside storage/ that touches node:fs; it must never touch Kafka's
// directory, which belongs to storage/.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

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
