// The records of Kafka's own logs: the metadata log and the topics of the coordinators. framing.ts puts the numbers in
// front of them by which a reader knows them; those numbers are `type` in each declaration.

import { AbortTransactionRecord } from './abort-transaction-record.ts';
import { AccessControlEntryRecord } from './access-control-entry-record.ts';
import { BeginTransactionRecord } from './begin-transaction-record.ts';
import { BrokerRegistrationChangeRecord } from './broker-registration-change-record.ts';
import { ClearElrRecord } from './clear-elr-record.ts';
import { ClientQuotaRecord } from './client-quota-record.ts';
import { ConfigRecord } from './config-record.ts';
import {
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
} from './consumer-group-current-member-assignment.ts';
import {
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
} from './consumer-group-member-metadata.ts';
import { ConsumerGroupMetadataKey, ConsumerGroupMetadataValue } from './consumer-group-metadata.ts';
import {
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupPartitionMetadataValue,
} from './consumer-group-partition-metadata.ts';
import {
  ConsumerGroupRegularExpressionKey,
  ConsumerGroupRegularExpressionValue,
} from './consumer-group-regular-expression.ts';
import {
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
} from './consumer-group-target-assignment-member.ts';
import {
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
} from './consumer-group-target-assignment-metadata.ts';
import { DelegationTokenRecord } from './delegation-token-record.ts';
import { EndTransactionRecord } from './end-transaction-record.ts';
import { FeatureLevelRecord } from './feature-level-record.ts';
import { FenceBrokerRecord } from './fence-broker-record.ts';
import { GroupMetadataKey, GroupMetadataValue } from './group-metadata.ts';
import { LegacyOffsetCommitKey, LegacyOffsetCommitValue } from './legacy-offset-commit.ts';
import { NoOpRecord } from './no-op-record.ts';
import { OffsetCommitKey, OffsetCommitValue } from './offset-commit.ts';
import { PartitionChangeRecord } from './partition-change-record.ts';
import { PartitionRecord } from './partition-record.ts';
import { ProducerIdsRecord } from './producer-ids-record.ts';
import { RegisterBrokerRecord } from './register-broker-record.ts';
import { RegisterControllerRecord } from './register-controller-record.ts';
import { RemoveAccessControlEntryRecord } from './remove-access-control-entry-record.ts';
import { RemoveDelegationTokenRecord } from './remove-delegation-token-record.ts';
import { RemoveTopicRecord } from './remove-topic-record.ts';
import { RemoveUserScramCredentialRecord } from './remove-user-scram-credential-record.ts';
import {
  ShareGroupCurrentMemberAssignmentKey,
  ShareGroupCurrentMemberAssignmentValue,
} from './share-group-current-member-assignment.ts';
import { ShareGroupMemberMetadataKey, ShareGroupMemberMetadataValue } from './share-group-member-metadata.ts';
import { ShareGroupMetadataKey, ShareGroupMetadataValue } from './share-group-metadata.ts';
import {
  ShareGroupStatePartitionMetadataKey,
  ShareGroupStatePartitionMetadataValue,
} from './share-group-state-partition-metadata.ts';
import {
  ShareGroupTargetAssignmentMemberKey,
  ShareGroupTargetAssignmentMemberValue,
} from './share-group-target-assignment-member.ts';
import {
  ShareGroupTargetAssignmentMetadataKey,
  ShareGroupTargetAssignmentMetadataValue,
} from './share-group-target-assignment-metadata.ts';
import { ShareSnapshotKey, ShareSnapshotValue } from './share-snapshot.ts';
import { ShareUpdateKey, ShareUpdateValue } from './share-update.ts';
import {
  StreamsGroupCurrentMemberAssignmentKey,
  StreamsGroupCurrentMemberAssignmentValue,
} from './streams-group-current-member-assignment.ts';
import {
  StreamsGroupMemberMetadataKey,
  StreamsGroupMemberMetadataValue,
} from './streams-group-member-metadata.ts';
import { StreamsGroupMetadataKey, StreamsGroupMetadataValue } from './streams-group-metadata.ts';
import {
  StreamsGroupTargetAssignmentMemberKey,
  StreamsGroupTargetAssignmentMemberValue,
} from './streams-group-target-assignment-member.ts';
import {
  StreamsGroupTargetAssignmentMetadataKey,
  StreamsGroupTargetAssignmentMetadataValue,
} from './streams-group-target-assignment-metadata.ts';
import { StreamsGroupTopologyKey, StreamsGroupTopologyValue } from './streams-group-topology.ts';
import { TopicRecord } from './topic-record.ts';
import { TransactionLogKey, TransactionLogValue } from './transaction-log.ts';
import { UnfenceBrokerRecord } from './unfence-broker-record.ts';
import { UnregisterBrokerRecord } from './unregister-broker-record.ts';
import { UserScramCredentialRecord } from './user-scram-credential-record.ts';
import { ZkMigrationStateRecord } from './zk-migration-state-record.ts';

/** __cluster_metadata */
export const metadataRecords = [
  RegisterBrokerRecord,
  UnregisterBrokerRecord,
  TopicRecord,
  PartitionRecord,
  ConfigRecord,
  PartitionChangeRecord,
  FenceBrokerRecord,
  UnfenceBrokerRecord,
  RemoveTopicRecord,
  DelegationTokenRecord,
  UserScramCredentialRecord,
  FeatureLevelRecord,
  ClientQuotaRecord,
  ProducerIdsRecord,
  BrokerRegistrationChangeRecord,
  AccessControlEntryRecord,
  RemoveAccessControlEntryRecord,
  NoOpRecord,
  ZkMigrationStateRecord,
  RemoveUserScramCredentialRecord,
  BeginTransactionRecord,
  EndTransactionRecord,
  AbortTransactionRecord,
  RemoveDelegationTokenRecord,
  RegisterControllerRecord,
  ClearElrRecord,
] as const;

/** __consumer_offsets: a key type and the value that belongs to it. */
export const groupRecords = [
  { name: 'LegacyOffsetCommit', key: LegacyOffsetCommitKey, value: LegacyOffsetCommitValue },
  { name: 'OffsetCommit', key: OffsetCommitKey, value: OffsetCommitValue },
  { name: 'GroupMetadata', key: GroupMetadataKey, value: GroupMetadataValue },
  { name: 'ConsumerGroupMetadata', key: ConsumerGroupMetadataKey, value: ConsumerGroupMetadataValue },
  {
    name: 'ConsumerGroupPartitionMetadata',
    key: ConsumerGroupPartitionMetadataKey,
    value: ConsumerGroupPartitionMetadataValue,
  },
  {
    name: 'ConsumerGroupMemberMetadata',
    key: ConsumerGroupMemberMetadataKey,
    value: ConsumerGroupMemberMetadataValue,
  },
  {
    name: 'ConsumerGroupTargetAssignmentMetadata',
    key: ConsumerGroupTargetAssignmentMetadataKey,
    value: ConsumerGroupTargetAssignmentMetadataValue,
  },
  {
    name: 'ConsumerGroupTargetAssignmentMember',
    key: ConsumerGroupTargetAssignmentMemberKey,
    value: ConsumerGroupTargetAssignmentMemberValue,
  },
  {
    name: 'ConsumerGroupCurrentMemberAssignment',
    key: ConsumerGroupCurrentMemberAssignmentKey,
    value: ConsumerGroupCurrentMemberAssignmentValue,
  },
  {
    name: 'ShareGroupMemberMetadata',
    key: ShareGroupMemberMetadataKey,
    value: ShareGroupMemberMetadataValue,
  },
  { name: 'ShareGroupMetadata', key: ShareGroupMetadataKey, value: ShareGroupMetadataValue },
  {
    name: 'ShareGroupTargetAssignmentMetadata',
    key: ShareGroupTargetAssignmentMetadataKey,
    value: ShareGroupTargetAssignmentMetadataValue,
  },
  {
    name: 'ShareGroupTargetAssignmentMember',
    key: ShareGroupTargetAssignmentMemberKey,
    value: ShareGroupTargetAssignmentMemberValue,
  },
  {
    name: 'ShareGroupCurrentMemberAssignment',
    key: ShareGroupCurrentMemberAssignmentKey,
    value: ShareGroupCurrentMemberAssignmentValue,
  },
  {
    name: 'ShareGroupStatePartitionMetadata',
    key: ShareGroupStatePartitionMetadataKey,
    value: ShareGroupStatePartitionMetadataValue,
  },
  {
    name: 'ConsumerGroupRegularExpression',
    key: ConsumerGroupRegularExpressionKey,
    value: ConsumerGroupRegularExpressionValue,
  },
  { name: 'StreamsGroupMetadata', key: StreamsGroupMetadataKey, value: StreamsGroupMetadataValue },
  {
    name: 'StreamsGroupMemberMetadata',
    key: StreamsGroupMemberMetadataKey,
    value: StreamsGroupMemberMetadataValue,
  },
  {
    name: 'StreamsGroupTargetAssignmentMetadata',
    key: StreamsGroupTargetAssignmentMetadataKey,
    value: StreamsGroupTargetAssignmentMetadataValue,
  },
  {
    name: 'StreamsGroupTargetAssignmentMember',
    key: StreamsGroupTargetAssignmentMemberKey,
    value: StreamsGroupTargetAssignmentMemberValue,
  },
  {
    name: 'StreamsGroupCurrentMemberAssignment',
    key: StreamsGroupCurrentMemberAssignmentKey,
    value: StreamsGroupCurrentMemberAssignmentValue,
  },
  { name: 'StreamsGroupTopology', key: StreamsGroupTopologyKey, value: StreamsGroupTopologyValue },
] as const;

/** __transaction_state */
export const transactionRecords = [
  { name: 'TransactionLog', key: TransactionLogKey, value: TransactionLogValue },
] as const;

/** __share_group_state */
export const shareRecords = [
  { name: 'ShareSnapshot', key: ShareSnapshotKey, value: ShareSnapshotValue },
  { name: 'ShareUpdate', key: ShareUpdateKey, value: ShareUpdateValue },
] as const;
