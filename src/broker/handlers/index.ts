// THE list: what is in it is served, and nothing else. Dispatch, ApiVersions, docs and metrics labels derive from it.

import { addOffsetsToTxn } from './add-offsets-to-txn.ts';
import { addPartitionsToTxn } from './add-partitions-to-txn.ts';
import { apiVersionsOf } from './api-versions.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics } from './create-topics.ts';
import { deleteGroups } from './delete-groups.ts';
import { deleteRecords } from './delete-records.ts';
import { deleteTopics } from './delete-topics.ts';
import { describeCluster } from './describe-cluster.ts';
import { describeConfigs } from './describe-configs.ts';
import { describeGroups } from './describe-groups.ts';
import { describeProducers } from './describe-producers.ts';
import { describeTopicPartitions } from './describe-topic-partitions.ts';
import { describeTransactions } from './describe-transactions.ts';
import { endTxn } from './end-txn.ts';
import { fetch } from './fetch.ts';
import { findCoordinator } from './find-coordinator.ts';
import type { Handler } from './handler.ts';
import { heartbeat } from './heartbeat.ts';
import { incrementalAlterConfigs } from './incremental-alter-configs.ts';
import { initProducerId } from './init-producer-id.ts';
import { joinGroup } from './join-group.ts';
import { leaveGroup } from './leave-group.ts';
import { listGroups } from './list-groups.ts';
import { listOffsets } from './list-offsets.ts';
import { listTransactions } from './list-transactions.ts';
import { metadata } from './metadata.ts';
import { offsetCommit } from './offset-commit.ts';
import { offsetFetch } from './offset-fetch.ts';
import { produce } from './produce.ts';
import { syncGroup } from './sync-group.ts';
import { txnOffsetCommit } from './txn-offset-commit.ts';
import { writeTxnMarkers } from './write-txn-markers.ts';

const served: readonly Handler[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  createTopics,
  deleteTopics,
  createPartitions,
  describeConfigs,
  incrementalAlterConfigs,
  describeCluster,
  describeTopicPartitions,
  deleteRecords,
  initProducerId,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  txnOffsetCommit,
  writeTxnMarkers,
  describeTransactions,
  listTransactions,
  describeProducers,
  findCoordinator,
  joinGroup,
  syncGroup,
  heartbeat,
  leaveGroup,
  offsetCommit,
  offsetFetch,
  describeGroups,
  listGroups,
  deleteGroups,
];

export const handlers: readonly Handler[] = [...served, apiVersionsOf(served)];
