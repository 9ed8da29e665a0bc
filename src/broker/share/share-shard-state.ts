// The state of one partition of __share_group_state: share partitions by key, with what fences late writers. Only replay
// changes it.

import type { RecordPosition } from '../runtime/record-codec.ts';
import type { ShardState } from '../runtime/shard.ts';
import {
  coordinatorKey,
  type SharePartitionKey,
  type ShareRecord,
  type ShareState,
  stateOfSnapshot,
  updatedState,
} from './share-state.ts';

export interface KeptSharePartition extends SharePartitionKey {
  readonly state: ShareState;
  /** The highest that any record named: older leaders and older resets are refused. */
  readonly leaderEpochMax: number;
  readonly stateEpochMax: number;
  /** Updates since the snapshot count; when they are many, a snapshot follows. */
  readonly updateCount: number;
  /** Of its newest snapshot: nothing before it says more of this share partition. */
  readonly snapshotOffset: number;
}

export class ShareShardState implements ShardState<ShareRecord> {
  readonly #kept = new Map<string, KeptSharePartition>();
  readonly #updatesPerSnapshot: () => number;

  constructor(updatesPerSnapshot: () => number) {
    this.#updatesPerSnapshot = updatesPerSnapshot;
  }

  get updatesPerSnapshot(): number {
    return this.#updatesPerSnapshot();
  }

  get(key: SharePartitionKey): KeptSharePartition | undefined {
    return this.#kept.get(coordinatorKey(key));
  }

  all(): IterableIterator<KeptSharePartition> {
    return this.#kept.values();
  }

  /** Records below this offset say nothing that later ones do not; null when nothing is kept. */
  get neededFromOffset(): number | null {
    let needed: number | null = null;
    for (const { snapshotOffset } of this.#kept.values()) {
      if (needed === null || snapshotOffset < needed) needed = snapshotOffset;
    }
    return needed;
  }

  replay(record: ShareRecord, { offset }: Pick<RecordPosition, 'offset'>): void {
    const { key } = record;
    const id = coordinatorKey(key);
    const before = this.#kept.get(id);
    if (record.value === null) {
      // An update is never removed alone.
      if (record.type === 'ShareSnapshot') this.#kept.delete(id);
    } else if (record.type === 'ShareSnapshot') {
      const state = stateOfSnapshot(record.value);
      const count = before?.updateCount ?? 0;
      this.#kept.set(id, {
        ...key,
        state,
        leaderEpochMax: Math.max(before?.leaderEpochMax ?? state.leaderEpoch, state.leaderEpoch),
        stateEpochMax: Math.max(before?.stateEpochMax ?? state.stateEpoch, state.stateEpoch),
        updateCount: count >= this.#updatesPerSnapshot() ? 0 : count,
        snapshotOffset: offset,
      });
    } else {
      const state = updatedState(before?.state, record.value);
      this.#kept.set(id, {
        ...key,
        state,
        leaderEpochMax: Math.max(
          before?.leaderEpochMax ?? record.value.leaderEpoch,
          record.value.leaderEpoch,
        ),
        stateEpochMax: before?.stateEpochMax ?? state.stateEpoch,
        updateCount: (before?.updateCount ?? 0) + 1,
        snapshotOffset: before?.snapshotOffset ?? offset,
      });
    }
  }
}
