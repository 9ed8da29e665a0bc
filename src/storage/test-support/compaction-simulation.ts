// A compacted log that lives: keyed records, tombstones, transactions, idempotent batches, time, restarts, and power cuts
// while it is compacted. Beside it a ledger of everything that was ever appended, against which the log is compared.
// Everything follows from the seed. For tests only. Invariants:
// C1 what a read_committed reader makes of the log (key to last value) is what it would be without compaction.
// C2 every record found is one of the ledger, unchanged, at its offset, in order; from the active segment on none is missing.
// C3 log start and log end are where they were. C4 the last batch of each producer, and its open transaction, are known.
// C5 no file of an unfinished step is left once opening and cleaning are over.

import assert from 'node:assert/strict';
import { randomOf } from '../fs/memory.ts';
import type { LogSettings } from '../log/log-settings.ts';
import type { ActiveProducer } from '../log/outcomes.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { age, append, filesOf, type KeyedRecord, keyedBatch, markerBatch, UPKEEP } from './aging.ts';
import { Harness, readAll, readCommittedOffsets } from './harness.ts';

const HOUR_MS = 3_600_000;
const CODECS = ['none', 'none', 'none', 'gzip', 'lz4', 'zstd', 'snappy'] as const;
const PRODUCERS = [1, 2, 3];

interface LedgerRecord {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
  /** null while its transaction is open. */
  isCommitted: boolean | null;
}

export class CompactionSimulation {
  harness: Harness;
  readonly #random: () => number;
  readonly #settings: Partial<LogSettings>;
  readonly #ledger = new Map<number, LedgerRecord>();
  readonly #open = new Map<number, LedgerRecord[]>();
  readonly #sequences = new Map<number, number>();
  #logEndOffset = 0;
  #producers: ActiveProducer[] = [];
  #activeOffset = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    this.harness = new Harness();
    this.#settings = {
      cleanupPolicy: ['compact'],
      segmentBytes: 500 + Math.floor(this.#random() * 1500),
      minCleanableDirtyRatio: 0,
      deleteRetentionMs: HOUR_MS,
      fileDeleteDelayMs: 0,
      indexIntervalBytes: 200,
    };
  }

  get log(): PartitionLog {
    return this.harness.log(this.#settings);
  }

  startUpkeep(): void {
    const offsetMapBytesMax = this.#random() < 0.3 ? 24 * 12 : 1024 * 1024;
    this.harness.store.startUpkeep(() => ({ ...UPKEEP, offsetMapBytesMax }));
  }

  /** Everything appended is durable when this returns. */
  fill(batches: number): void {
    for (let index = 0; index < batches; index++) {
      const dice = this.#random();
      if (dice < 0.15) this.#endTransaction();
      else this.#appendRecords();
      if (this.#random() < 0.3) this.harness.settleAll();
    }
    this.harness.settleAll();
    this.#logEndOffset = this.log.logEndOffset;
    this.#producers = this.log.activeProducers();
  }

  #appendRecords(): void {
    const { log } = this;
    const count = 1 + Math.floor(this.#random() * 4);
    const records: KeyedRecord[] = Array.from({ length: count }, () => {
      const key = `k${Math.floor(this.#random() ** 2 * 15)}`;
      const value =
        this.#random() < 0.2 ? null : `v${this.#random()}${'x'.repeat(Math.floor(this.#random() * 80))}`;
      return [key, value];
    });
    const kind = this.#random();
    const producerId = PRODUCERS[Math.floor(this.#random() * PRODUCERS.length)]!;
    const isTransactional = kind < 0.4 || (kind < 0.7 && this.#open.has(producerId));
    const baseSequence = this.#sequences.get(producerId) ?? 0;
    const codec = CODECS[Math.floor(this.#random() * CODECS.length)]!;
    const produced = {
      producerId: BigInt(producerId),
      producerEpoch: 0,
      baseSequence,
      transactional: isTransactional,
    };
    const fields = kind < 0.7 ? produced : {};
    const baseOffset = append(log, keyedBatch(records, { codec, timestamp: this.harness.nowMs, ...fields }));
    if (kind < 0.7) this.#sequences.set(producerId, baseSequence + count);
    const added = records.map(([key, value], index) => {
      const record: LedgerRecord = {
        offset: baseOffset + index,
        key: key!,
        value,
        isCommitted: isTransactional ? null : true,
      };
      this.#ledger.set(record.offset, record);
      return record;
    });
    if (isTransactional) this.#open.set(producerId, [...(this.#open.get(producerId) ?? []), ...added]);
  }

  #endTransaction(): void {
    for (const [producerId, records] of this.#open) {
      const type = this.#random() < 0.5 ? 'COMMIT' : 'ABORT';
      append(this.log, markerBatch({ type, producerId, timestamp: this.harness.nowMs }));
      for (const record of records) record.isCommitted = type === 'COMMIT';
      this.#open.delete(producerId);
      return;
    }
  }

  passTime(byMs: number): void {
    age(this.harness, byMs);
  }

  async restart(): Promise<void> {
    this.harness = await this.harness.restart();
  }

  /** The power goes at an operation of the disk while time passes. Answers whether it did. */
  cutPower(options: {
    readonly afterOperations: number;
    readonly seed: number;
    readonly whileMs: number;
  }): boolean {
    const { fileSystem } = this.harness;
    let left = options.afterOperations;
    fileSystem.onOperation = () => {
      left -= 1;
      if (left <= 0) throw new Error('power cut');
    };
    try {
      // The cleaner's turn comes before the first checkpoint of the store.
      age(this.harness, 20_000);
      age(this.harness, options.whileMs);
    } catch (error) {
      assert.equal((error as Error).message, 'power cut');
    }
    fileSystem.onOperation = () => {};
    fileSystem.kill();
    const { nowMs } = this.harness;
    this.harness = new Harness({ fileSystem: fileSystem.crash({ seed: options.seed }), nowMs });
    return left <= 0;
  }

  verify(where: string): void {
    const { log } = this;
    assert.equal(log.logStartOffset, 0, `C3: ${where}`);
    assert.equal(log.logEndOffset, this.#logEndOffset, `C3: ${where}`);
    const found = readAll(log, { isolation: 'log_end', maxBytes: 500 }).filter(
      ({ key }) => key !== null && this.#isData(key),
    );
    let last = -1;
    for (const { offset, key, value } of found) {
      const expected = this.#ledger.get(offset);
      assert.ok(expected !== undefined && offset > last, `C2: offset ${offset} behind ${last}, ${where}`);
      assert.deepEqual(
        [text(key), text(value)],
        [expected.key, expected.value],
        `C2: offset ${offset}, ${where}`,
      );
      last = offset;
    }
    const offsets = new Set(found.map(({ offset }) => offset));
    for (const { offset } of this.#ledger.values())
      if (offset >= this.#activeOffset)
        assert.ok(offsets.has(offset), `C2: offset ${offset} is missing, ${where}`);
    this.#verifyCommitted(log, where);
    const byId = (a: ActiveProducer, b: ActiveProducer): number => Number(a.producerId - b.producerId);
    const known = log.activeProducers().sort(byId).map(essence);
    assert.deepEqual(known, this.#producers.sort(byId).map(essence), `C4: ${where}`);
  }

  /** Records of the segment that is active now are out of the cleaner's reach until it rolls. */
  noteActive(): void {
    const names = filesOf(this.harness).filter(name => name.endsWith('.log'));
    this.#activeOffset = Number(names.at(-1)!.slice(0, 20));
  }

  verifyFiles(where: string): void {
    const left = filesOf(this.harness).filter(
      name => !/^\d{20}\.(log|index|timeindex|txnindex|snapshot)$/.test(name),
    );
    assert.deepEqual(left, [], `C5: ${where}`);
  }

  #isData(key: string): boolean {
    return text(key)!.startsWith('k');
  }

  #verifyCommitted(log: PartitionLog, where: string): void {
    const committed = new Set(readCommittedOffsets(log));
    const state = new Map<string, string>();
    for (const { offset, key, value } of readAll(log)) {
      if (!committed.has(offset)) continue;
      if (value === null) state.delete(text(key)!);
      else state.set(text(key)!, text(value)!);
    }
    const expected = new Map<string, string>();
    for (const { offset, key, value, isCommitted } of this.#ledger.values()) {
      if (isCommitted !== true || offset >= log.lastStableOffset) continue;
      if (value === null) expected.delete(key);
      else expected.set(key, value);
    }
    assert.deepEqual([...state].sort(), [...expected].sort(), `C1: ${where}`);
  }
}

function text(bytes: string | null): string | null {
  return bytes === null ? null : Buffer.from(bytes, 'base64').toString();
}

function essence({
  producerId,
  producerEpoch,
  lastSequence,
  currentTransactionFirstOffset,
}: ActiveProducer): unknown {
  return { producerId, producerEpoch, lastSequence, currentTransactionFirstOffset };
}
