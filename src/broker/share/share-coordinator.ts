// The share coordinator as handlers see it: a share partition's requests go to the shard of the partition of
// __share_group_state that its key hashes to (ShareCoordinatorService). Shards are made when first needed; those with
// records are loaded at start. Holds no state of share partitions and decides nothing.
//
// Without __share_group_state there is no coordinator: NOT_COORDINATOR sends callers to FindCoordinator, which makes it.

import { ErrorCode, errorOf, type KafkaError } from '../../protocol/errors.ts';
import { shareRecordCodec } from '../../protocol/messages/records/framing.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { coordinatorPartition } from '../groups/coordinator-partition.ts';
import { SHARE_GROUP_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { RecordCodec } from '../runtime/record-codec.ts';
import { type Decision, Shard } from '../runtime/shard.ts';
import { ShareShardState } from './share-shard-state.ts';
import { coordinatorKey, type SharePartitionKey, type ShareRecord } from './share-state.ts';
import {
  coldSnapshots,
  decideDelete,
  decideInitialize,
  decideRead,
  decideReadSummary,
  decideWrite,
  forgottenTopics,
  refusal,
  type StateEnvironment,
  type StateOutcome,
  type WriteCommand,
} from './state-decisions.ts';

export interface ShareCoordinatorOptions {
  /** Partitions of __share_group_state; undefined while the topic does not exist. */
  readonly partitionCount: () => number | undefined;
  readonly log: (partition: number) => PartitionLog | undefined;
  readonly leaderEpoch: (partition: number) => number;
  readonly batchBytesMax: () => number;
  /** share.coordinator.snapshot.update.records.per.snapshot */
  readonly updatesPerSnapshot: () => number;
  readonly partitionExists: (key: SharePartitionKey) => boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: (message: string) => void;
}

/** ShareCoordinatorConfig.STATE_TOPIC_PRUNE_INTERVAL_MS and COLD_PARTITION_SNAPSHOT_INTERVAL_MS: keys that nobody sets. */
const UPKEEP_INTERVAL_MS = 300_000;

type Decide = (shard: ShareShardState, environment: StateEnvironment) => Decision<ShareRecord, StateOutcome>;
type ShareShard = Shard<ShareRecord, ShareShardState>;

const codec: RecordCodec<ShareRecord> = shareRecordCodec;

export class ShareCoordinator {
  readonly #options: ShareCoordinatorOptions;
  readonly #shards = new Map<number, { readonly log: PartitionLog; readonly shard: ShareShard }>();

  #upkeepTimer: Timer | null = null;

  constructor(options: ShareCoordinatorOptions) {
    this.#options = options;
  }

  start(): void {
    this.load();
    this.#scheduleUpkeep();
  }

  /** Loads what has records and is not loaded: after a clean stop partitions have no leader until the node registers. */
  load(): void {
    const count = this.#options.partitionCount() ?? 0;
    for (let partition = 0; partition < count; partition++) {
      const log = this.#options.log(partition);
      if (log !== undefined && log.logEndOffset > log.logStartOffset) this.#shard(partition);
    }
  }

  close(): void {
    this.#upkeepTimer?.cancel();
    this.#upkeepTimer = null;
    for (const { shard } of this.#shards.values()) shard.unload();
    this.#shards.clear();
  }

  initialize(command: Parameters<typeof decideInitialize>[1]): Deferred<StateOutcome> {
    return this.#decide(command.key, 'initialize share group state', (shard, environment) =>
      decideInitialize(shard, command, environment),
    );
  }

  write(command: WriteCommand): Deferred<StateOutcome> {
    return this.#decide(command.key, 'write share group state', (shard, environment) =>
      decideWrite(shard, command, environment),
    );
  }

  read(command: Parameters<typeof decideRead>[1]): Deferred<StateOutcome> {
    return this.#decide(command.key, 'read share group state', (shard, environment) =>
      decideRead(shard, command, environment),
    );
  }

  readSummary(key: SharePartitionKey): Deferred<StateOutcome> {
    return this.#decide(key, 'read share group state summary', (shard, environment) =>
      decideReadSummary(shard, key, environment),
    );
  }

  delete(key: SharePartitionKey): Deferred<StateOutcome> {
    return this.#decide(key, 'delete share group state', (shard, environment) =>
      decideDelete(shard, key, environment),
    );
  }

  topicsDeleted(topicIds: ReadonlySet<string>): void {
    for (const { shard } of this.#shards.values()) {
      shard.write<null>(
        state => ({ records: forgottenTopics(state, topicIds), response: null }),
        () => null,
      );
    }
  }

  #scheduleUpkeep(): void {
    this.#upkeepTimer = this.#options.timers.schedule(UPKEEP_INTERVAL_MS, () => {
      for (const { log, shard } of this.#shards.values()) if (shard.isLoaded) this.#upkeep(log, shard);
      this.#scheduleUpkeep();
    });
  }

  /** The topic is not compacted: what later snapshots say again is given up here. */
  #upkeep(log: PartitionLog, shard: ShareShard): void {
    const nowMs = this.#options.clock.nowMs();
    const written = shard.write<boolean>(
      state => ({
        records: coldSnapshots(state, { nowMs, coldAfterMs: UPKEEP_INTERVAL_MS }),
        response: true,
      }),
      () => false,
    );
    written.whenComplete(isDurable => {
      const needed = isDurable && shard.isLoaded ? shard.state.neededFromOffset : null;
      if (needed !== null && needed > log.logStartOffset)
        log.deleteRecordsBefore(Math.min(needed, log.highWatermark));
    });
  }

  #decide(key: SharePartitionKey, what: string, decide: Decide): Deferred<StateOutcome> {
    const { clock, partitionExists, partitionCount } = this.#options;
    const count = partitionCount();
    const partition = count === undefined ? -1 : coordinatorPartition(coordinatorKey(key), count);
    const shard = partition < 0 ? null : this.#shard(partition);
    if (shard === null) {
      return Deferred.completed(
        refusal('NOT_COORDINATOR', `Unable to ${what}: ${textOf('NOT_COORDINATOR')}`),
      );
    }
    return shard.write<StateOutcome>(
      state => decide(state, { nowMs: clock.nowMs(), partitionExists }),
      ({ errorName }) => refusal(errorName, `Unable to ${what}: ${textOf(errorName)}`),
    );
  }

  /** Null: no such partition. A log that was deleted and made again gets a new shard. */
  #shard(partition: number): ShareShard | null {
    const { clock, report, batchBytesMax, updatesPerSnapshot } = this.#options;
    const log = this.#options.log(partition);
    const known = this.#shards.get(partition);
    if (known !== undefined && known.log === log) return known.shard;
    known?.shard.unload();
    this.#shards.delete(partition);
    if (log === undefined) return null;
    const name = `${SHARE_GROUP_STATE_TOPIC}-${partition}`;
    const shard: ShareShard = new Shard<ShareRecord, ShareShardState>({
      name,
      log,
      codec,
      createState: () => new ShareShardState(updatesPerSnapshot),
      leaderEpoch: () => this.#options.leaderEpoch(partition),
      batchBytesMax,
      clock,
      report,
    });
    this.#shards.set(partition, { log, shard });
    try {
      shard.load();
    } catch (error) {
      report(
        `${name} could not be loaded: ${(error as Error).message}. Its share partitions are out of service ` +
          '(COORDINATOR_NOT_AVAILABLE); the records are untouched.',
      );
    }
    return shard;
  }
}

function textOf(error: KafkaError['errorName']): string {
  return errorOf(ErrorCode[error]).text;
}
