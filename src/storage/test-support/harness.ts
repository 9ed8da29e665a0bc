// A store over a memory disk whose turns, syncs and clock a test moves by hand. For tests only.

import {
  isControl,
  isTransactional,
  lastOffset,
  producerId,
  sizeInBytes,
} from '../../protocol/records/batch-header.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import { DataDirectory } from '../data-dir/data-directory.ts';
import { MemoryFileSystem } from '../fs/memory.ts';
import { DEFAULT_LOG_SETTINGS, type LogSettings } from '../log/log-settings.ts';
import { LogStore, type LogStoreOptions } from '../log/log-store.ts';
import type { ReadIsolation } from '../log/outcomes.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { StorageReport } from '../report.ts';

export const TOPIC_ID = 'IQGJnI_9QJyx7I_TRPpChQ';
const NOW_MS = 1_700_000_000_000;

export interface HarnessOptions
  extends Partial<
    Pick<
      LogStoreOptions,
      | 'durability'
      | 'producerIdExpirationMs'
      | 'openFilesMax'
      | 'random'
      | 'elapsedMs'
      | 'syncsLater'
      | 'unsavedBytesMin'
      | 'passedBytesMin'
      | 'unpointedBytesMax'
    >
  > {
  readonly fileSystem?: MemoryFileSystem;
  readonly nowMs?: number;
}

export class Harness {
  readonly fileSystem: MemoryFileSystem;
  readonly reports: StorageReport[] = [];
  readonly store: LogStore;
  readonly directory: DataDirectory;
  nowMs: number;
  #deferred: (() => void)[] = [];
  readonly #timers: { atMs: number; callback: () => void }[] = [];

  constructor(options: HarnessOptions = {}) {
    this.nowMs = options.nowMs ?? NOW_MS;
    this.fileSystem =
      options.fileSystem ?? new MemoryFileSystem({ manualSyncs: true, nowMs: () => this.nowMs });
    this.directory = DataDirectory.open({
      fileSystem: this.fileSystem,
      path: '/data',
      nodeId: 1,
      defaultClusterId: 'Y-t_TjR9Q3GFuYt28wDq8A',
      newUuid: () => 'ORlneusRQn-08naQiicAPA',
      processes: { pid: 1, isAlive: () => false, wait: () => {} },
      nowMs: () => this.nowMs,
    });
    this.store = LogStore.open({
      fileSystem: this.fileSystem,
      directory: this.directory,
      durability: options.durability ?? 'always',
      ...(options.producerIdExpirationMs === undefined
        ? {}
        : { producerIdExpirationMs: options.producerIdExpirationMs }),
      ...(options.elapsedMs === undefined ? {} : { elapsedMs: options.elapsedMs }),
      ...(options.random === undefined ? {} : { random: options.random }),
      ...(options.syncsLater === undefined ? {} : { syncsLater: options.syncsLater }),
      ...(options.unsavedBytesMin === undefined ? {} : { unsavedBytesMin: options.unsavedBytesMin }),
      ...(options.passedBytesMin === undefined ? {} : { passedBytesMin: options.passedBytesMin }),
      ...(options.unpointedBytesMax === undefined ? {} : { unpointedBytesMax: options.unpointedBytesMax }),
      ...(options.openFilesMax === undefined ? {} : { openFilesMax: options.openFilesMax }),
      clock: { nowMs: () => this.nowMs },
      timers: {
        schedule: (delayMs, callback) => {
          const timer = { atMs: this.nowMs + delayMs, callback };
          this.#timers.push(timer);
          return {
            cancel: () => {
              const index = this.#timers.indexOf(timer);
              if (index >= 0) this.#timers.splice(index, 1);
            },
          };
        },
      },
      report: report => this.reports.push(report),
      defer: callback => this.#deferred.push(callback),
    });
  }

  /** Ends the turn: what was appended is written. */
  turn(): void {
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const callback of deferred) callback();
  }

  /** Ends the turn and every sync it leads to. */
  settle(): void {
    this.turn();
    while (this.fileSystem.pendingSyncs > 0) {
      this.fileSystem.finishSync();
      this.turn();
    }
  }

  /** Turns and syncs until nothing is left to do. */
  settleAll(): void {
    while (this.#deferred.length > 0 || this.fileSystem.pendingSyncs > 0) this.settle();
  }

  /** The wall clock is set; timers know nothing of it. */
  jumpClock(byMs: number): void {
    this.nowMs += byMs;
    for (const timer of this.#timers) timer.atMs += byMs;
  }

  passTime(byMs: number): void {
    this.nowMs += byMs;
    const due = this.#timers.filter(timer => timer.atMs <= this.nowMs);
    for (const timer of due) this.#timers.splice(this.#timers.indexOf(timer), 1);
    for (const timer of due) timer.callback();
  }

  log(settings: Partial<LogSettings> = {}, topic = 'a', partition = 0): PartitionLog {
    return this.store.ensure({
      topic,
      partition,
      topicId: TOPIC_ID,
      settings: { ...DEFAULT_LOG_SETTINGS, ...settings },
    });
  }

  async close(clean = true): Promise<void> {
    const closed = this.store.close({ clean, brokerEpoch: 5 });
    this.settle();
    await closed;
  }

  /** Ends cleanly and opens again. */
  async restart(options: Omit<HarnessOptions, 'fileSystem'> = {}): Promise<Harness> {
    await this.close();
    return new Harness({ nowMs: this.nowMs, ...options, fileSystem: this.fileSystem });
  }
}

export interface TestBatch {
  readonly values: readonly string[];
  readonly timestamp?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
}

export function batchOf(batch: TestBatch): Buffer {
  const timestamp = batch.timestamp ?? NOW_MS;
  return buildBatch({
    records: batch.values.map(value => ({ key: null, value: Buffer.from(value), timestamp })),
    ...(batch.producerId === undefined
      ? {}
      : {
          producerId: BigInt(batch.producerId),
          producerEpoch: batch.producerEpoch ?? 0,
          baseSequence: batch.baseSequence ?? 0,
        }),
    ...(batch.transactional === undefined ? {} : { transactional: batch.transactional }),
  });
}

export interface ReadRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** Everything from `offset` on, read slice by slice as a consumer would. */
export function readAll(
  log: PartitionLog,
  options: { offset?: number; maxBytes?: number; isolation?: ReadIsolation } = {},
): ReadRecord[] {
  const records: ReadRecord[] = [];
  let offset = options.offset ?? log.logStartOffset;
  for (;;) {
    const slice = log.read({
      offset,
      maxBytes: options.maxBytes ?? 1_000_000,
      isolation: options.isolation ?? 'read_uncommitted',
      atLeastOneBatch: true,
    });
    if (slice.error !== null) throw new Error(slice.error);
    const bytes = Buffer.concat(slice.buffers);
    slice.release();
    if (bytes.length === 0) return records;
    for (
      let at = 0;
      at + 61 <= bytes.length && at + sizeInBytes(bytes, at) <= bytes.length;
      at += sizeInBytes(bytes, at)
    ) {
      const batch = bytes.subarray(at, at + sizeInBytes(bytes, at));
      for (const record of readRecords(batch)) {
        if (record.offset < offset) continue;
        records.push({
          offset: record.offset,
          timestamp: record.timestamp,
          key: record.key?.toString('base64') ?? null,
          value: record.value?.toString('base64') ?? null,
        });
      }
      offset = Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23) + 1;
    }
  }
}

/** Offsets that a `read_committed` consumer shows, found as a Kafka client does from batches, markers and the aborted list. */
export function readCommittedOffsets(log: PartitionLog): number[] {
  const shown: number[] = [];
  let offset = log.logStartOffset;
  for (;;) {
    const slice = log.read({ offset, maxBytes: 400, isolation: 'read_committed', atLeastOneBatch: true });
    if (slice.error !== null) throw new Error(slice.error);
    const bytes = Buffer.concat(slice.buffers);
    const aborted = [...slice.abortedTransactions!];
    slice.release();
    if (bytes.length === 0) return shown;
    const dead = new Set<bigint>();
    for (
      let at = 0;
      at + 61 <= bytes.length && at + sizeInBytes(bytes, at) <= bytes.length;
      at += sizeInBytes(bytes, at)
    ) {
      const batch = bytes.subarray(at, at + sizeInBytes(bytes, at));
      const end = lastOffset(batch, 0) + 1;
      while (aborted.length > 0 && aborted[0]!.firstOffset < end) dead.add(aborted.shift()!.producerId);
      if (isControl(batch, 0)) dead.delete(producerId(batch, 0));
      else if (!isTransactional(batch, 0) || !dead.has(producerId(batch, 0))) {
        for (const record of readRecords(batch)) if (record.offset >= offset) shown.push(record.offset);
      }
      offset = end;
    }
  }
}

export function textOf(record: ReadRecord): string {
  return Buffer.from(record.value ?? '', 'base64').toString();
}
