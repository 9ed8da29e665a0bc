// The node as handlers see it: small objects with one job each, put together by broker.ts. Types only, so that no
// handler can reach around them to a file or a socket.

import type { PartitionLog } from '../storage/log/partition-log.ts';
import type { LogLevels } from './config/log-levels.ts';
import type { BrokerSettings } from './config/settings.ts';
import type { FetchSessions } from './fetch/fetch-sessions.ts';
import type { GroupCoordinator } from './groups/group-coordinator.ts';
import type { Metadata } from './metadata/metadata.ts';
import type { ProducerIds } from './metadata/producer-ids.ts';
import type { QuorumView } from './metadata/quorum.ts';
import type { LargeBatches } from './produce/large-batches.ts';
import type { ClientQuotas } from './quotas/client-quotas.ts';
import type { Clock, Timers } from './runtime/clock.ts';
import type { StandardAuthorizer } from './security/acl/standard-authorizer.ts';
import type { DelegationTokens } from './security/tokens/delegation-tokens.ts';
import type { ShareCoordinator } from './share/share-coordinator.ts';
import type { SharePartitions } from './share-fetch/share-partitions.ts';
import type { ClientTelemetry } from './telemetry/client-telemetry.ts';
import type { TransactionCoordinator } from './transactions/transaction-coordinator.ts';
import type { TransactionalAppends } from './transactions/transactional-appends.ts';

export interface AdvertisedEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface NodeIdentity {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
}

/** Replicas on this node: the way from a topic-partition to its log. */
export interface Partitions {
  /** The log of a partition that exists in the metadata, else undefined. Never creates a topic. */
  log(topic: string, partition: number): PartitionLog | undefined;
}

/** Where the logs are, and how much room the disk has. */
export interface LogDirectory {
  /** Absolute, as DescribeLogDirs names it. */
  readonly path: string;
  /** Throws when the disk does not answer. */
  space(): { readonly totalBytes: number; readonly usableBytes: number };
}

export interface BrokerNode {
  readonly identity: NodeIdentity;
  readonly settings: BrokerSettings;
  readonly metadata: Metadata;
  readonly partitions: Partitions;
  readonly logDirectory: LogDirectory;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly shareCoordinator: ShareCoordinator;
  readonly sharePartitions: SharePartitions;
  readonly transactionalAppends: TransactionalAppends;
  readonly producerIds: ProducerIds;
  readonly largeBatches: LargeBatches;
  readonly fetchSessions: FetchSessions;
  readonly logLevels: LogLevels;
  readonly quotas: ClientQuotas;
  readonly telemetry: ClientTelemetry;
  /** undefined: everybody may do everything. */
  readonly authorizer: StandardAuthorizer | undefined;
  readonly delegationTokens: DelegationTokens;
  readonly clock: Clock;
  readonly timers: Timers;
  /** This node as leader of the metadata log, as of now. */
  quorum(): QuorumView;
  /** The address a client that came in through this listener should dial next. */
  advertisedEndpoint(connection: {
    readonly listenerName: string;
    readonly localAddress: string;
    readonly localPort: number;
    readonly remoteAddress?: string;
  }): AdvertisedEndpoint;
}
