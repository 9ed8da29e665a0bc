// The share partitions this node serves, made when first fetched from and let go with the last session of their group,
// with their topic, or when what is kept of them was changed elsewhere (Apache Kafka's SharePartitionManager).

import type { ErrorName } from '../../protocol/errors.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import { Deferred } from '../runtime/deferred.ts';
import { coordinatorKey, type SharePartitionKey } from '../share/share-state.ts';
import type { AcknowledgementBatch, ShareError } from './acknowledge-records.ts';
import type { ShareGroupSettings } from './share-group-settings.ts';
import { SharePartition, type SharePersister } from './share-partition.ts';
import type { SessionKey, ShareSession } from './share-session.ts';
import { ShareSessions } from './share-sessions.ts';

/** Where a partition's records are, or why they are not here. */
export type FoundPartition =
  | { readonly log: PartitionLog; readonly leaderEpoch: number }
  | { readonly error: ErrorName };

export interface SharePartitionsOptions {
  readonly find: (partition: { readonly topicId: string; readonly partition: number }) => FoundPartition;
  readonly settings: (groupId: string) => ShareGroupSettings;
  readonly sessionsMax: () => number;
  readonly persister: SharePersister;
  readonly clock: Clock;
  readonly timers: Timers;
}

export class SharePartitions {
  readonly sessions: ShareSessions;
  readonly #options: SharePartitionsOptions;
  readonly #partitions = new Map<string, SharePartition>();

  constructor(options: SharePartitionsOptions) {
    this.#options = options;
    this.sessions = new ShareSessions({
      sessionsMax: options.sessionsMax,
      onLeft: session => this.#release(session),
      onGroupEmpty: groupId => this.#drop(({ key }) => key.groupId === groupId),
    });
  }

  get size(): number {
    return this.#partitions.size;
  }

  settings(groupId: string): ShareGroupSettings {
    return this.#options.settings(groupId);
  }

  /** `failed` hears when it could not be read; until it was, it gives no records. */
  open(
    key: SharePartitionKey,
    failed: (error: ShareError) => void,
  ): SharePartition | { readonly error: ErrorName } {
    const found = this.#options.find(key);
    if ('error' in found) return found;
    const id = coordinatorKey(key);
    let partition = this.#partitions.get(id);
    if (partition !== undefined && partition.log !== found.log) {
      this.#fence(partition);
      partition = undefined;
    }
    if (partition === undefined) {
      const { settings, persister, clock, timers } = this.#options;
      partition = new SharePartition({
        ...found,
        key,
        settings: () => settings(key.groupId),
        persister,
        clock,
        timers,
        onFenced: fenced => this.#fence(fenced),
      });
      this.#partitions.set(id, partition);
    }
    const opened = partition;
    opened.initialize(error => {
      this.#fence(opened);
      failed(error);
    });
    return opened;
  }

  get(key: SharePartitionKey): SharePartition | undefined {
    return this.#partitions.get(coordinatorKey(key));
  }

  acknowledge(
    key: SharePartitionKey,
    memberId: string,
    batches: readonly AcknowledgementBatch[],
  ): Deferred<ShareError | null> {
    const partition = this.get(key);
    if (partition !== undefined) return partition.acknowledge(memberId, batches);
    return Deferred.completed<ShareError | null>({ error: 'UNKNOWN_TOPIC_OR_PARTITION', message: null });
  }

  /** The member says that it is done. */
  closeSession(key: SessionKey): void {
    const session = this.sessions.close(key);
    if (session !== undefined) this.#release(session);
  }

  /** Lets go of the partitions of topics that are no more. */
  keepTopics(exists: (topicId: string) => boolean): void {
    this.#drop(({ key }) => !exists(key.topicId));
  }

  /** Share groups were turned off, or the node stops. */
  clear(): void {
    this.sessions.clear();
    this.#drop(() => true);
  }

  #release({ key: { groupId, memberId }, partitions }: ShareSession): void {
    for (const { topicId, partition } of partitions) {
      this.get({ groupId, topicId, partition })?.release(memberId);
    }
  }

  #drop(isDropped: (partition: SharePartition) => boolean): void {
    for (const partition of [...this.#partitions.values()]) {
      if (isDropped(partition)) this.#fence(partition);
    }
  }

  #fence(partition: SharePartition): void {
    const id = coordinatorKey(partition.key);
    if (this.#partitions.get(id) === partition) this.#partitions.delete(id);
    partition.fence();
  }
}
