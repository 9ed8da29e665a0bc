// Kafka's data directory as a whole: who owns it, which cluster and node it belongs to, and its small files. Opening it
// takes the lock, refuses a directory of somebody else, and removes the clean-shutdown marker before anything is written.
// Formats of its files: docs/formats; Apache Kafka's MetaPropertiesEnsemble and LogManager are the reference.

import { dirname } from 'node:path/posix';
import { randomBytes } from '../../host-files.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { FileSystemError } from '../fs/file-system.ts';
import { readTextFile, readWholeFile, replaceWholeFile } from '../fs/whole-file.ts';
import { takeCleanShutdown, writeCleanShutdown } from './clean-shutdown.ts';
import { DataDirectoryError } from './data-directory-error.ts';
import {
  METADATA_TOPIC,
  parsePartitionDirectory,
  partitionDirectoryName,
  REMOTE_LOG_INDEX_CACHE,
} from './layout.ts';
import type { Processes } from './lock.ts';
import { DirectoryLock, systemProcesses } from './lock.ts';
import type { MetaProperties } from './meta-properties.ts';
import { META_PROPERTIES, readMetaProperties, writeMetaProperties } from './meta-properties.ts';
import { metadataFiles } from './metadata-files.ts';
import type { MetadataSnapshot, MetadataSnapshotId } from './metadata-snapshots.ts';
import {
  listMetadataSnapshots,
  MetadataSnapshotFile,
  readMetadataSnapshot,
  removeMetadataSnapshot,
  removeUnfinishedSnapshots,
  writeMetadataSnapshot,
} from './metadata-snapshots.ts';
import { RECOVERY_POINT_CHECKPOINT, readOffsetCheckpoint } from './offset-checkpoint.ts';
import type { QuorumState } from './quorum-state.ts';
import { readQuorumState, writeQuorumState } from './quorum-state.ts';

export { DataDirectoryError } from './data-directory-error.ts';

/** Ours, ignored by Apache Kafka: the leader epoch of the metadata log in our last life. */
const LAST_EPOCH = '.millrace-epoch';
const BOOTSTRAP_CHECKPOINT = 'bootstrap.checkpoint';
const METADATA_DIRECTORY = partitionDirectoryName({ topic: METADATA_TOPIC, partition: 0 });

export interface DataDirectoryOptions {
  readonly fileSystem: FileSystem;
  /** With forward slashes. */
  readonly path: string;
  /** Wanted; an existing directory of another cluster is refused. */
  readonly clusterId?: string;
  /** For a new directory when `clusterId` is not given; a random one otherwise. */
  readonly defaultClusterId?: string;
  readonly nodeId: number;
  readonly nowMs?: () => number;
  /** A uuid in Kafka's base64url text. */
  readonly newUuid?: () => string;
  readonly processes?: Processes;
  /** Looks at the metadata of an existing directory before anything is changed, and throws what is wrong with it. */
  readonly refuse?: (path: string, metadata: Iterable<Buffer>) => void;
}

export class DataDirectory {
  readonly fileSystem: FileSystem;
  readonly path: string;
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** `new`: nothing was there; otherwise who wrote it last. */
  readonly kind: 'new' | 'millrace' | 'kafka';
  /** `.kafka_cleanshutdown` was there; opening deletes it. */
  readonly wasCleanShutdown: boolean;
  /** Of the clean-shutdown marker, -1 when unknown. */
  readonly previousBrokerEpoch: number;
  readonly #lock: DirectoryLock;

  private constructor(
    options: DataDirectoryOptions,
    facts: {
      lock: DirectoryLock;
      clusterId: string;
      directoryId: string;
      kind: DataDirectory['kind'];
      marker: { brokerEpoch: number } | null;
    },
  ) {
    this.fileSystem = options.fileSystem;
    this.path = options.path;
    this.nodeId = options.nodeId;
    this.clusterId = facts.clusterId;
    this.directoryId = facts.directoryId;
    this.kind = facts.kind;
    this.wasCleanShutdown = facts.marker !== null;
    this.previousBrokerEpoch = facts.marker?.brokerEpoch ?? -1;
    this.#lock = facts.lock;
  }

  /** Throws DataDirectoryError; nothing but the lock file was touched then. */
  static open(options: DataDirectoryOptions): DataDirectory {
    const { fileSystem, path } = options;
    makeDirectories(fileSystem, path);
    const lock = DirectoryLock.take(fileSystem, path, options.processes ?? systemProcesses);
    try {
      return DataDirectory.#openLocked(options, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  static #openLocked(options: DataDirectoryOptions, lock: DirectoryLock): DataDirectory {
    const { fileSystem, path } = options;
    const hasPartitions = checkSubDirectories(fileSystem, path);
    const properties = readMetaProperties(fileSystem, path);
    if (properties === null && hasPartitions) throw metaPropertiesMissing(path);
    if (properties !== null) checkMetaProperties(properties, options);
    const clusterId =
      properties?.clusterId ?? options.clusterId ?? options.defaultClusterId ?? newUuid(options);
    const directoryId = properties?.directoryId ?? newUuid(options);
    if (!lock.isHeld()) {
      throw new DataDirectoryError(
        'locked',
        `The data directory ${path} was taken by another process at the same moment. Try again.`,
      );
    }
    if (properties !== null) {
      const bootstrapCheckpoint = `${path}/${BOOTSTRAP_CHECKPOINT}`;
      const metadataDirectory = `${path}/${METADATA_DIRECTORY}`;
      options.refuse?.(path, metadataFiles(fileSystem, { bootstrapCheckpoint, metadataDirectory }));
    }
    if (properties === null || properties.directoryId === null || properties.version !== 1) {
      writeMetaProperties(fileSystem, path, {
        clusterId,
        nodeId: options.nodeId,
        directoryId,
        nowMs: (options.nowMs ?? Date.now)(),
      });
    }
    const kind = properties === null ? 'new' : lastWriter(fileSystem, path);
    const marker = takeCleanShutdown(fileSystem, path);
    return new DataDirectory(options, { lock, clusterId, directoryId, kind, marker });
  }

  get metadataPath(): string {
    return `${this.path}/${METADATA_DIRECTORY}`;
  }

  readQuorumState(): QuorumState | null {
    return readQuorumState(this.fileSystem, this.metadataPath);
  }

  /** The metadata log must have been made before. */
  writeQuorumState(state: QuorumState): void {
    replaceWholeFile(this.fileSystem, `${this.path}/${LAST_EPOCH}`, `${state.leaderEpoch}\n`);
    writeQuorumState(this.fileSystem, this.metadataPath, state);
  }

  /** bootstrap.checkpoint: whole batches, as `buildBatch` made them. */
  readBootstrapCheckpoint(): Buffer | null {
    return readWholeFile(this.fileSystem, `${this.path}/${BOOTSTRAP_CHECKPOINT}`);
  }

  /** Where it is and a metadata log is not, an older Apache Kafka formatted the directory: the log's name is safe first. */
  writeBootstrapCheckpoint(batches: Buffer): void {
    this.fileSystem.syncDirectory(this.path);
    replaceWholeFile(this.fileSystem, `${this.path}/${BOOTSTRAP_CHECKPOINT}`, batches);
  }

  /** Snapshots of the metadata log, oldest first. */
  metadataSnapshots(): MetadataSnapshot[] {
    return listMetadataSnapshots(this.fileSystem, this.metadataPath);
  }

  readMetadataSnapshot(snapshot: MetadataSnapshot): Buffer {
    return readMetadataSnapshot(this.fileSystem, this.metadataPath, snapshot);
  }

  /** Whole batches, header and footer included. The metadata log must have been made before. */
  writeMetadataSnapshot(options: MetadataSnapshotId & { readonly batches: Buffer }): void {
    writeMetadataSnapshot(this.fileSystem, this.metadataPath, options);
  }

  /** One that is written little by little. */
  startMetadataSnapshot(id: MetadataSnapshotId): MetadataSnapshotFile {
    return new MetadataSnapshotFile(this.fileSystem, this.metadataPath, id);
  }

  /** Only when a newer one is on disk, and the log begins no earlier than that one ends. */
  removeMetadataSnapshot(snapshot: MetadataSnapshot): void {
    removeMetadataSnapshot(this.fileSystem, this.metadataPath, snapshot);
  }

  /** At the start, before the log is written to. */
  removeUnfinishedSnapshots(): void {
    removeUnfinishedSnapshots(this.fileSystem, this.metadataPath);
  }

  /** For LogStore, as the last thing of a clean stop. */
  writeCleanShutdown(brokerEpoch: number): void {
    writeCleanShutdown(this.fileSystem, this.path, brokerEpoch);
  }

  /** Gives the lock back. */
  close(): void {
    this.#lock.release();
  }
}

function makeDirectories(fileSystem: FileSystem, path: string): void {
  const stat = fileSystem.stat(path);
  if (stat?.kind === 'directory') return;
  if (stat !== null) {
    throw new DataDirectoryError(
      'not-writable',
      `${path} is a file, not a directory. Choose another directory with --data.`,
    );
  }
  const parent = dirname(path);
  if (parent !== path) makeDirectories(fileSystem, parent);
  try {
    fileSystem.makeDirectory(path);
    fileSystem.syncDirectory(parent);
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    throw new DataDirectoryError(
      'not-writable',
      `The data directory ${path} cannot be made (${error.code}). Make it for this user, or choose another directory with --data.`,
    );
  }
}

/** True when there are partitions. */
function checkSubDirectories(fileSystem: FileSystem, path: string): boolean {
  let hasPartitions = false;
  for (const { name, kind } of fileSystem.list(path)) {
    if (kind !== 'directory' || name === REMOTE_LOG_INDEX_CACHE) continue;
    if (parsePartitionDirectory(name) === null) {
      throw new DataDirectoryError(
        'foreign-entry',
        `The data directory ${path} holds a directory "${name}" that is no topic partition; Apache Kafka would not start on it ` +
          'and Millrace will not mix its data with it. Move it elsewhere, or choose another directory with --data.',
      );
    }
    hasPartitions = true;
  }
  return hasPartitions;
}

function metaPropertiesMissing(path: string): DataDirectoryError {
  return new DataDirectoryError(
    'damaged',
    `The data directory ${path} holds topic partitions but no ${META_PROPERTIES}, so it is not known to which cluster they ` +
      'belong. Nothing was touched. Restore that file, or choose another directory with --data.',
  );
}

function checkMetaProperties(
  properties: MetaProperties,
  { path, clusterId, nodeId }: DataDirectoryOptions,
): void {
  const file = `${path}/${META_PROPERTIES}`;
  if (properties.version > 1) {
    throw new DataDirectoryError(
      'newer-version',
      `${file} has version ${properties.version}; this program knows 0 and 1. A newer program wrote the directory. ` +
        'Nothing was touched. Open it with that program, or upgrade Millrace.',
    );
  }
  if (Number.isNaN(properties.version) || properties.clusterId === null || properties.nodeId === null) {
    throw new DataDirectoryError(
      'damaged',
      `${file} lacks a readable version, cluster.id or node.id. Nothing was touched. Restore that file, or choose another directory with --data.`,
    );
  }
  if (clusterId !== undefined && clusterId !== properties.clusterId) {
    throw new DataDirectoryError(
      'other-cluster',
      `The data directory ${path} belongs to cluster ${properties.clusterId}, not to ${clusterId}. Nothing was touched. ` +
        'Leave the cluster id out to open it as it is, or choose another directory with --data.',
    );
  }
  if (nodeId !== properties.nodeId) {
    throw new DataDirectoryError(
      'other-node',
      `The data directory ${path} belongs to node ${properties.nodeId}, not to node ${nodeId}. Nothing was touched. ` +
        `Set node.id=${properties.nodeId}, or choose another directory with --data.`,
    );
  }
}

/**
 * Only Millrace writes the metadata log into the recovery points; Apache Kafka drops it when it writes them. One that was
 * killed before it did so has raised the epoch.
 */
function lastWriter(fileSystem: FileSystem, path: string): 'millrace' | 'kafka' {
  const { offsets } = readOffsetCheckpoint(fileSystem, `${path}/${RECOVERY_POINT_CHECKPOINT}`);
  if (!offsets.has(METADATA_DIRECTORY)) return 'kafka';
  const lastEpoch = Number.parseInt(readTextFile(fileSystem, `${path}/${LAST_EPOCH}`) ?? '', 10);
  const { leaderEpoch } = readQuorumState(fileSystem, `${path}/${METADATA_DIRECTORY}`) ?? { leaderEpoch: 0 };
  return leaderEpoch > lastEpoch ? 'kafka' : 'millrace';
}

/** Kafka's reserved uuids are those whose first 64 bits are zero and the next small; random ones never are. A leading dash is avoided as Kafka does. */
function newUuid(options: DataDirectoryOptions): string {
  if (options.newUuid !== undefined) return options.newUuid();
  for (;;) {
    const text = randomBytes(16).toString('base64url');
    if (!text.startsWith('-')) return text;
  }
}
