// The share coordinator as handlers see it: a share partition's requests go to the shard of the partition of
// __share_group_state that its key hashes to (ShareCoordinatorService). Shards are made when first needed; those with
// records are loaded at start. Holds no state of share partitions and decides nothing.
//
// Without __share_group_state there is no coordinator: NOT_COORDINATOR sends callers to FindCoordinator, which makes it.

import { ErrorCode, errorOf, type KafkaError } from '../../protocol/errors.ts';
import { shareRecordCodec } from '../../protocol/messages/records/framing.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { SHARE_GROUP_STATE_TOPIC } from '../metadata/topic-names.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import { CoordinatorShards } from '../runtime/coordinator-shards.ts';
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
  readonly #shards: CoordinatorShards<ShareShard>;
  #upkeepTimer: Timer | null = null;

  constructor(options: ShareCoordinatorOptions) {
    this.#options = options;
    const { partitionCount, log, batchBytesMax, clock, report } = options;
    this.#shards = new CoordinatorShards({
      topic: SHARE_GROUP_STATE_TOPIC,
      holds: 'share partitions',
      partitionCount,
      log,
      make: (log, partition) =>
        new Shard<ShareRecord, ShareShardState>({
          name: `${SHARE_GROUP_STATE_TOPIC}-${partition}`,
          log,
          codec,
          createState: () => new ShareShardState(options.updatesPerSnapshot),
          leaderEpoch: () => options.leaderEpoch(partition),
          batchBytesMax,
          clock,
          report,
        }),
      report,
    });
  }

  start(): void {
    this.load();
    this.#scheduleUpkeep();
  }

  /** Loads what has records and is not loaded: after a clean stop partitions have no leader until the node registers. */
  load(): void {
    for (const partition of this.#shards.partitionsWithRecords()) this.#shards.at(partition);
  }

  close(): void {
    this.#upkeepTimer?.cancel();
    this.#upkeepTimer = null;
    this.#shards.close();
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
    for (const shard of this.#shards.all()) {
      shard.write<null>(
        state => ({ records: forgottenTopics(state, topicIds), response: null }),
        () => null,
      );
    }
  }

  #scheduleUpkeep(): void {
    this.#upkeepTimer = this.#options.timers.schedule(UPKEEP_INTERVAL_MS, () => {
      for (const shard of this.#shards.all()) if (shard.isLoaded) this.#upkeep(shard);
      this.#scheduleUpkeep();
    });
  }

  /** The topic is not compacted: what later snapshots say again is given up here. */
  #upkeep(shard: ShareShard): void {
    const { log } = shard;
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
    const { clock, partitionExists } = this.#options;
    const shard = this.#shards.of(coordinatorKey(key));
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
}

function textOf(error: KafkaError['errorName']): string {
  return errorOf(ErrorCode[error]).text;
}
