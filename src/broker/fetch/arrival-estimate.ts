// Whether enough can have arrived since a Fetch last looked in vain. Reading again at every append would cost a reader
// that waits for a megabyte a thousand reads; the growth of the logs is an upper bound that costs nothing. It may say
// "perhaps" when there is not enough, never "no" when there is.

import type { PartitionLog } from '../../storage/log/partition-log.ts';

type MeasuredLog = Pick<
  PartitionLog,
  'sizeInBytes' | 'logStartOffset' | 'logEndOffset' | 'highWatermark' | 'lastStableOffset' | 'offlineReason'
>;

export class ArrivalEstimate {
  readonly #logs: readonly MeasuredLog[];
  readonly #neededBytes: number;
  #logBytes = 0;
  #logStarts = 0;
  #foundBytes = 0;
  /** Nothing lay in the logs that was not readable yet: growth counts from here. */
  #isExact = false;

  constructor(logs: Iterable<MeasuredLog>, neededBytes: number) {
    this.#logs = [...logs];
    this.#neededBytes = neededBytes;
  }

  /** Call right after a read that found too little. */
  lookedInVain(foundBytes: number): void {
    this.#foundBytes = foundBytes;
    this.#logBytes = this.#sum(log => log.sizeInBytes);
    this.#logStarts = this.#sum(log => log.logStartOffset);
    this.#isExact = this.#logs.every(
      log => log.highWatermark === log.logEndOffset && log.lastStableOffset === log.logEndOffset,
    );
  }

  mayBeEnough(): boolean {
    // Records that were cut off at the start of a log hide growth at its end.
    if (!this.#isExact || this.#sum(log => log.logStartOffset) !== this.#logStarts) return true;
    // A log that is offline may be one whose topic was deleted: that is news, too.
    if (this.#logs.some(log => log.offlineReason !== null)) return true;
    const grownBytes = this.#sum(log => log.sizeInBytes) - this.#logBytes;
    return this.#foundBytes + grownBytes >= this.#neededBytes;
  }

  #sum(of: (log: MeasuredLog) => number): number {
    let sum = 0;
    for (const log of this.#logs) sum += of(log);
    return sum;
  }
}
