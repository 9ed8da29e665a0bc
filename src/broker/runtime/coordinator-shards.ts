// The shards of one coordinator: which partition of its topic a key belongs to, and the shard of a partition, made and
// loaded when first needed. The three coordinators differ in what a shard does, not in where it is found. A partition that
// cannot be loaded is reported and stays out of service; a log that was deleted and made again gets a new shard.

import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { coordinatorPartition } from '../groups/coordinator-partition.ts';

/** As much of a shard as this needs. */
export interface CoordinatorShard {
  readonly log: PartitionLog;
  load(): void;
  unload(): void;
}

export interface CoordinatorShardsOptions<S extends CoordinatorShard> {
  readonly topic: string;
  /** What is out of service with a partition: "groups". */
  readonly holds: string;
  /** Undefined while the topic does not exist. */
  readonly partitionCount: () => number | undefined;
  readonly log: (partition: number) => PartitionLog | undefined;
  readonly make: (log: PartitionLog, partition: number) => S;
  readonly report: (message: string) => void;
}

export class CoordinatorShards<S extends CoordinatorShard> {
  readonly #options: CoordinatorShardsOptions<S>;
  readonly #byPartition = new Map<number, S>();

  constructor(options: CoordinatorShardsOptions<S>) {
    this.#options = options;
  }

  /** -1 while the topic does not exist. */
  partitionOf(key: string): number {
    const count = this.#options.partitionCount();
    return count === undefined ? -1 : coordinatorPartition(key, count);
  }

  /** Null: the topic or its log is not there. */
  of(key: string): S | null {
    const partition = this.partitionOf(key);
    return partition < 0 ? null : this.at(partition);
  }

  /** Null: no such partition. */
  at(partition: number): S | null {
    const { topic, holds, make, report } = this.#options;
    const log = this.#options.log(partition);
    const known = this.#byPartition.get(partition);
    if (known !== undefined && known.log === log) return known;
    known?.unload();
    this.#byPartition.delete(partition);
    if (log === undefined) return null;
    const shard = make(log, partition);
    this.#byPartition.set(partition, shard);
    try {
      shard.load();
    } catch (error) {
      report(
        `${topic}-${partition} could not be loaded: ${(error as Error).message}. Its ${holds} are out of service ` +
          '(COORDINATOR_NOT_AVAILABLE); the records are untouched.',
      );
    }
    return shard;
  }

  /** The one that was made, if any: nothing is loaded. */
  made(partition: number): S | undefined {
    return this.#byPartition.get(partition);
  }

  /** All that were made. */
  all(): S[] {
    return [...this.#byPartition.values()];
  }

  /** Partitions whose logs hold something: those to load at a start. */
  partitionsWithRecords(): number[] {
    const partitions = Array.from(
      { length: this.#options.partitionCount() ?? 0 },
      (_, partition) => partition,
    );
    return partitions.filter(partition => {
      const log = this.#options.log(partition);
      return log !== undefined && log.logEndOffset > log.logStartOffset;
    });
  }

  close(): void {
    for (const shard of this.#byPartition.values()) shard.unload();
    this.#byPartition.clear();
  }
}
