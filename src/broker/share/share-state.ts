// The kept state of one share partition, and its records in __share_group_state (KIP-932): a snapshot says all of it, an
// update what changed since. Shapes and versions are those of ShareGroupOffset and ShareCoordinatorRecordHelpers.

import type { ShareRecord } from '../../protocol/messages/records/framing.ts';
import { combineStateBatches, type StateBatch } from './state-batches.ts';

export type { ShareRecord } from '../../protocol/messages/records/framing.ts';

/** PartitionFactory.UNINITIALIZED_START_OFFSET and UNINITIALIZED_DELIVERY_COMPLETE_COUNT; in requests also "as before". */
export const UNINITIALIZED = -1;
const VALUE_VERSION = 0;

export interface SharePartitionKey {
  readonly groupId: string;
  readonly topicId: string;
  readonly partition: number;
}

export interface ShareState {
  /** Grows with each snapshot. */
  readonly snapshotEpoch: number;
  /** Grows when the group's offsets are reset from outside. */
  readonly stateEpoch: number;
  /** Of the share partition's leader that wrote last. */
  readonly leaderEpoch: number;
  readonly startOffset: number;
  /** Records at or above the start offset whose delivery is over; -1 when nobody counted. */
  readonly deliveryCompleteCount: number;
  readonly createTimestampMs: number;
  readonly writeTimestampMs: number;
  readonly stateBatches: readonly StateBatch[];
}

/** What an update says: a start offset or leader epoch of -1 leaves the one that was. */
export type ShareStateUpdate = Omit<ShareState, 'stateEpoch' | 'createTimestampMs' | 'writeTimestampMs'>;

/** One text per share partition; its hash says which partition of __share_group_state keeps it. */
export function coordinatorKey({ groupId, topicId, partition }: SharePartitionKey): string {
  return `${groupId}:${topicId}:${partition}`;
}

/** Whether a text is such a key. A group's own name may have colons. */
export function isCoordinatorKey(text: string): boolean {
  const parts = /^(.*):([A-Za-z0-9_-]{22}):([+-]?\d{1,10})$/s.exec(text);
  return parts !== null && parts[1]!.trim() !== '' && Math.abs(Number(parts[3])) < 2 ** 31;
}

export function snapshotRecord(key: SharePartitionKey, state: ShareState): ShareRecord {
  const { createTimestampMs, writeTimestampMs, stateBatches, ...fields } = state;
  return {
    type: 'ShareSnapshot',
    key: keyOf(key),
    valueVersion: VALUE_VERSION,
    value: {
      ...fields,
      createTimestamp: BigInt(createTimestampMs),
      writeTimestamp: BigInt(writeTimestampMs),
      stateBatches: stateBatches.map(batchOf),
    },
  };
}

export function updateRecord(key: SharePartitionKey, update: ShareStateUpdate): ShareRecord {
  const value = { ...update, stateBatches: update.stateBatches.map(batchOf) };
  return { type: 'ShareUpdate', key: keyOf(key), valueVersion: VALUE_VERSION, value };
}

export function stateTombstone(key: SharePartitionKey): ShareRecord {
  return { type: 'ShareSnapshot', key: keyOf(key), value: null };
}

type SnapshotValue = NonNullable<Extract<ShareRecord, { type: 'ShareSnapshot' }>['value']>;

export function stateOfSnapshot(value: SnapshotValue): ShareState {
  const { createTimestamp, writeTimestamp, ...fields } = value;
  return {
    ...fields,
    createTimestampMs: Number(createTimestamp),
    writeTimestampMs: Number(writeTimestamp),
  };
}

/** Undefined: an update without its snapshot, which the log no longer has. */
export function updatedState(state: ShareState | undefined, update: ShareStateUpdate): ShareState {
  if (state === undefined) return { ...update, stateEpoch: 0, createTimestampMs: 0, writeTimestampMs: 0 };
  const startOffset = update.startOffset === UNINITIALIZED ? state.startOffset : update.startOffset;
  return {
    ...state,
    startOffset,
    deliveryCompleteCount: update.deliveryCompleteCount,
    leaderEpoch: update.leaderEpoch === UNINITIALIZED ? state.leaderEpoch : update.leaderEpoch,
    stateBatches: combineStateBatches(state.stateBatches, update.stateBatches, startOffset),
  };
}

function keyOf({ groupId, topicId, partition }: SharePartitionKey) {
  return { groupId, topicId, partition };
}

function batchOf({ firstOffset, lastOffset, deliveryState, deliveryCount }: StateBatch) {
  return { firstOffset, lastOffset, deliveryState, deliveryCount };
}
