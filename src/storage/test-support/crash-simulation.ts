// A small broker's life on a memory disk, ended at a chosen operation of the disk, opened again (and ended again while
// opening), then compared with a ledger of what was acknowledged. Everything follows from the seed. For tests only.
// Invariants: I1 what was acknowledged is there, with the same bytes at the same offsets. I2 what is there was appended,
// in that order, without a gap. I3 the log start never goes back. I4 a producer's last batch is known as a resend, its
// next is taken. I5 what a reader may see after opening survives the next crash. I6 opening twice finds the same.

import assert from 'node:assert/strict';
import { MemoryFileSystem, randomOf } from '../fs/memory.ts';
import { readTextFile } from '../fs/whole-file.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { batchOf, Harness, readAll, type TestBatch, textOf } from './harness.ts';

class PowerCut extends Error {}

interface Partition {
  readonly topic: string;
  /** Values in order of their offsets, as appended in this life. */
  values: string[];
  batches: { readonly baseOffset: number; readonly batch: TestBatch }[];
  acknowledgedEnd: number;
  logStartOffset: number;
  nextSequence: number;
}

export interface SimulationResult {
  readonly operations: number;
  /** Ends of a process or of the power, those while opening included. */
  readonly crashes: number;
  readonly acknowledged: number;
}

const TOPICS = ['a', 'b', 'c'];
/** Segments that roll often, and segments that are saved while they are active. */
const SEGMENT_BYTES = [1_500, 8_000];
/** Recoveries that pass over what was synced, and recoveries that read it. */
const PASSED_BYTES_MIN = [0, 1_000_000];
/** Some appends. */
const UNPOINTED_BYTES_MAX = 1_000;

export class CrashSimulation {
  readonly #random: () => number;
  readonly #partitions: Partition[];
  readonly #segmentBytes: number;
  readonly #passedBytesMin: number;
  #disk: MemoryFileSystem;
  #harness!: Harness;
  #isDead = false;
  #crashAt = Number.POSITIVE_INFINITY;
  #counter = 0;
  #crashes = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    this.#segmentBytes = SEGMENT_BYTES[seed % SEGMENT_BYTES.length]!;
    this.#passedBytesMin = PASSED_BYTES_MIN[Math.floor(seed / 2) % PASSED_BYTES_MIN.length]!;
    this.#disk = new MemoryFileSystem({ manualSyncs: true });
    this.#harness = this.#open();
    this.#partitions = TOPICS.map(topic => ({
      topic,
      values: [],
      batches: [],
      acknowledgedEnd: 0,
      logStartOffset: 0,
      nextSequence: 0,
    }));
  }

  /** Some lives one after another, each cut short. */
  run(lives: number): SimulationResult {
    for (let life = 0; life < lives; life++) {
      this.#armPowerCut(this.#disk, 1 + Math.floor(this.#random() * 120));
      try {
        for (let step = 0; step < 80 && !this.#isDead; step++) this.#step();
        if (!this.#isDead && this.#random() < 0.5) this.#stop();
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      this.#reopen();
      this.#verify();
    }
    const acknowledged = this.#partitions.reduce((sum, partition) => sum + partition.acknowledgedEnd, 0);
    return { operations: this.#counter, crashes: this.#crashes, acknowledged };
  }

  /** What is on the disk, for whoever looks for the cause of a failure. */
  dump(): void {
    for (const report of this.#harness.reports) console.log(report.level, report.message);
    for (const directory of ['/data', ...TOPICS.map(topic => `/data/${topic}-0`)]) {
      if (this.#disk.stat(directory) === null) continue;
      for (const { name, kind } of this.#disk.list(directory)) {
        if (kind === 'file')
          console.log(`${directory}/${name}`, this.#disk.stat(`${directory}/${name}`)!.sizeInBytes);
        if (name.endsWith('checkpoint')) console.log(readTextFile(this.#disk, `${directory}/${name}`));
      }
    }
  }

  #armPowerCut(disk: MemoryFileSystem, afterOperations: number): void {
    this.#isDead = false;
    this.#crashAt = afterOperations;
    let count = 0;
    disk.onOperation = () => {
      count += 1;
      this.#counter += 1;
      if (count >= this.#crashAt) this.#isDead = true;
      if (this.#isDead) throw new PowerCut('power cut');
    };
  }

  #step(): void {
    const dice = this.#random();
    if (dice < 0.55) this.#append();
    else if (dice < 0.75) this.#harness.turn();
    else if (dice < 0.92) this.#disk.finishSync(Math.floor(this.#random() * this.#disk.pendingSyncs));
    else if (dice < 0.94) this.#harness.store.writeCheckpoints();
    else if (dice < 0.965) this.#passTime();
    else if (dice < 0.98) this.#deleteRecords();
    else this.#harness.settle();
  }

  /** Checkpoints are due, and active segments are saved; sometimes that comes to its end. */
  #passTime(): void {
    this.#harness.passTime(60_000);
    if (this.#random() < 0.6) this.#harness.settleAll();
  }

  /** A clean stop, cut before its marker. */
  #stop(): void {
    this.#harness.turn();
    for (const log of this.#harness.store.logs()) log.complete(() => {});
    const syncs = Math.floor(this.#random() * 40);
    for (let step = 0; step < syncs && this.#disk.pendingSyncs > 0; step++)
      this.#disk.finishSync(Math.floor(this.#random() * this.#disk.pendingSyncs));
    if (this.#random() < 0.5) this.#harness.store.writeCheckpoints();
  }

  #log(partition: Partition): PartitionLog {
    const settings = { segmentBytes: this.#segmentBytes, indexIntervalBytes: 200 };
    return this.#harness.log(settings, partition.topic);
  }

  #pick(): Partition {
    return this.#partitions[Math.floor(this.#random() * this.#partitions.length)]!;
  }

  #append(): void {
    const partition = this.#pick();
    const log = this.#log(partition);
    const values = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, (_, index) => {
      return `${partition.topic}${log.logEndOffset + index}-${'x'.repeat(Math.floor(this.#random() * 300))}${this.#random()}`;
    });
    const batch = { values, producerId: 7, baseSequence: partition.nextSequence };
    const outcome = log.append(batchOf(batch), { leaderEpoch: 0, origin: 'client' });
    if (this.#isDead) throw new PowerCut('power cut');
    assert.equal(outcome.kind, 'appended', JSON.stringify(outcome));
    if (outcome.kind !== 'appended') return;
    assert.equal(outcome.baseOffset, partition.values.length);
    partition.values.push(...values);
    partition.batches.push({ baseOffset: outcome.baseOffset, batch });
    partition.nextSequence += values.length;
    log.whenDurable(outcome.endOffset, error => {
      if (error === null && !this.#isDead)
        partition.acknowledgedEnd = Math.max(partition.acknowledgedEnd, outcome.endOffset);
    });
  }

  #deleteRecords(): void {
    const partition = this.#pick();
    const log = this.#log(partition);
    const target =
      log.logStartOffset + Math.floor(this.#random() * (log.highWatermark - log.logStartOffset + 1));
    const outcome = log.deleteRecordsBefore(target);
    if (this.#isDead) throw new PowerCut('power cut');
    if (outcome.error === null) partition.logStartOffset = outcome.logStartOffset;
  }

  /** Opens what the cut left; sometimes opening is cut as well. */
  #reopen(): void {
    this.#disk = this.#nextDisk();
    for (let attempt = 0; this.#random() < 0.4 && attempt < 3; attempt++) {
      this.#armPowerCut(this.#disk, 1 + Math.floor(this.#random() * 40));
      try {
        this.#harness = this.#open();
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      this.#disk = this.#nextDisk();
    }
    this.#isDead = false;
    this.#harness = this.#open();
  }

  /** As a broker does it: nobody is answered before what was found is synced. Time goes on. */
  #open(): Harness {
    const syncsLater = this.#random() < 0.7;
    const nowMs = this.#harness?.nowMs;
    const options = nowMs === undefined ? {} : { nowMs };
    const harness = new Harness({
      ...options,
      fileSystem: this.#disk,
      syncsLater,
      unsavedBytesMin: 300,
      passedBytesMin: this.#passedBytesMin,
      unpointedBytesMax: UNPOINTED_BYTES_MAX,
    });
    for (const log of harness.store.logs()) log.whenSynced(() => {});
    harness.settle();
    return harness;
  }

  /** Sometimes only the process ended, and the caches of the disk are still there to be lost by the next cut. */
  #nextDisk(): MemoryFileSystem {
    this.#crashes += 1;
    this.#disk.kill();
    if (this.#random() < 0.3) return this.#disk;
    return this.#disk.crash({ seed: Math.floor(this.#random() * 2 ** 31) });
  }

  #verify(): void {
    const seen = this.#partitions.map(partition => this.#verifyPartition(partition));
    // I5 and I6: a power cut, with nothing written since.
    this.#crashes += 1;
    this.#disk.kill();
    this.#disk = this.#disk.crash({ seed: Math.floor(this.#random() * 2 ** 31) });
    this.#harness = this.#open();
    this.#partitions.forEach((partition, index) => {
      const again = this.#verifyPartition(partition);
      assert.ok(again >= seen[index]!, `I5: ${partition.topic} ended at ${seen[index]}, now at ${again}`);
      this.#startLife(partition, again);
    });
  }

  /** Answers where the log ends. */
  #verifyPartition(partition: Partition): number {
    const log = this.#log(partition);
    const { topic } = partition;
    assert.ok(
      log.logEndOffset >= partition.acknowledgedEnd,
      `I1: ${topic} ends at ${log.logEndOffset}, acknowledged up to ${partition.acknowledgedEnd}`,
    );
    assert.ok(
      log.logEndOffset <= partition.values.length,
      `I2: ${topic} ends at ${log.logEndOffset}, appended up to ${partition.values.length}`,
    );
    assert.equal(log.highWatermark, log.logEndOffset);
    assert.ok(log.logStartOffset >= partition.logStartOffset, `I3: ${topic} starts at ${log.logStartOffset}`);
    const records = readAll(log, { maxBytes: 700 });
    assert.deepEqual(
      records.map(textOf),
      partition.values.slice(log.logStartOffset, log.logEndOffset),
      `I1, I2: the values of ${topic}`,
    );
    assert.deepEqual(
      records.map(record => record.offset),
      records.map((_, index) => log.logStartOffset + index),
      `I2: the offsets of ${topic}`,
    );
    return log.logEndOffset;
  }

  /** What a crash took back was never there. */
  #startLife(partition: Partition, endOffset: number): void {
    const log = this.#log(partition);
    partition.logStartOffset = log.logStartOffset;
    partition.values.length = endOffset;
    partition.batches = partition.batches.filter(({ baseOffset }) => baseOffset < endOffset);
    partition.acknowledgedEnd = endOffset;
    partition.nextSequence = endOffset;
    const last = partition.batches.at(-1);
    if (last === undefined || last.baseOffset < log.logStartOffset) return;
    const resent = log.append(batchOf(last.batch), { leaderEpoch: 0, origin: 'client' });
    assert.deepEqual(
      [resent.kind, resent.kind === 'duplicate' && resent.baseOffset],
      ['duplicate', last.baseOffset],
      `I4: ${partition.topic}`,
    );
  }
}
