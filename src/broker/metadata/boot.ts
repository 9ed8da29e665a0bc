// Starts the metadata of a node over its data directory: formats a new one as Apache Kafka would, loads what is there,
// takes the lead with a higher raft epoch, and registers this life of the broker. Synchronous, and durable when it
// returns: nothing is served from metadata that a crash could take back.

import type { KafkaError } from '../../protocol/errors.ts';
import { DecodeError } from '../../protocol/wire/decode-error.ts';
import { type DataDirectory, DataDirectoryError } from '../../storage/data-dir/data-directory.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock } from '../runtime/clock.ts';
import type { RecordCodec } from '../runtime/record-codec.ts';
import { Shard } from '../runtime/shard.ts';
import { bootstrapCheckpoint, bootstrapRecords, zeroCheckpoint } from './bootstrap.ts';
import {
  enterControlledShutdown,
  fenceBroker,
  nothingCordoned,
  type Registration,
  registerBroker,
  registerController,
  unfenceBroker,
} from './brokers.ts';
import type { MetadataEnvironment } from './environment.ts';
import {
  BOOTSTRAP_METADATA_VERSION,
  KRAFT_VERSION,
  METADATA_VERSION,
  metadataVersionOf,
  refuseUnknownLevel,
  UnknownLevelError,
} from './features.ts';
import { type BrokerImage, ZERO_UUID } from './image.ts';
import { Metadata } from './metadata.ts';
import { type MetadataRecord, metadataRecordCodec, versionsAt } from './metadata-record.ts';
import { MetadataState, type Voter } from './metadata-state.ts';
import { newerVersion } from './newer-level.ts';
import {
  CONTROLLER_ENDPOINT,
  kraftVersion,
  leaderChange,
  type QuorumView,
  selfAsVoter,
  votersRecord,
} from './quorum.ts';
import { type RecordBytes, SnapshotGenerator, type SnapshotGeneratorOptions } from './snapshot-generator.ts';
import { restoreSnapshot } from './snapshots.ts';
import { electLeaders, giveUpLeadership } from './topics.ts';

/** KafkaRaftClient.MAX_BATCH_SIZE_BYTES */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;
/** Records of one batch where a batch need not be whole: 10,000 partition changes are far below the limit in bytes. */
const RECORDS_PER_BATCH = 10_000;

export interface MetadataBootOptions {
  readonly directory: DataDirectory;
  readonly log: PartitionLog;
  readonly environment: MetadataEnvironment;
  readonly clock: Clock;
  readonly report: (message: string) => void;
  /** Of a directory that is new; one that exists keeps its own. */
  readonly metadataVersion?: number | undefined;
}

export class MetadataBoot {
  readonly metadata: Metadata;
  readonly #options: MetadataBootOptions;
  readonly #shard: Shard<MetadataRecord, MetadataState>;
  readonly #leaderEpoch: number;
  /** Of records since the newest snapshot: read at the start, and written since. */
  readonly #recordBytes: RecordBytes = { sinceSnapshot: 0 };
  #isBooted = false;

  constructor(options: MetadataBootOptions) {
    const { directory, log, clock, report } = options;
    this.#options = options;
    this.#leaderEpoch = Math.max(directory.readQuorumState()?.leaderEpoch ?? 0, log.leaderEpoch, 0) + 1;
    this.#shard = new Shard<MetadataRecord, MetadataState>({
      name: `${log.topic}-${log.partition}`,
      log,
      codec: counting(metadataRecordCodec, this.#recordBytes),
      createState: () => new MetadataState(),
      restoreSnapshot: state => restoreSnapshot(state, { directory, log, report }),
      // The first load is the boot's own; those that follow a failed write change what others have seen.
      onLoaded: () => this.#isBooted && this.metadata.announceReset(),
      leaderEpoch: () => this.#leaderEpoch,
      batchBytesMax: () => BATCH_BYTES_MAX,
      unavailable: 'KAFKA_STORAGE_ERROR',
      clock,
      report,
    });
    this.metadata = new Metadata(this.#shard, options.environment);
  }

  get isLoaded(): boolean {
    return this.#shard.isLoaded;
  }

  quorum(): QuorumView {
    const { logEndOffset, highWatermark } = this.#options.log;
    const { voters } = this.#shard.state;
    return { leaderEpoch: this.#leaderEpoch, logEndOffset, highWatermark, voters };
  }

  /** Image loaded, leadership taken. Registration comes when the addresses are known. */
  load(): void {
    const { directory, log, environment } = this.#options;
    const isEmpty = log.logEndOffset === 0;
    if (directory.kind === 'new' || (isEmpty && directory.readBootstrapCheckpoint() === null)) this.#format();
    this.#understood(() => this.#shard.load());
    const { nodeId } = environment;
    const { state } = this.#shard;
    refuseOtherVoters(state.voters, { path: directory.path, nodeId });
    // None where a start came this far before. To be read before anything is written.
    const firstRecords = this.#understood(() => this.#firstRecords());
    const isStatic = state.voters.length === 0;
    directory.writeQuorumState({
      leaderId: nodeId,
      leaderEpoch: this.#leaderEpoch,
      votedId: -1,
      votedDirectoryId: ZERO_UUID,
      ...(isStatic ? { currentVoters: [nodeId] } : {}),
    });
    // The voters of a zero checkpoint go into the log with the first leader (LeaderState.appendStartOfEpochControlRecords).
    const withVoters = isEmpty && !isStatic;
    const version = state.image.features.get(KRAFT_VERSION) ?? 0;
    this.#written(
      this.#shard.writeControl([
        leaderChange(nodeId),
        ...(withVoters ? [kraftVersion(version), votersRecord(state.voters)] : []),
      ]),
    );
    if (firstRecords.length > 0) this.#write(firstRecords);
    log.flushNow();
    // What the log tells of the past is no change any more: a topic it removed may have been made again since.
    state.changes.take();
    this.#isBooted = true;
  }

  /** This life of the node, reachable at these addresses and leader of its partitions. Durable when it returns. */
  register(registration: Registration, options: { readonly electEveryPartition: boolean }): void {
    const { log, environment } = this.#options;
    const { nodeId } = environment;
    const { image } = this.metadata;
    if (versionsAt.hasControllerRegistration(metadataVersionOf(image))) {
      const endpoints = [{ ...CONTROLLER_ENDPOINT, securityProtocol: 0 }];
      this.#write([registerController({ nodeId, incarnationId: environment.newUuid(), endpoints })]);
    }
    this.#write([registerBroker(image, registration, BigInt(log.logEndOffset))]);
    if (versionsAt.hasCordonedDirectories(metadataVersionOf(image)))
      this.#write([nothingCordoned(this.#self())]);
    this.#write([unfenceBroker(this.#self())]);
    this.#writeInBatches(electLeaders(image, { nodeId, everyPartition: options.electEveryPartition }));
    log.flushNow();
  }

  /** From now on the metadata log does not grow without end. */
  startSnapshots(
    options: Pick<SnapshotGeneratorOptions, 'settings' | 'timers' | 'defer'>,
  ): SnapshotGenerator {
    const { directory, log, clock, report } = this.#options;
    return new SnapshotGenerator({
      ...options,
      directory,
      log,
      contents: () => (this.#shard.isLoaded ? this.#shard.state.frozen() : null),
      recordBytes: this.#recordBytes,
      clock,
      report,
    });
  }

  /** The last records of this life, for a clean stop. Returns the broker epoch of the clean-shutdown marker. */
  fence(): number {
    const self = this.metadata.image.brokers.get(this.#options.environment.nodeId);
    if (self === undefined) return -1;
    if (!self.isFenced) {
      this.#writeInBatches([
        enterControlledShutdown(self),
        ...giveUpLeadership(this.metadata.image, self.id),
      ]);
      this.#write([fenceBroker(self)]);
    }
    this.#options.log.flushNow();
    return Number(self.epoch);
  }

  /** The levels, of a new log; also where a first start was cut off between the leader and the levels. */
  #firstRecords(): readonly MetadataRecord[] {
    const { directory, environment } = this.#options;
    if (this.#shard.state.image.features.has(METADATA_VERSION)) return [];
    const minInsyncReplicas = environment.settings.get('min.insync.replicas');
    const records = bootstrapRecords(directory.readBootstrapCheckpoint(), minInsyncReplicas);
    for (const each of records) if (each.type === 'FeatureLevelRecord') refuseUnknownLevel(each.data);
    return records;
  }

  /** Nothing has been written yet when this fails. */
  #understood<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof DataDirectoryError) throw error;
      const { path } = this.#options.directory;
      const { message } = error as Error;
      if (error instanceof DecodeError || error instanceof UnknownLevelError)
        throw newerVersion(path, message);
      throw new DataDirectoryError(
        'damaged',
        `The metadata log in ${path} cannot be understood: ${message}. Nothing was changed. ` +
          'Restore __cluster_metadata-0 from a backup, or open the directory with the Kafka that wrote it.',
      );
    }
  }

  #format(): void {
    const { directory, environment, clock } = this.#options;
    const nowMs = clock.nowMs();
    const voters = [selfAsVoter(environment)];
    directory.writeMetadataSnapshot({ endOffset: 0, epoch: 0, batches: zeroCheckpoint(voters, nowMs) });
    const level = this.#options.metadataVersion ?? BOOTSTRAP_METADATA_VERSION;
    directory.writeBootstrapCheckpoint(bootstrapCheckpoint(level, nowMs));
  }

  #self(): BrokerImage {
    return this.metadata.image.brokers.get(this.#options.environment.nodeId)!;
  }

  #writeInBatches(records: readonly MetadataRecord[]): void {
    for (let start = 0; start < records.length; start += RECORDS_PER_BATCH) {
      this.#write(records.slice(start, start + RECORDS_PER_BATCH));
    }
  }

  #write(records: readonly MetadataRecord[]): void {
    this.#written(
      this.metadata.write<KafkaError | null>(
        () => ({ records, response: null }),
        error => error,
      ),
    );
  }

  /** A refusal is known at once; what becomes of the bytes, `flushNow` tells. */
  #written(outcome: ReturnType<Shard<MetadataRecord, MetadataState>['writeControl']>): void {
    outcome.whenComplete(error => {
      if (error !== null) throw error;
    });
  }
}

function counting(codec: RecordCodec<MetadataRecord>, recordBytes: RecordBytes): RecordCodec<MetadataRecord> {
  return {
    encode(record) {
      const encoded = codec.encode(record);
      recordBytes.sinceSnapshot += encoded.value?.length ?? 0;
      return encoded;
    },
    decode(key, value) {
      recordBytes.sinceSnapshot += value?.length ?? 0;
      return codec.decode(key, value);
    },
  };
}

/** To lead a quorum of several on one's own would split the cluster in two. */
function refuseOtherVoters(
  voters: readonly Voter[],
  node: { readonly path: string; readonly nodeId: number },
): void {
  const ids = voters.map(({ voterId }) => voterId);
  if (ids.length === 0 || (ids.length === 1 && ids[0] === node.nodeId)) return;
  throw new DataDirectoryError(
    'other-node',
    `The metadata in ${node.path} belongs to a quorum of the nodes ${ids.join(', ')}. Millrace is one node and would split that ` +
      'cluster if it led alone. Nothing was changed. Open a directory of a single-node cluster.',
  );
}
