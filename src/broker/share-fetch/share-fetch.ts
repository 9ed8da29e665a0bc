// One ShareFetch between its request and its records: reads where each share partition goes on, as Fetch reads, and lets
// the member acquire what was read. Waits for records, or for records to be given back, until there is enough or time is
// over; nothing is acquired before, and nothing for a peer that has gone. Rules: Apache Kafka's DelayedShareFetch and
// ShareFetchUtils.

import { ErrorCode } from '../../protocol/errors.ts';
import { ArrivalEstimate } from '../fetch/arrival-estimate.ts';
import type { FetchPartition } from '../fetch/fetch-partition.ts';
import { type FetchRead, readPartitions } from '../fetch/fetch-read.ts';
import { FetchWait } from '../fetch/fetch-wait.ts';
import type { Timers } from '../runtime/clock.ts';
import type { AcquireCommand } from './acquire-records.ts';
import type { AcquiredRange } from './acquired-range.ts';
import { batchesOf, sliceOf } from './fetched-batches.ts';
import { bytesPerPartition } from './partition-bytes.ts';
import type { SharePartition } from './share-partition.ts';
import type { SharePartitions } from './share-partitions.ts';
import { partitionKey, type SessionKey, type SessionPartition } from './share-session.ts';

export interface ShareFetchCommand extends SessionKey {
  readonly partitions: readonly SessionPartition[];
  readonly mode: AcquireCommand['mode'];
  readonly batchSize: number;
  readonly recordsMax: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

export interface ShareFetchAnswer {
  readonly partition: SessionPartition;
  readonly errorCode: number;
  readonly records: readonly Buffer[];
  readonly ranges: readonly AcquiredRange[];
}

export interface ShareFetchResult {
  readonly answers: readonly ShareFetchAnswer[];
  readonly sizeInBytes: number;
  /** Gives back what the records lie in. Call once. */
  release(): void;
  /** The records do not reach the member: others may have them, and they do not count as delivered. */
  giveBack(): void;
}

const NOTHING: ShareFetchResult = {
  answers: [],
  sizeInBytes: 0,
  release: () => {},
  giveBack: () => {},
};

export function shareFetch(
  partitions: SharePartitions,
  command: ShareFetchCommand,
): ShareFetchResult | Promise<ShareFetchResult> {
  const isNothingAsked = command.recordsMax === 0 || command.maxBytes === 0;
  if (command.partitions.length === 0 || isNothingAsked) return NOTHING;
  return new PendingShareFetch(partitions, command).begin();
}

class PendingShareFetch {
  readonly #command: ShareFetchCommand;
  readonly #isolation: 'read_committed' | 'read_uncommitted';
  readonly #opened = new Map<string, SharePartition>();
  readonly #failed = new Map<string, ShareFetchAnswer>();
  /** Something else than an append happened. */
  #mustLook = false;

  constructor(partitions: SharePartitions, command: ShareFetchCommand) {
    this.#command = command;
    const { groupId } = command;
    this.#isolation = partitions.settings(groupId).isolation;
    for (const partition of command.partitions) {
      const fail = (errorCode: number) =>
        this.#failed.set(partitionKey(partition), { partition, errorCode, records: [], ranges: [] });
      const opened = partitions.open({ groupId, ...partition }, ({ error }) => fail(ErrorCode[error]));
      if ('error' in opened) fail(ErrorCode[opened.error]);
      else this.#opened.set(partitionKey(partition), opened);
    }
  }

  begin(): ShareFetchResult | Promise<ShareFetchResult> {
    if (this.#failed.size === this.#command.partitions.length) return this.#resultOf(null);
    const read = this.#readIfEnough();
    if (read !== null) return this.#resultOf(read);
    if (this.#command.maxWaitMs <= 0) return this.#resultOf(this.#read());
    return this.#wait();
  }

  #wait(): Promise<ShareFetchResult> {
    const { timers, signal, maxWaitMs, minBytes } = this.#command;
    const opened = [...this.#opened.values()];
    const logs = new Set(opened.map(({ log }) => log));
    const estimate = new ArrivalEstimate(logs, minBytes);
    const changes = opened.map(partition => ({
      onAdvance: (callback: () => void) =>
        partition.onChange(() => {
          this.#mustLook = true;
          callback();
        }),
    }));
    return new Promise((resolve, reject) => {
      new FetchWait({
        logs: [...logs, ...changes],
        maxWaitMs,
        timers,
        signal,
        look: () => {
          if (!this.#mustLook && !estimate.mayBeEnough()) return false;
          this.#mustLook = false;
          const read = this.#readIfEnough(estimate);
          if (read !== null) resolve(this.#resultOf(read));
          return read !== null;
        },
        expired: () => resolve(signal.aborted ? NOTHING : this.#resultOf(this.#read())),
        failed: reject,
      });
    });
  }

  /** Null: it is worth waiting. */
  #readIfEnough(estimate?: ArrivalEstimate): FetchRead | null {
    const { minBytes } = this.#command;
    const acquirable = this.#acquirable();
    const isAnythingThere = acquirable.some(
      ({ log, nextFetchOffset }) =>
        nextFetchOffset !== null && nextFetchOffset < log.endOffsetOf(this.#isolation),
    );
    if (acquirable.length === 0 || (!isAnythingThere && minBytes > 0)) {
      estimate?.lookedInVain(0);
      return null;
    }
    const read = this.#read();
    if (read.sizeInBytes >= minBytes || read.isUrgent || this.#isMoreBehind(read)) return read;
    read.release();
    estimate?.lookedInVain(read.sizeInBytes);
    return null;
  }

  /** A read ends with its segment, or at the limits: waiting would bring nothing. */
  #isMoreBehind({ answers }: FetchRead): boolean {
    return answers.some(({ partition, records }) => {
      const last = batchesOf(records).at(-1);
      const log = this.#opened.get(partitionKey(partition))?.log;
      return (
        last !== undefined && log !== undefined && last.lastOffset + 1 < log.endOffsetOf(this.#isolation)
      );
    });
  }

  #acquirable(): SharePartition[] {
    return [...this.#opened]
      .filter(([key, partition]) => !this.#failed.has(key) && partition.nextFetchOffset !== null)
      .map(([, partition]) => partition);
  }

  #read(): FetchRead {
    const acquirable = this.#acquirable();
    const { maxBytes } = this.#command;
    const shares = bytesPerPartition(maxBytes, acquirable.length);
    const asked = acquirable.map(
      ({ key, nextFetchOffset }, index): FetchPartition => ({
        topic: '',
        topicId: key.topicId,
        partition: key.partition,
        fetchOffset: nextFetchOffset!,
        maxBytes: shares[index]!,
        currentLeaderEpoch: -1,
        lastFetchedEpoch: -1,
      }),
    );
    return readPartitions({
      partitions: asked,
      target: partition => ({ log: this.#opened.get(partitionKey(partition))!.log, leaderEpoch: -1 }),
      maxBytes,
      isolation: this.#isolation,
    });
  }

  #resultOf(read: FetchRead | null): ShareFetchResult {
    let leftRecords = this.#command.recordsMax;
    let sizeInBytes = 0;
    const answers: ShareFetchAnswer[] = [];
    for (const answer of read?.answers ?? []) {
      const partition = this.#opened.get(partitionKey(answer.partition))!;
      const acquired = this.#acquire(partition, answer, leftRecords);
      leftRecords -= acquired.count;
      sizeInBytes += acquired.records.reduce((sum, { length }) => sum + length, 0);
      answers.push(acquired);
    }
    answers.push(...this.#failed.values());
    return {
      answers,
      sizeInBytes,
      release: () => read?.release(),
      giveBack: () => this.#giveBack(answers),
    };
  }

  #giveBack(answers: readonly ShareFetchAnswer[]): void {
    for (const { partition, ranges } of answers) {
      if (ranges.length > 0)
        this.#opened.get(partitionKey(partition))?.giveBack(this.#command.memberId, ranges);
    }
  }

  #acquire(
    opened: SharePartition,
    read: FetchRead['answers'][number],
    recordsMax: number,
  ): ShareFetchAnswer & { readonly count: number } {
    const { topicId, partition, fetchOffset } = read.partition;
    const nothing = { partition: { topicId, partition }, errorCode: 0, records: [], ranges: [], count: 0 };
    if (read.errorCode === ErrorCode.OFFSET_OUT_OF_RANGE) {
      opened.logStartMoved();
      return nothing;
    }
    if (read.errorCode !== ErrorCode.NONE) return { ...nothing, errorCode: read.errorCode };
    const { memberId, mode, batchSize } = this.#command;
    const batches = batchesOf(read.records);
    const { ranges, count } = opened.acquire({
      memberId,
      mode,
      batchSize,
      recordsMax,
      fetchOffset,
      batches,
      aborted: read.abortedTransactions,
    });
    if (ranges.length === 0) return nothing;
    const offsets = { first: ranges[0]!.firstOffset, last: ranges.at(-1)!.lastOffset };
    return { ...nothing, records: sliceOf(read.records, batches, offsets), ranges, count };
  }
}
