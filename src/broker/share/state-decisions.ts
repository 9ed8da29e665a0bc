// What the share coordinator decides of one share partition: begin keeping its state, write, read, sum up, delete. Pure;
// rules and words: ShareCoordinatorShard. Every answer is about one share partition, errors included.

import { ErrorCode, type ErrorName, errorOf } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import type { KeptSharePartition, ShareShardState } from './share-shard-state.ts';
import {
  type SharePartitionKey,
  type ShareRecord,
  type ShareState,
  snapshotRecord,
  stateTombstone,
  UNINITIALIZED,
  updateRecord,
} from './share-state.ts';
import { combineStateBatches, type StateBatch } from './state-batches.ts';

export interface StateOutcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Where one was asked for, and there is one. */
  readonly state?: ShareState;
}

export interface StateEnvironment {
  readonly nowMs: number;
  readonly partitionExists: (key: SharePartitionKey) => boolean;
}

export interface WriteCommand {
  readonly key: SharePartitionKey;
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
  readonly stateBatches: readonly StateBatch[];
}

type StateDecision = Decision<ShareRecord, StateOutcome>;

const DONE: StateOutcome = { errorCode: ErrorCode.NONE, errorMessage: null };
const uninitialized = (operation: string) =>
  refusal('INVALID_REQUEST', `${operation} operation on uninitialized share partition not allowed.`);

export function refusal(error: ErrorName, message = errorOf(ErrorCode[error]).text): StateOutcome {
  return { errorCode: ErrorCode[error], errorMessage: message };
}

export function decideInitialize(
  shard: ShareShardState,
  command: { readonly key: SharePartitionKey; readonly stateEpoch: number; readonly startOffset: number },
  environment: StateEnvironment,
): StateDecision {
  const { key, stateEpoch, startOffset } = command;
  const kept = shard.get(key);
  const refused =
    negativePartition(key) ?? fencedState(kept, stateEpoch) ?? unknownPartition(key, environment);
  if (refused !== null) return unchanged(refused);
  const { nowMs } = environment;
  const state: ShareState = {
    snapshotEpoch: kept === undefined ? 0 : kept.state.snapshotEpoch + 1,
    stateEpoch,
    leaderEpoch: 0,
    startOffset,
    // From a given offset on deliveries can be counted; without one nothing has begun.
    deliveryCompleteCount: startOffset === UNINITIALIZED ? UNINITIALIZED : 0,
    createTimestampMs: nowMs,
    writeTimestampMs: nowMs,
    stateBatches: [],
  };
  return { records: [snapshotRecord(key, state)], response: DONE };
}

export function decideWrite(
  shard: ShareShardState,
  command: WriteCommand,
  environment: StateEnvironment,
): StateDecision {
  const { key, leaderEpoch, stateEpoch } = command;
  const negative = negativePartition(key);
  if (negative !== null) return unchanged(negative);
  const kept = shard.get(key);
  if (kept === undefined) return unchanged(uninitialized('Write'));
  const refused =
    fencedLeader(kept, leaderEpoch) ?? fencedState(kept, stateEpoch) ?? unknownPartition(key, environment);
  if (refused !== null) return unchanged(refused);
  const record = nextRecord(shard, kept, {
    ...command,
    leaderEpoch: kept.state.leaderEpoch,
    nowMs: environment.nowMs,
  });
  return { records: [record], response: DONE };
}

/** A reader that leads the share partition in a newer epoch is written down, so that older ones write no more. */
export function decideRead(
  shard: ShareShardState,
  command: { readonly key: SharePartitionKey; readonly leaderEpoch: number },
  environment: StateEnvironment,
): StateDecision {
  const { key, leaderEpoch } = command;
  const negative = negativePartition(key);
  if (negative !== null) return unchanged(negative);
  const kept = shard.get(key);
  if (kept === undefined) return unchanged(uninitialized('Read'));
  const refused = fencedLeader(kept, leaderEpoch) ?? unknownPartition(key, environment);
  if (refused !== null) return unchanged(refused);
  const { state } = kept;
  const response = { ...DONE, state };
  if (leaderEpoch === UNINITIALIZED || kept.leaderEpochMax === leaderEpoch) return { records: [], response };
  const { startOffset, deliveryCompleteCount } = state;
  const change = { startOffset, deliveryCompleteCount, stateBatches: [], leaderEpoch };
  return { records: [nextRecord(shard, kept, { ...change, nowMs: environment.nowMs })], response };
}

export function decideReadSummary(
  shard: ShareShardState,
  key: SharePartitionKey,
  environment: StateEnvironment,
): StateDecision {
  const refused = negativePartition(key) ?? unknownPartition(key, environment);
  if (refused !== null) return unchanged(refused);
  const state = shard.get(key)?.state;
  return unchanged(state === undefined ? DONE : { ...DONE, state });
}

export function decideDelete(
  shard: ShareShardState,
  key: SharePartitionKey,
  environment: StateEnvironment,
): StateDecision {
  const refused = negativePartition(key) ?? unknownPartition(key, environment);
  if (refused !== null) return unchanged(refused);
  return { records: shard.get(key) === undefined ? [] : [stateTombstone(key)], response: DONE };
}

/** Topics are gone: nothing is kept of them. */
export function forgottenTopics(shard: ShareShardState, topicIds: ReadonlySet<string>): ShareRecord[] {
  return [...shard.all()].filter(({ topicId }) => topicIds.has(topicId)).map(stateTombstone);
}

/**
 * Snapshots of share partitions whose last one is old, so that the log before it can be given up. None when all of them
 * are such already: then nothing moves, and writing would be for nothing.
 */
export function coldSnapshots(
  shard: ShareShardState,
  { nowMs, coldAfterMs }: { readonly nowMs: number; readonly coldAfterMs: number },
): ShareRecord[] {
  const kept = [...shard.all()];
  if (kept.every(({ state }) => state.createTimestampMs !== state.writeTimestampMs)) return [];
  return kept
    .filter(({ state }) => nowMs - state.writeTimestampMs >= coldAfterMs)
    .map(each => {
      const { state } = each;
      const snapshotEpoch = state.snapshotEpoch + 1;
      return snapshotRecord(each, { ...state, snapshotEpoch, writeTimestampMs: nowMs });
    });
}

function nextRecord(
  shard: ShareShardState,
  kept: KeptSharePartition,
  change: {
    readonly startOffset: number;
    readonly deliveryCompleteCount: number;
    readonly stateBatches: readonly StateBatch[];
    readonly leaderEpoch: number;
    readonly nowMs: number;
  },
): ShareRecord {
  const { state } = kept;
  const { leaderEpoch, deliveryCompleteCount, stateBatches, nowMs } = change;
  if (kept.updateCount < shard.updatesPerSnapshot) {
    return updateRecord(kept, {
      snapshotEpoch: state.snapshotEpoch,
      leaderEpoch,
      startOffset: change.startOffset,
      deliveryCompleteCount,
      stateBatches: combineStateBatches([], stateBatches, change.startOffset),
    });
  }
  const startOffset = change.startOffset === UNINITIALIZED ? state.startOffset : change.startOffset;
  return snapshotRecord(kept, {
    snapshotEpoch: state.snapshotEpoch + 1,
    stateEpoch: state.stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
    createTimestampMs: nowMs,
    writeTimestampMs: nowMs,
    stateBatches: combineStateBatches(state.stateBatches, stateBatches, startOffset),
  });
}

function unchanged(response: StateOutcome): StateDecision {
  return { records: [], response };
}

function negativePartition({ partition }: SharePartitionKey): StateOutcome | null {
  return partition < 0 ? refusal('INVALID_REQUEST', 'The partition id cannot be a negative number.') : null;
}

function unknownPartition(key: SharePartitionKey, environment: StateEnvironment): StateOutcome | null {
  return environment.partitionExists(key) ? null : refusal('UNKNOWN_TOPIC_OR_PARTITION');
}

function fencedLeader(kept: KeptSharePartition, leaderEpoch: number): StateOutcome | null {
  if (leaderEpoch === UNINITIALIZED || leaderEpoch >= kept.leaderEpochMax) return null;
  return refusal('FENCED_LEADER_EPOCH');
}

function fencedState(kept: KeptSharePartition | undefined, stateEpoch: number): StateOutcome | null {
  if (kept === undefined || stateEpoch === UNINITIALIZED || stateEpoch >= kept.stateEpochMax) return null;
  return refusal('FENCED_STATE_EPOCH');
}
