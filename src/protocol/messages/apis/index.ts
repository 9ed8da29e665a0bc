// All APIs of the protocol by key. What this broker serves is another question: that is broker/handlers/index.ts.
// APIs that Apache Kafka 4 has removed (LeaderAndIsr, StopReplica, UpdateMetadata, ControlledShutdown) are not here.

import type { Api } from '../../schema/field.ts';
import { AddOffsetsToTxn } from './add-offsets-to-txn.ts';
import { AddPartitionsToTxn } from './add-partitions-to-txn.ts';
import { AddRaftVoter } from './add-raft-voter.ts';
import { AllocateProducerIds } from './allocate-producer-ids.ts';
import { AlterClientQuotas } from './alter-client-quotas.ts';
import { AlterConfigs } from './alter-configs.ts';
import { AlterPartition } from './alter-partition.ts';
import { AlterPartitionReassignments } from './alter-partition-reassignments.ts';
import { AlterReplicaLogDirs } from './alter-replica-log-dirs.ts';
import { AlterShareGroupOffsets } from './alter-share-group-offsets.ts';
import { AlterUserScramCredentials } from './alter-user-scram-credentials.ts';
import { ApiVersions } from './api-versions.ts';
import { AssignReplicasToDirs } from './assign-replicas-to-dirs.ts';
import { BeginQuorumEpoch } from './begin-quorum-epoch.ts';
import { BrokerHeartbeat } from './broker-heartbeat.ts';
import { BrokerRegistration } from './broker-registration.ts';
import { ConsumerGroupDescribe } from './consumer-group-describe.ts';
import { ConsumerGroupHeartbeat } from './consumer-group-heartbeat.ts';
import { ControllerRegistration } from './controller-registration.ts';
import { CreateAcls } from './create-acls.ts';
import { CreateDelegationToken } from './create-delegation-token.ts';
import { CreatePartitions } from './create-partitions.ts';
import { CreateTopics } from './create-topics.ts';
import { DeleteAcls } from './delete-acls.ts';
import { DeleteGroups } from './delete-groups.ts';
import { DeleteRecords } from './delete-records.ts';
import { DeleteShareGroupOffsets } from './delete-share-group-offsets.ts';
import { DeleteShareGroupState } from './delete-share-group-state.ts';
import { DeleteTopics } from './delete-topics.ts';
import { DescribeAcls } from './describe-acls.ts';
import { DescribeClientQuotas } from './describe-client-quotas.ts';
import { DescribeCluster } from './describe-cluster.ts';
import { DescribeConfigs } from './describe-configs.ts';
import { DescribeDelegationToken } from './describe-delegation-token.ts';
import { DescribeGroups } from './describe-groups.ts';
import { DescribeLogDirs } from './describe-log-dirs.ts';
import { DescribeProducers } from './describe-producers.ts';
import { DescribeQuorum } from './describe-quorum.ts';
import { DescribeShareGroupOffsets } from './describe-share-group-offsets.ts';
import { DescribeTopicPartitions } from './describe-topic-partitions.ts';
import { DescribeTransactions } from './describe-transactions.ts';
import { DescribeUserScramCredentials } from './describe-user-scram-credentials.ts';
import { ElectLeaders } from './elect-leaders.ts';
import { EndQuorumEpoch } from './end-quorum-epoch.ts';
import { EndTxn } from './end-txn.ts';
import { Envelope } from './envelope.ts';
import { ExpireDelegationToken } from './expire-delegation-token.ts';
import { Fetch } from './fetch.ts';
import { FetchSnapshot } from './fetch-snapshot.ts';
import { FindCoordinator } from './find-coordinator.ts';
import { GetTelemetrySubscriptions } from './get-telemetry-subscriptions.ts';
import { Heartbeat } from './heartbeat.ts';
import { IncrementalAlterConfigs } from './incremental-alter-configs.ts';
import { InitProducerId } from './init-producer-id.ts';
import { InitializeShareGroupState } from './initialize-share-group-state.ts';
import { JoinGroup } from './join-group.ts';
import { LeaveGroup } from './leave-group.ts';
import { ListConfigResources } from './list-config-resources.ts';
import { ListGroups } from './list-groups.ts';
import { ListOffsets } from './list-offsets.ts';
import { ListPartitionReassignments } from './list-partition-reassignments.ts';
import { ListTransactions } from './list-transactions.ts';
import { Metadata } from './metadata.ts';
import { OffsetCommit } from './offset-commit.ts';
import { OffsetDelete } from './offset-delete.ts';
import { OffsetFetch } from './offset-fetch.ts';
import { OffsetForLeaderEpoch } from './offset-for-leader-epoch.ts';
import { Produce } from './produce.ts';
import { PushTelemetry } from './push-telemetry.ts';
import { ReadShareGroupState } from './read-share-group-state.ts';
import { ReadShareGroupStateSummary } from './read-share-group-state-summary.ts';
import { RemoveRaftVoter } from './remove-raft-voter.ts';
import { RenewDelegationToken } from './renew-delegation-token.ts';
import { SaslAuthenticate } from './sasl-authenticate.ts';
import { SaslHandshake } from './sasl-handshake.ts';
import { ShareAcknowledge } from './share-acknowledge.ts';
import { ShareFetch } from './share-fetch.ts';
import { ShareGroupDescribe } from './share-group-describe.ts';
import { ShareGroupHeartbeat } from './share-group-heartbeat.ts';
import { StreamsGroupDescribe } from './streams-group-describe.ts';
import { StreamsGroupHeartbeat } from './streams-group-heartbeat.ts';
import { SyncGroup } from './sync-group.ts';
import { TxnOffsetCommit } from './txn-offset-commit.ts';
import { UnregisterBroker } from './unregister-broker.ts';
import { UpdateFeatures } from './update-features.ts';
import { UpdateRaftVoter } from './update-raft-voter.ts';
import { Vote } from './vote.ts';
import { WriteShareGroupState } from './write-share-group-state.ts';
import { WriteTxnMarkers } from './write-txn-markers.ts';

export const apis: ReadonlyMap<number, Api> = new Map<number, Api>(
  [
    Produce,
    Fetch,
    ListOffsets,
    Metadata,
    OffsetCommit,
    OffsetFetch,
    FindCoordinator,
    JoinGroup,
    Heartbeat,
    LeaveGroup,
    SyncGroup,
    DescribeGroups,
    ListGroups,
    SaslHandshake,
    ApiVersions,
    CreateTopics,
    DeleteTopics,
    DeleteRecords,
    InitProducerId,
    OffsetForLeaderEpoch,
    AddPartitionsToTxn,
    AddOffsetsToTxn,
    EndTxn,
    WriteTxnMarkers,
    TxnOffsetCommit,
    DescribeAcls,
    CreateAcls,
    DeleteAcls,
    DescribeConfigs,
    AlterConfigs,
    AlterReplicaLogDirs,
    DescribeLogDirs,
    SaslAuthenticate,
    CreatePartitions,
    CreateDelegationToken,
    RenewDelegationToken,
    ExpireDelegationToken,
    DescribeDelegationToken,
    DeleteGroups,
    ElectLeaders,
    IncrementalAlterConfigs,
    AlterPartitionReassignments,
    ListPartitionReassignments,
    OffsetDelete,
    DescribeClientQuotas,
    AlterClientQuotas,
    DescribeUserScramCredentials,
    AlterUserScramCredentials,
    Vote,
    BeginQuorumEpoch,
    EndQuorumEpoch,
    DescribeQuorum,
    AlterPartition,
    UpdateFeatures,
    Envelope,
    FetchSnapshot,
    DescribeCluster,
    DescribeProducers,
    BrokerRegistration,
    BrokerHeartbeat,
    UnregisterBroker,
    DescribeTransactions,
    ListTransactions,
    AllocateProducerIds,
    ConsumerGroupHeartbeat,
    ConsumerGroupDescribe,
    ControllerRegistration,
    GetTelemetrySubscriptions,
    PushTelemetry,
    AssignReplicasToDirs,
    ListConfigResources,
    DescribeTopicPartitions,
    ShareGroupHeartbeat,
    ShareGroupDescribe,
    ShareFetch,
    ShareAcknowledge,
    AddRaftVoter,
    RemoveRaftVoter,
    UpdateRaftVoter,
    InitializeShareGroupState,
    ReadShareGroupState,
    WriteShareGroupState,
    DeleteShareGroupState,
    ReadShareGroupStateSummary,
    StreamsGroupHeartbeat,
    StreamsGroupDescribe,
    DescribeShareGroupOffsets,
    AlterShareGroupOffsets,
    DeleteShareGroupOffsets,
  ].map(api => [api.key, api]),
);
