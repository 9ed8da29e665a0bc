// Kafka's data directory as a whole: who owns it, which cluster and node it belongs to. Type surface only at this commit.

import type { FileSystem } from '../fs/file-system.ts';
import type { QuorumState } from './quorum-state.ts';

/** Why a directory cannot be used: one sentence, and the way out. */
export declare class DataDirectoryError extends Error {
  readonly reason: 'not-writable' | 'locked' | 'other-cluster' | 'other-node' | 'newer-version' | 'foreign-entry' | 'damaged';
}

export interface DataDirectoryOptions {
  readonly fileSystem: FileSystem;
  readonly path: string;
  /** Wanted; an existing directory of another cluster is refused. */
  readonly clusterId?: string;
  /** For a new directory when `clusterId` is not given. */
  readonly defaultClusterId: string;
  readonly nodeId: number;
}

export interface MetadataSnapshot {
  readonly name: string;
  /** Exclusive. */
  readonly endOffset: number;
  readonly epoch: number;
  readonly sizeInBytes: number;
}

export declare class DataDirectory {
  /** Locks the directory, reads or writes meta.properties. */
  static open(options: DataDirectoryOptions): DataDirectory;
  readonly path: string;
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** `new`: nothing was there. Who wrote it last otherwise. */
  readonly kind: 'new' | 'millrace' | 'kafka';
  /** `.kafka_cleanshutdown` was there; it is deleted by opening. */
  readonly wasCleanShutdown: boolean;
  /** Of the clean-shutdown marker, -1 when unknown. */
  readonly previousBrokerEpoch: number;
  readQuorumState(): QuorumState | null;
  writeQuorumState(state: QuorumState): void;
  /** bootstrap.checkpoint: whole batches, as `buildBatch` made them. */
  readBootstrapCheckpoint(): Buffer | null;
  writeBootstrapCheckpoint(batches: Buffer): void;
  /** Snapshots of the metadata log, oldest first. */
  metadataSnapshots(): MetadataSnapshot[];
  readMetadataSnapshot(snapshot: MetadataSnapshot): Buffer;
  /** Gives the lock back. */
  close(): void;
}
