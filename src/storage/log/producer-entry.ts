// What a partition remembers of one producer (ProducerStateEntry): its epoch, the last five batches for the detection of
// resends, the open transaction. Five is what Kafka's clients may have in flight with idempotence on.

import { NO_PRODUCER_EPOCH, NO_SEQUENCE } from '../../protocol/records/batch-header.ts';

export const BATCHES_REMEMBERED = 5;
const SEQUENCE_MAX = 2 ** 31 - 1;

export interface BatchMetadata {
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
}

export class ProducerEntry {
  readonly producerId: bigint;
  producerEpoch = NO_PRODUCER_EPOCH;
  coordinatorEpoch = -1;
  lastTimestamp = -1;
  /** -1 when no transaction is open. */
  currentTransactionFirstOffset = -1;
  /** Oldest first, at most five. */
  readonly batches: BatchMetadata[] = [];

  constructor(producerId: bigint) {
    this.producerId = producerId;
  }

  get lastSequence(): number {
    return this.batches.at(-1)?.lastSequence ?? NO_SEQUENCE;
  }

  addBatch(producerEpoch: number, batch: BatchMetadata): void {
    this.startEpoch(producerEpoch);
    if (this.batches.length === BATCHES_REMEMBERED) this.batches.shift();
    this.batches.push(batch);
    this.lastTimestamp = batch.timestamp;
  }

  /** A new epoch forgets the batches of the old. */
  startEpoch(producerEpoch: number): void {
    if (this.producerEpoch === producerEpoch) return;
    this.batches.length = 0;
    this.producerEpoch = producerEpoch;
  }

  /** The remembered batch with exactly this range of sequence numbers. */
  findBatch(range: {
    readonly producerEpoch: number;
    readonly firstSequence: number;
    readonly lastSequence: number;
  }): BatchMetadata | null {
    if (range.producerEpoch !== this.producerEpoch) return null;
    for (const batch of this.batches) {
      if (batch.lastSequence === range.lastSequence && firstSequenceOf(batch) === range.firstSequence)
        return batch;
    }
    return null;
  }
}

function firstSequenceOf(batch: BatchMetadata): number {
  return sequenceMinus(batch.lastSequence, batch.offsetDelta);
}

/** Sequence numbers wrap from 2^31-1 to 0. */
function sequenceMinus(sequence: number, delta: number): number {
  return sequence < delta ? SEQUENCE_MAX - (delta - sequence) + 1 : sequence - delta;
}

export function isNextSequence(last: number, next: number): boolean {
  return next === last + 1 || (next === 0 && last === SEQUENCE_MAX);
}
