// A small ext4 or xfs file system in a file, mounted by a loop device, whose power can be cut: the `goingdown` ioctl without a
// flush of its log (what `xfs_io -x -c shutdown` does) drops whatever was not synced and lets every later call fail. It needs
// the right to mount; where there is none, or no mkfs of the kind, whyNoLoopDisk says so.

import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IMAGE_BYTES = 512 * 1024 * 1024;
export type LoopDiskKind = 'ext4' | 'xfs';
const MAKE: Record<LoopDiskKind, readonly string[]> = {
  ext4: ['mkfs.ext4', '-q', '-F'],
  xfs: ['mkfs.xfs', '-q', '-f'],
};
/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH; xfs has the same numbers, and Node has no ioctl. */
const SHUTDOWN = [
  'import fcntl, os, struct, sys',
  'd = os.open(sys.argv[1], os.O_RDONLY)',
  'fcntl.ioctl(d, 0x8004587d, struct.pack("I", 2))',
].join('\n');

function run(command: string, ...words: string[]): void {
  const { error, status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command} cannot be started`);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().slice(0, 300)}`);
}

/** Why power cannot be cut here; null when it can. */
export function whyNoLoopDisk(kind: LoopDiskKind): string | null {
  const directory = join(tmpdir(), `millrace-loop-${kind}-${process.pid}`);
  mkdirSync(directory);
  try {
    const disk = new LoopDisk(directory, kind);
    try {
      disk.cutPower();
    } finally {
      disk.remove();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export class LoopDisk {
  readonly path: string;
  readonly #image: string;

  /** Mounted as `data` in the directory. */
  constructor(directory: string, kind: LoopDiskKind) {
    this.path = join(directory, 'data');
    this.#image = join(directory, 'disk.img');
    const file = openSync(this.#image, 'w');
    ftruncateSync(file, IMAGE_BYTES);
    closeSync(file);
    const [command, ...words] = MAKE[kind];
    run(command!, ...words, this.#image);
    mkdirSync(this.path);
    this.#mount();
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.path);
  }

  cutPower(): void {
    run('python3', '-c', SHUTDOWN, this.path);
  }

  /** After a power cut, when no process has a file open there. */
  remount(): void {
    run('umount', this.path);
    this.#mount();
  }

  remove(): void {
    run('umount', this.path);
    rmSync(this.#image, { force: true });
  }
}
