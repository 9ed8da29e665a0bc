// One share partition over a share coordinator whose log is in memory, with members that fetch and acknowledge, and a
// book of what each record went through: who holds it, how often it was delivered, whether it is done with. For tests of
// what must never happen to a record.

import assert from 'node:assert/strict';
import { ManualTime } from '../../src/broker/runtime/clock.ts';
import { ShareCoordinator } from '../../src/broker/share/share-coordinator.ts';
import type { ShareError } from '../../src/broker/share-fetch/acknowledge-records.ts';
import type { AcquiredRange } from '../../src/broker/share-fetch/acquired-range.ts';
import type { FetchedBatch } from '../../src/broker/share-fetch/fetched-batches.ts';
import type { ShareGroupSettings } from '../../src/broker/share-fetch/share-group-settings.ts';
import { SharePartition } from '../../src/broker/share-fetch/share-partition.ts';
import type { PartitionLog } from '../../src/storage/log/partition-log.ts';
import { MemoryLog } from './memory-log.ts';

export const LOCK_MS = 1_000;
const KEY = { groupId: 'sharers', topicId: 'vPsMVAE2Rl2Q8WeYoJ9EJg', partition: 0 };

export function batchAt(
  baseOffset: number,
  lastOffset: number,
  more: Partial<FetchedBatch> = {},
): FetchedBatch {
  return {
    baseOffset,
    lastOffset,
    position: 0,
    sizeInBytes: 0,
    producerId: null,
    isTransactional: false,
    isAbortMarker: false,
    ...more,
  };
}

interface BookEntry {
  deliveries: number;
  holder: string | null;
  lockEndsMs: number;
  /** Acknowledged or given up for good, and that is written. */
  isDone: boolean;
}

export interface AskOptions {
  readonly memberId: string;
  readonly mode?: 'batch_optimized' | 'record_limit';
  readonly recordsMax?: number;
  readonly batchSize?: number;
  /** Record batches that a read brings at most. */
  readonly batchesMax?: number;
}

export class ShareWorld {
  readonly time = new ManualTime(1_000);
  readonly batches: FetchedBatch[];
  readonly book = new Map<number, BookEntry>();
  readonly settings: ShareGroupSettings;
  kept = new MemoryLog('__share_group_state', 0);
  readonly log: { topic: string; partition: number; highWatermark: number; logStartOffset: number };
  coordinator: ShareCoordinator;
  partition: SharePartition;

  constructor(batches: readonly FetchedBatch[], settings: Partial<ShareGroupSettings> = {}) {
    this.batches = [...batches];
    this.settings = {
      recordLockDurationMs: LOCK_MS,
      deliveryCountLimit: 5,
      partitionRecordLocksMax: 20,
      isRenewEnabled: true,
      isolation: 'read_uncommitted',
      autoOffsetReset: 'earliest',
      ...settings,
    };
    this.log = { topic: 'orders', partition: 0, highWatermark: this.endOffset, logStartOffset: 0 };
    for (const { baseOffset, lastOffset } of batches) {
      for (let offset = baseOffset; offset <= lastOffset; offset++) {
        this.book.set(offset, { deliveries: 0, holder: null, lockEndsMs: 0, isDone: false });
      }
    }
    this.coordinator = this.#openCoordinator();
    this.coordinator.initialize({ key: KEY, stateEpoch: 0, startOffset: 0 }).whenComplete(() => {});
    this.partition = this.#openPartition();
  }

  get endOffset(): number {
    return (this.batches.at(-1)?.lastOffset ?? -1) + 1;
  }

  /** Null: there is nothing that could be acquired. */
  fetch({
    memberId,
    mode = 'batch_optimized',
    recordsMax = 500,
    ...asked
  }: AskOptions): readonly AcquiredRange[] | null {
    const fetchOffset = this.partition.nextFetchOffset;
    if (fetchOffset === null || fetchOffset >= this.endOffset) return null;
    if (fetchOffset < this.log.logStartOffset) {
      this.partition.logStartMoved();
      return [];
    }
    const from = this.batches.findIndex(({ lastOffset }) => lastOffset >= fetchOffset);
    const batches = this.batches.slice(from, from + (asked.batchesMax ?? 3));
    const { ranges } = this.partition.acquire({
      memberId,
      mode,
      recordsMax,
      batchSize: asked.batchSize ?? 500,
      fetchOffset,
      batches,
      aborted: null,
    });
    for (const range of ranges) this.#delivered(memberId, range);
    return ranges;
  }

  /** Undefined: it is being written. */
  acknowledge(
    memberId: string,
    range: { readonly firstOffset: number; readonly lastOffset: number },
    acknowledgeTypes: readonly number[],
  ): ShareError | null | undefined {
    let outcome: ShareError | null | undefined;
    this.partition.acknowledge(memberId, [{ ...range, acknowledgeTypes }]).whenComplete(error => {
      outcome = error;
      if (error !== null) return;
      for (let offset = range.firstOffset; offset <= range.lastOffset; offset++) {
        this.#acknowledged(offset, acknowledgeTypes[offset - range.firstOffset] ?? acknowledgeTypes[0]!);
      }
    });
    return outcome;
  }

  /** Retention: records below are no more. */
  deleteRecordsBefore(offset: number): void {
    this.log.logStartOffset = Math.max(this.log.logStartOffset, Math.min(offset, this.endOffset));
    for (const [at, entry] of this.book) if (at < this.log.logStartOffset) entry.isDone = true;
  }

  release(memberId: string): void {
    this.partition.release(memberId).whenComplete(error => {
      if (error !== null) return;
      for (const entry of this.book.values()) if (entry.holder === memberId) entry.holder = null;
    });
  }

  /** The broker is killed: what was not on disk is lost, and with it the answers. */
  restart(): void {
    this.partition.fence();
    this.coordinator.close();
    const kept = new MemoryLog('__share_group_state', 0);
    for (const batch of this.kept.batches) {
      if (Number(batch.readBigInt64BE(0)) < this.kept.highWatermark) kept.append(batch);
    }
    this.kept = kept;
    this.coordinator = this.#openCoordinator();
    this.partition = this.#openPartition();
    for (const entry of this.book.values()) entry.holder = null;
  }

  heldBy(memberId: string): number[] {
    return [...this.book].filter(([, { holder }]) => holder === memberId).map(([offset]) => offset);
  }

  close(): void {
    this.partition.fence();
    this.coordinator.close();
  }

  #delivered(memberId: string, { firstOffset, lastOffset, deliveryCount }: AcquiredRange): void {
    const nowMs = this.time.nowMs();
    assert.ok(deliveryCount <= this.settings.deliveryCountLimit, `${firstOffset} was delivered too often`);
    for (let offset = firstOffset; offset <= lastOffset; offset++) {
      const entry = this.book.get(offset);
      // A hole that compaction left.
      if (entry === undefined) continue;
      assert.ok(!entry.isDone, `${offset} is delivered again, and was done with`);
      const isHeld = entry.holder !== null && entry.lockEndsMs > nowMs;
      assert.ok(!isHeld, `${offset} is delivered to ${memberId}, and ${entry.holder} holds it`);
      entry.holder = memberId;
      entry.lockEndsMs = nowMs + LOCK_MS;
      entry.deliveries += 1;
    }
  }

  #acknowledged(offset: number, type: number): void {
    const entry = this.book.get(offset);
    if (entry === undefined) return;
    if (type === 4) {
      entry.lockEndsMs = this.time.nowMs() + LOCK_MS;
      return;
    }
    entry.holder = null;
    if (type !== 2) entry.isDone = true;
  }

  #openCoordinator(): ShareCoordinator {
    const coordinator = new ShareCoordinator({
      partitionCount: () => 1,
      log: () => this.kept.asPartitionLog(),
      leaderEpoch: () => 0,
      batchBytesMax: () => 1_048_576,
      updatesPerSnapshot: () => 3,
      partitionExists: () => true,
      clock: this.time,
      timers: this.time,
      report: () => {},
    });
    coordinator.start();
    return coordinator;
  }

  #openPartition(): SharePartition {
    const partition = new SharePartition({
      key: KEY,
      log: this.log as PartitionLog,
      leaderEpoch: 0,
      settings: () => this.settings,
      persister: this.coordinator,
      clock: this.time,
      timers: this.time,
      onFenced: () => {},
    });
    partition.initialize(error => assert.fail(`${error.error}: ${error.message}`));
    return partition;
  }
}
