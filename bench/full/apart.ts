// What a heavy row is: like a load, but with servers of its own, because it fills them, kills them or measures their
// memory. Only `--full` runs it; `--quick` beside it makes it small.

import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Measure, Side } from '../loads/load.ts';

export interface ApartOptions {
  readonly side: Side;
  readonly isQuick: boolean;
}

export interface Apart {
  readonly name: string;
  readonly sides: readonly Side[];
  readonly run: (options: ApartOptions) => Promise<Measure[]>;
}

/** No row takes more of what is free on the disk: others live on it too. */
const DISK_SHARE = 0.3;

export function affordableBytes(wanted: number): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  return Math.min(wanted, bavail * bsize * DISK_SHARE);
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}
