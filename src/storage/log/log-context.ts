// What all logs of a store share. Handed to each log by the store; nothing here is global.

import type { StorageClock, StorageTimers } from '../clock.ts';
import type { FileCache } from '../fs/file-cache.ts';
import type { FileSystem } from '../fs/file-system.ts';
import type { Reporter } from '../report.ts';
import type { AppendTurn } from './append-turn.ts';
import type { DiskSpace } from './disk-space.ts';
import type { FlushScheduler } from './flush-scheduler.ts';
import type { Durability } from './log-settings.ts';
import type { ReadPool } from './read-pool.ts';
import type { SlabPool } from './slab-pool.ts';
import type { SyncPace } from './sync-pace.ts';

export interface LogContext {
  readonly fileSystem: FileSystem;
  readonly files: FileCache;
  readonly slabs: SlabPool;
  readonly reads: ReadPool;
  readonly turn: AppendTurn;
  readonly flushes: FlushScheduler;
  readonly syncPace: SyncPace;
  readonly disk: DiskSpace;
  readonly clock: StorageClock;
  readonly timers: StorageTimers;
  /** In [0, 1). */
  readonly random: () => number;
  readonly report: Reporter;
  readonly durability: Durability;
  readonly producerIdExpirationMs: number;
  /** Of a batch below its recovery point whose body a restart does not read (synced-batches.ts). */
  readonly passedBytesMin: number;
  /** Of all logs together, as soon as it is in a log. */
  noteAppended(bytes: number): void;
  /** Under `interval`: a log has written what is not synced. */
  noteUnsynced(log: { requestSync(): void }): void;
  /** Writes all log start offsets durably. Throws when that fails. */
  saveLogStartOffsets(): void;
  /** Writes all recovery points durably, if they changed. Throws when that fails. */
  saveRecoveryPoints(): void;
}
