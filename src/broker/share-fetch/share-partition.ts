// One share partition of this node: its state machine, read from the share coordinator when first asked for, with the timer
// of the locks, and with those who wait for something to happen here. Each change is written before it is answered;
// what could not be written is taken back. A partition that is fenced answers nobody any more: the next request makes a
// new one, which reads what was written.

import { ErrorCode, type ErrorName, errorOf } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { SharePartitionKey } from '../share/share-state.ts';
import type { StateBatch } from '../share/state-batches.ts';
import type { StateOutcome, WriteCommand } from '../share/state-decisions.ts';
import type { AcknowledgementBatch, ShareError } from './acknowledge-records.ts';
import type { AcquireCommand, Acquired } from './acquire-records.ts';
import type { AcquiredRange } from './acquired-range.ts';
import { initialOffset } from './initial-offset.ts';
import type { ShareGroupSettings } from './share-group-settings.ts';
import { type PendingChanges, SharePartitionState } from './share-partition-state.ts';

/** Where share partitions are kept. */
export interface SharePersister {
  read(command: { readonly key: SharePartitionKey; readonly leaderEpoch: number }): Deferred<StateOutcome>;
  write(command: WriteCommand): Deferred<StateOutcome>;
}

export interface SharePartitionOptions {
  readonly key: SharePartitionKey;
  readonly log: PartitionLog;
  readonly leaderEpoch: number;
  readonly settings: () => ShareGroupSettings;
  readonly persister: SharePersister;
  readonly clock: Clock;
  readonly timers: Timers;
  /** What was written elsewhere in the meantime, or is no more: this one is of no use. */
  readonly onFenced: (partition: SharePartition) => void;
}

/** What a member asks of records that were read. */
export type Asked = Omit<AcquireCommand, 'lockEndsMs' | 'deliveryCountLimit' | 'recordLocksMax'>;

/** Errors after which the partition is read anew (SharePartitionManager.fencedSharePartitionHandler). */
const FENCING: ReadonlySet<ErrorName> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_STATE_EPOCH',
  'GROUP_ID_NOT_FOUND',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

export class SharePartition {
  readonly key: SharePartitionKey;
  readonly log: PartitionLog;
  readonly #options: SharePartitionOptions;
  readonly #waiting = new Set<() => void>();
  #status: 'empty' | 'initializing' | 'active' | 'over' = 'empty';
  #state: SharePartitionState | null = null;
  #stateEpoch = 0;
  #lockTimer: Timer | null = null;
  #lockTimerAtMs = Infinity;

  constructor(options: SharePartitionOptions) {
    this.key = options.key;
    this.log = options.log;
    this.#options = options;
  }

  /** Null: nothing can be had here, now or ever. */
  get nextFetchOffset(): number | null {
    const state = this.#active;
    if (state === null || !state.canAcquire(this.#options.settings().partitionRecordLocksMax)) return null;
    return state.nextFetchOffset;
  }

  /** For tests and questions of people: where delivery stands. */
  get state(): SharePartitionState | null {
    return this.#state;
  }

  /** Calls back whenever there may be more to acquire. Returns how to stop listening. */
  onChange(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  /** Reads what is kept, once; `failed` hears why that was not to be had. */
  initialize(failed: (error: ShareError) => void): void {
    if (this.#status !== 'empty') return;
    this.#status = 'initializing';
    const { persister, leaderEpoch } = this.#options;
    persister.read({ key: this.key, leaderEpoch }).whenComplete(outcome => {
      if (this.#status !== 'initializing') return;
      const error = errorOfPersister(outcome) ?? this.#restore(outcome);
      if (error === null) this.#status = 'active';
      else failed(error);
      this.#wake();
    });
  }

  acquire(asked: Asked): Acquired {
    const state = this.#active;
    if (state === null) return { ranges: [], count: 0 };
    const { recordLockDurationMs, deliveryCountLimit, partitionRecordLocksMax } = this.#options.settings();
    const lockEndsMs = this.#options.clock.nowMs() + recordLockDurationMs;
    const acquired = state.acquire({
      ...asked,
      lockEndsMs,
      deliveryCountLimit,
      recordLocksMax: partitionRecordLocksMax,
    });
    if (acquired.count > 0) this.#watchLocks(lockEndsMs);
    return acquired;
  }

  /** What was acquired does not reach the member. */
  giveBack(memberId: string, ranges: readonly AcquiredRange[]): void {
    this.#state?.giveBack(memberId, ranges);
    this.#wake();
  }

  acknowledge(memberId: string, batches: readonly AcknowledgementBatch[]): Deferred<ShareError | null> {
    const state = this.#state;
    if (state === null) return Deferred.completed({ error: 'UNKNOWN_TOPIC_OR_PARTITION', message: null });
    const { recordLockDurationMs, deliveryCountLimit, isRenewEnabled } = this.#options.settings();
    const nowMs = this.#options.clock.nowMs();
    const lockEndsMs = nowMs + recordLockDurationMs;
    const begun = state.acknowledge(
      { memberId, batches, deliveryCountLimit, isRenewEnabled, lockEndsMs },
      nowMs,
    );
    this.#watchLocks(lockEndsMs);
    return 'error' in begun ? Deferred.completed<ShareError | null>(begun) : this.#write(begun);
  }

  /** The member's session is over. */
  release(memberId: string): Deferred<ShareError | null> {
    const { deliveryCountLimit } = this.#options.settings();
    const begun = this.#state?.release({ memberId, deliveryCountLimit });
    return begun === undefined ? Deferred.completed<ShareError | null>(null) : this.#write(begun);
  }

  /** The log begins later than the records that are to be delivered. */
  logStartMoved(): void {
    this.#active?.logStartMoved(this.log.logStartOffset);
  }

  fence(): void {
    this.#status = 'over';
    this.#lockTimer?.cancel();
    this.#lockTimer = null;
    this.#wake();
  }

  get #active(): SharePartitionState | null {
    return this.#status === 'active' ? this.#state : null;
  }

  #restore({ state: kept }: StateOutcome): ShareError | null {
    const startOffset = kept?.startOffset ?? -1;
    const from = startOffset >= 0 ? startOffset : this.#initialOffset();
    if (typeof from !== 'number') return from;
    const state = SharePartitionState.restored({ startOffset: from, stateBatches: kept?.stateBatches ?? [] });
    if (state === null) {
      const { groupId, partition } = this.key;
      const message = `Failed to initialize the share partition ${groupId}-${this.log.topic}-${partition}`;
      return { error: 'UNKNOWN_SERVER_ERROR', message };
    }
    this.#stateEpoch = kept?.stateEpoch ?? 0;
    this.#state = state;
    return null;
  }

  #initialOffset(): number | ShareError {
    const { settings, clock } = this.#options;
    return initialOffset(this.log, settings().autoOffsetReset, clock.nowMs());
  }

  #write(changes: PendingChanges): Deferred<ShareError | null> {
    const state = this.#state!;
    if (changes.begun.length === 0) return Deferred.completed<ShareError | null>(null);
    const written = changes.begun.map(change => change.written);
    return this.#persist(state, written).map(error => {
      state.complete(changes, { isWritten: error === null, nowMs: this.#options.clock.nowMs() });
      if (error !== null && FENCING.has(error.error)) this.#options.onFenced(this);
      this.#wake();
      return error;
    });
  }

  #persist(state: SharePartitionState, stateBatches: readonly StateBatch[]): Deferred<ShareError | null> {
    const { persister, leaderEpoch } = this.#options;
    const { startOffset, deliveryCompleteCount } = state;
    const { key } = this;
    const stateEpoch = this.#stateEpoch;
    return persister
      .write({ key, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches })
      .map(errorOfPersister);
  }

  #watchLocks(endsMs: number): void {
    if (endsMs >= this.#lockTimerAtMs || this.#status !== 'active') return;
    this.#lockTimer?.cancel();
    this.#lockTimerAtMs = endsMs;
    const delayMs = endsMs - this.#options.clock.nowMs();
    this.#lockTimer = this.#options.timers.schedule(delayMs, () => this.#endLocks());
  }

  #endLocks(): void {
    const state = this.#active;
    this.#lockTimer = null;
    this.#lockTimerAtMs = Infinity;
    if (state === null) return;
    const nowMs = this.#options.clock.nowMs();
    const { deliveryCountLimit } = this.#options.settings();
    const written = state.endLocks({ nowMs, deliveryCountLimit });
    if (written.length > 0) {
      this.#persist(state, written).whenComplete(() => {
        state.locksEnded();
        this.#wake();
      });
    }
    const nextMs = state.nextLockEndMs(nowMs);
    if (nextMs !== null) this.#watchLocks(nextMs);
    this.#wake();
  }

  #wake(): void {
    for (const callback of [...this.#waiting]) callback();
  }
}

/** SharePartition.fetchPersisterError */
function errorOfPersister({ errorCode, errorMessage: message }: StateOutcome): ShareError | null {
  if (errorCode === ErrorCode.NONE) return null;
  switch (errorOf(errorCode).name) {
    case 'NOT_COORDINATOR':
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'COORDINATOR_LOAD_IN_PROGRESS':
      return { error: 'COORDINATOR_NOT_AVAILABLE', message };
    case 'GROUP_ID_NOT_FOUND':
      return { error: 'GROUP_ID_NOT_FOUND', message };
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message };
    case 'FENCED_LEADER_EPOCH':
    case 'FENCED_STATE_EPOCH':
      return { error: 'NOT_LEADER_OR_FOLLOWER', message };
    default:
      return { error: 'UNKNOWN_SERVER_ERROR', message };
  }
}
