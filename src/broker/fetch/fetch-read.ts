// Reads what a Fetch asks for, partition by partition, under the limits of the request: `max_bytes` for all, a maximum
// per partition, and one whole batch in any case, so that a record larger than both still gets through (KIP-74). Reads
// logs, changes nothing; whoever takes the buffers must release the slices.

import { ErrorCode } from '../../protocol/errors.ts';
import {
  BATCH_OVERHEAD,
  sizeInBytes as batchSizeInBytes,
  LOG_OVERHEAD,
} from '../../protocol/records/batch-header.ts';
import type { LogSlice, ReadIsolation } from '../../storage/log/outcomes.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { FetchPartition, PartitionAnswer } from './fetch-partition.ts';

/** What a partition of the request stands for here: a log with the epoch it is led in, or an error. */
export type FetchTarget =
  | { readonly log: PartitionLog; readonly leaderEpoch: number }
  | {
      readonly errorCode: number;
      /** The partition is here, but not for this reader: an error like one of reading, not like one of finding. */
      readonly isKnown?: boolean;
    };

export interface FetchRead {
  readonly answers: readonly PartitionAnswer[];
  readonly sizeInBytes: number;
  /** Something that the client must hear at once, whatever `min_bytes` says. */
  readonly isUrgent: boolean;
  /** Partitions that are not here. They end no wait by themselves, but one more of them does. */
  readonly refusedCount: number;
  release(): void;
}

export interface FetchReadOptions {
  readonly partitions: readonly FetchPartition[];
  readonly target: (partition: FetchPartition) => FetchTarget;
  readonly maxBytes: number;
  readonly isolation: ReadIsolation;
}

export function readPartitions(options: FetchReadOptions): FetchRead {
  const answers: PartitionAnswer[] = [];
  const refused: PartitionAnswer[] = [];
  const slices: LogSlice[] = [];
  let leftBytes = options.maxBytes;
  let sizeInBytes = 0;
  let isUrgent = false;
  for (const partition of options.partitions) {
    const target = options.target(partition);
    if ('errorCode' in target && target.isKnown === true) {
      isUrgent = true;
      answers.push(errorAnswer(partition, target.errorCode, null));
      continue;
    }
    if ('errorCode' in target) {
      // As in Apache Kafka these come last and, as long as there is something to wait for, do not end the wait.
      refused.push(errorAnswer(partition, target.errorCode, []));
      continue;
    }
    const answer = readPartition(partition, target, {
      maxBytes: Math.min(partition.maxBytes, leftBytes),
      isolation: options.isolation,
      atLeastOneBatch: sizeInBytes === 0,
      slices,
    });
    sizeInBytes += answer.sizeInBytes;
    leftBytes = Math.max(0, leftBytes - answer.sizeInBytes);
    isUrgent ||= answer.errorCode !== ErrorCode.NONE || answer.divergingEpoch !== null;
    answers.push(answer);
  }
  if (answers.length === 0) isUrgent = true;
  return {
    answers: refused.length === 0 ? answers : [...answers, ...refused],
    sizeInBytes,
    isUrgent,
    refusedCount: refused.length,
    release: () => {
      for (const slice of slices.splice(0)) slice.release();
    },
  };
}

interface PartitionLimits {
  readonly maxBytes: number;
  readonly isolation: ReadIsolation;
  readonly atLeastOneBatch: boolean;
  /** Where the slice goes, to be released later. */
  readonly slices: LogSlice[];
}

function readPartition(
  partition: FetchPartition,
  target: { readonly log: PartitionLog; readonly leaderEpoch: number },
  limits: PartitionLimits,
): PartitionAnswer {
  const { log } = target;
  const epochError = checkLeaderEpoch(partition.currentLeaderEpoch, target.leaderEpoch);
  if (epochError !== ErrorCode.NONE) return errorAnswer(partition, epochError, null);
  // Apache Kafka throws IllegalArgumentException for these, which its clients see as -1.
  if (limits.maxBytes < 0) return errorAnswer(partition, ErrorCode.UNKNOWN_SERVER_ERROR, null);
  const offsets = {
    highWatermark: log.highWatermark,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.logStartOffset,
  };
  const divergence = checkDivergence(partition, log);
  if (divergence === 'out-of-range') return errorAnswer(partition, ErrorCode.OFFSET_OUT_OF_RANGE, null);
  if (divergence !== null) {
    return { ...emptyAnswer(partition), ...offsets, divergingEpoch: divergence };
  }
  const slice = log.read({
    offset: partition.fetchOffset,
    maxBytes: limits.maxBytes,
    isolation: limits.isolation,
    atLeastOneBatch: limits.atLeastOneBatch,
  });
  if (slice.error !== null) return errorAnswer(partition, ErrorCode[slice.error], null);
  limits.slices.push(slice);
  const { abortedTransactions } = slice;
  // A part of one batch helps nobody (ReplicaManager.checkFetchDataInfo); a part of a second one is what Kafka sends.
  if (!limits.atLeastOneBatch && !holdsWholeBatch(slice)) {
    return { ...emptyAnswer(partition), ...offsets, abortedTransactions };
  }
  return {
    ...emptyAnswer(partition),
    ...offsets,
    abortedTransactions,
    records: slice.buffers,
    sizeInBytes: slice.sizeInBytes,
  };
}

function holdsWholeBatch({ buffers, sizeInBytes }: LogSlice): boolean {
  if (sizeInBytes < BATCH_OVERHEAD) return false;
  const [first] = buffers;
  const header = first !== undefined && first.length >= LOG_OVERHEAD ? first : Buffer.concat(buffers);
  return batchSizeInBytes(header, 0) <= sizeInBytes;
}

/** Apache Kafka's Partition.checkCurrentLeaderEpoch; -1 is not checked. */
export function checkLeaderEpoch(claimed: number, actual: number): number {
  if (claimed < 0 || claimed === actual) return ErrorCode.NONE;
  return claimed < actual ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
}

/** KIP-595: a client that read from an epoch which ended before its offset must truncate, not read on. */
function checkDivergence(
  partition: FetchPartition,
  log: PartitionLog,
): 'out-of-range' | { epoch: number; endOffset: number } | null {
  if (partition.lastFetchedEpoch < 0) return null;
  const known = log.endOffsetForEpoch(partition.lastFetchedEpoch);
  if (known.endOffset === -1 || known.leaderEpoch === -1) return 'out-of-range';
  if (partition.fetchOffset < log.logStartOffset) return 'out-of-range';
  if (known.leaderEpoch >= partition.lastFetchedEpoch && known.endOffset >= partition.fetchOffset)
    return null;
  return { epoch: known.leaderEpoch, endOffset: known.endOffset };
}

function emptyAnswer(partition: FetchPartition): PartitionAnswer {
  return {
    partition,
    errorCode: ErrorCode.NONE,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: null,
    abortedTransactions: null,
    records: [],
    sizeInBytes: 0,
  };
}

function errorAnswer(
  partition: FetchPartition,
  errorCode: number,
  abortedTransactions: PartitionAnswer['abortedTransactions'],
): PartitionAnswer {
  return { ...emptyAnswer(partition), errorCode, abortedTransactions };
}
