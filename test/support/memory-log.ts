// A partition log in memory, as far as event-sourced shards use one, with a hand on the disk: a test holds back what is
// durable, or makes the next append fail. The real log has its own tests over storage/fs.

import { KafkaError } from '../../src/protocol/errors.ts';
import * as header from '../../src/protocol/records/batch-header.ts';
import type { AppendOutcome, ReadOptions, ReadOutcome } from '../../src/storage/log/outcomes.ts';
import type { PartitionLog } from '../../src/storage/log/partition-log.ts';

export class MemoryLog {
  readonly topic: string;
  readonly partition: number;
  readonly batches: Buffer[] = [];
  logStartOffset = 0;
  logEndOffset = 0;
  highWatermark = 0;
  offlineReason: string | null = null;
  /** While true nothing becomes durable. */
  #isHeld = false;
  #refusal: string | null = null;
  #waiting: { readonly endOffset: number; readonly callback: (error: KafkaError | null) => void }[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  asPartitionLog(): PartitionLog {
    return this as unknown as PartitionLog;
  }

  append(batch: Buffer): AppendOutcome {
    if (this.#refusal !== null) {
      const message = this.#refusal;
      this.#refusal = null;
      return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR', message };
    }
    const baseOffset = this.logEndOffset;
    const copy = Buffer.from(batch);
    copy.writeBigInt64BE(BigInt(baseOffset), 0);
    this.batches.push(copy);
    this.logEndOffset += header.lastOffsetDelta(copy, 0) + 1;
    if (!this.#isHeld) this.highWatermark = this.logEndOffset;
    return { kind: 'appended', baseOffset, endOffset: this.logEndOffset };
  }

  whenDurable(endOffset: number, callback: (error: KafkaError | null) => void): void {
    if (endOffset <= this.highWatermark) callback(null);
    else this.#waiting.push({ endOffset, callback });
  }

  read({ offset, isolation }: ReadOptions): ReadOutcome {
    const end = isolation === 'log_end' ? this.logEndOffset : this.highWatermark;
    const buffers = this.batches.filter(batch => {
      const base = header.baseOffset(batch, 0);
      return base + header.lastOffsetDelta(batch, 0) >= offset && base < end;
    });
    const sizeInBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    return { error: null, buffers, sizeInBytes, abortedTransactions: null, release: () => undefined };
  }

  deleteRecordsBefore(offset: number): void {
    this.logStartOffset = Math.max(this.logStartOffset, offset);
  }

  holdSync(): void {
    this.#isHeld = true;
  }

  releaseSync(): void {
    this.#isHeld = false;
    this.highWatermark = this.logEndOffset;
    this.#settle(null);
  }

  /** The disk is gone: what was not durable never will be. */
  failSync(message: string): void {
    this.offlineReason = message;
    this.#settle(new KafkaError('KAFKA_STORAGE_ERROR', message));
  }

  refuseNextAppend(message: string): void {
    this.#refusal = message;
  }

  #settle(error: KafkaError | null): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { callback } of waiting) callback(error);
  }
}
