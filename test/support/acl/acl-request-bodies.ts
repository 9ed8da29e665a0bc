// The bodies of acl-requests.ts: "<API> v<version> <what>", then the fields that are not the default.

import { SHARE_PARTITION } from './acl-world.ts';

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const EMPTY = Buffer.alloc(0);
const partition = { partitionIndex: 0 };
const topic = 'orders';
const group = { groupId: 'readers' };
const transaction = { transactionalId: 'payments', producerId: 77_000n, producerEpoch: 0 };
const commit = {
  name: topic,
  partitions: [{ partitionIndex: 0, committedOffset: 0, committedMetadata: '' }],
};
const filter = {
  resourceTypeFilter: 2,
  resourceNameFilter: 'nothing-of-this-name',
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};
const epochless = { currentLeaderEpoch: -1 };

const topics: readonly (readonly [string, object])[] = [
  [
    'Metadata v12 by name',
    {
      topics: [{ topicId: NO_ID, name: topic }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    },
  ],
  [
    'Metadata v12 missing',
    {
      topics: [{ topicId: NO_ID, name: 'missing' }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    },
  ],
  [
    'Metadata v12 with operations',
    {
      topics: [{ topicId: NO_ID, name: topic }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: true,
    },
  ],
  [
    'Metadata v10 with operations of the cluster',
    {
      topics: [],
      includeClusterAuthorizedOperations: true,
      includeTopicAuthorizedOperations: false,
      allowAutoTopicCreation: false,
    },
  ],
  ['DescribeCluster v1 with operations', { includeClusterAuthorizedOperations: true, endpointType: 1 }],
  ['DescribeTopicPartitions v0 by name', { topics: [{ name: topic }, { name: 'missing' }], cursor: null }],
  [
    'Produce v9 nothing',
    {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData: [{ index: 9, records: EMPTY }] }],
    },
  ],
  [
    'Fetch v11 one topic',
    {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1000,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        { topic, partitions: [{ partition: 0, ...epochless, fetchOffset: 0, partitionMaxBytes: 1000 }] },
      ],
      forgottenTopicsData: [],
    },
  ],
  [
    'Fetch v11 as a follower',
    {
      replicaId: 5,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1000,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        { topic, partitions: [{ partition: 9, ...epochless, fetchOffset: 0, partitionMaxBytes: 1000 }] },
      ],
      forgottenTopicsData: [],
    },
  ],
  [
    'ListOffsets v7 latest',
    {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: topic, partitions: [{ ...partition, ...epochless, timestamp: -1n }] }],
    },
  ],
  [
    'OffsetForLeaderEpoch v4 one',
    { topics: [{ topic, partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }] },
  ],
  ['DescribeProducers v0 one', { topics: [{ name: topic, partitionIndexes: [0] }] }],
  [
    'DeleteRecords v2 too far',
    { timeoutMs: 30_000, topics: [{ name: topic, partitions: [{ ...partition, offset: 999 }] }] },
  ],
  [
    'CreateTopics v7 validated',
    {
      timeoutMs: 30_000,
      validateOnly: true,
      topics: [{ name: 'planned', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    },
  ],
  [
    'CreateTopics v7 that exists',
    {
      timeoutMs: 30_000,
      validateOnly: true,
      topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    },
  ],
  ['DeleteTopics v6 missing', { timeoutMs: 30_000, topics: [{ name: 'missing', topicId: NO_ID }] }],
  [
    'CreatePartitions v3 validated',
    { timeoutMs: 30_000, validateOnly: true, topics: [{ name: topic, count: 7, assignments: null }] },
  ],
];

const groups: readonly (readonly [string, object])[] = [
  ['FindCoordinator v4 group', { keyType: 0, coordinatorKeys: ['readers'] }],
  ['FindCoordinator v2 group', { keyType: 0, key: 'readers' }],
  ['FindCoordinator v4 transaction', { keyType: 1, coordinatorKeys: ['payments'] }],
  ['JoinGroup v5 unknown member', { ...group, ...joining(), memberId: 'nobody' }],
  ['SyncGroup v3 unknown member', { ...group, generationId: 1, memberId: 'nobody', assignments: [] }],
  ['Heartbeat v3 unknown member', { ...group, generationId: 1, memberId: 'nobody' }],
  ['LeaveGroup v2 unknown member', { ...group, memberId: 'nobody' }],
  ['OffsetCommit v7 simple', { ...group, generationIdOrMemberEpoch: -1, memberId: '', topics: [commit] }],
  ['OffsetFetch v7 one', { ...group, topics: [{ name: topic, partitionIndexes: [0] }] }],
  ['OffsetFetch v8 all', { groups: [{ ...group, topics: null }] }],
  ['OffsetDelete v0 missing', { ...group, topics: [{ name: topic, partitions: [{ partitionIndex: 9 }] }] }],
  ['DescribeGroups v5 with operations', { groups: ['readers'], includeAuthorizedOperations: true }],
  ['ListGroups v4 all', { statesFilter: [] }],
  ['DeleteGroups v2 missing', { groupsNames: ['nobodies'] }],
  ['ConsumerGroupDescribe v0 missing', { groupIds: ['readers'], includeAuthorizedOperations: false }],
  [
    'ConsumerGroupHeartbeat v0 unknown member',
    { ...group, memberId: 'nobody', memberEpoch: 5, subscribedTopicNames: [topic] },
  ],
];

const transactions: readonly (readonly [string, object])[] = [
  ['InitProducerId v4 idempotent', { transactionalId: null, transactionTimeoutMs: 1000 }],
  ['InitProducerId v4 transactional', { transactionalId: 'payments', transactionTimeoutMs: 1000 }],
  [
    'AddPartitionsToTxn v3 by a client',
    {
      v3AndBelowTransactionalId: 'payments',
      v3AndBelowProducerId: 77_000n,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: topic, partitions: [0] }],
    },
  ],
  [
    'AddPartitionsToTxn v4 by a broker',
    { transactions: [{ ...transaction, verifyOnly: true, topics: [{ name: topic, partitions: [0] }] }] },
  ],
  ['AddOffsetsToTxn v3 unknown producer', { ...transaction, ...group }],
  ['EndTxn v3 unknown producer', { ...transaction, committed: true }],
  [
    'TxnOffsetCommit v3 unknown member',
    { ...transaction, ...group, generationId: 3, memberId: 'nobody', topics: [commit] },
  ],
  ['WriteTxnMarkers v1 none', { markers: [] }],
  ['DescribeTransactions v0 missing', { transactionalIds: ['never-seen'] }],
  ['ListTransactions v1 all', { stateFilters: [], producerIdFilters: [], durationFilter: -1n }],
];

const administration: readonly (readonly [string, object])[] = [
  [
    'DescribeConfigs v4 topic',
    { resources: [{ resourceType: 2, resourceName: topic, configurationKeys: ['x'] }] },
  ],
  [
    'DescribeConfigs v4 broker',
    { resources: [{ resourceType: 4, resourceName: '1', configurationKeys: ['x'] }] },
  ],
  [
    'DescribeConfigs v4 logger',
    { resources: [{ resourceType: 8, resourceName: '1', configurationKeys: ['x'] }] },
  ],
  [
    'DescribeConfigs v4 group',
    { resources: [{ resourceType: 32, resourceName: 'readers', configurationKeys: ['x'] }] },
  ],
  [
    'AlterConfigs v2 topic',
    { validateOnly: true, resources: [{ resourceType: 2, resourceName: topic, configs: [] }] },
  ],
  [
    'AlterConfigs v2 broker',
    { validateOnly: true, resources: [{ resourceType: 4, resourceName: '1', configs: [] }] },
  ],
  [
    'IncrementalAlterConfigs v1 topic',
    { validateOnly: true, resources: [altered(2, topic, 'retention.ms')] },
  ],
  [
    'IncrementalAlterConfigs v1 broker',
    { validateOnly: true, resources: [altered(4, '1', 'log.cleaner.threads')] },
  ],
  [
    'IncrementalAlterConfigs v1 group',
    { validateOnly: true, resources: [altered(32, 'readers', 'consumer.session.timeout.ms')] },
  ],
  ['ListConfigResources v1 client metrics', { resourceTypes: [16] }],
  ['DescribeAcls v3 none', filter],
  ['CreateAcls v3 none', { creations: [] }],
  ['DeleteAcls v3 none', { filters: [filter] }],
  ['DescribeLogDirs v3 none', { topics: [] }],
  [
    'AlterReplicaLogDirs v2 elsewhere',
    { dirs: [{ path: '/no/such/place', topics: [{ name: topic, partitions: [0] }] }] },
  ],
  [
    'ElectLeaders v2 missing',
    { electionType: 0, topicPartitions: [{ topic: 'missing', partitions: [0] }], timeoutMs: 30_000 },
  ],
  [
    'AlterPartitionReassignments v0 missing',
    { timeoutMs: 30_000, topics: [{ name: 'missing', partitions: [{ partitionIndex: 0, replicas: null }] }] },
  ],
  ['ListPartitionReassignments v0 all', { timeoutMs: 30_000, topics: null }],
  [
    'DescribeClientQuotas v1 none',
    { components: [{ entityType: 'user', matchType: 0, match: 'nobody' }], strict: true },
  ],
  ['AlterClientQuotas v1 none', { entries: [], validateOnly: true }],
  ['DescribeUserScramCredentials v0 nobody', { users: [{ name: 'nobody' }] }],
  ['AlterUserScramCredentials v0 nobody', { deletions: [{ name: 'nobody', mechanism: 1 }], upsertions: [] }],
  [
    'DescribeQuorum v1 metadata',
    { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
  ],
  ['UpdateFeatures v1 nothing', { timeoutMs: 30_000, featureUpdates: [], validateOnly: true }],
  ['UnregisterBroker v0 missing', { brokerId: 999 }],
];

/** Of a topic that is not there. */
const sharePartitions = (more: object) => ({
  groupId: SHARE_PARTITION.groupId,
  topics: [{ topicId: SHARE_PARTITION.topicId, partitions: [{ partition: 0, ...more }] }],
});

const shareState: readonly (readonly [string, object])[] = [
  ['InitializeShareGroupState v0 missing', sharePartitions({ stateEpoch: 0, startOffset: 0 })],
  ['ReadShareGroupState v0 missing', sharePartitions({ leaderEpoch: -1 })],
  [
    'WriteShareGroupState v1 missing',
    sharePartitions({ stateEpoch: 0, leaderEpoch: 0, startOffset: 0, stateBatches: [] }),
  ],
  ['DeleteShareGroupState v0 missing', sharePartitions({})],
  ['ReadShareGroupStateSummary v1 missing', sharePartitions({ leaderEpoch: -1 })],
];

/** Of a group that is of another kind: nothing begins. */
const newerGroups: readonly (readonly [string, object])[] = [
  [
    'ShareGroupHeartbeat v1 unknown member',
    { ...group, memberId: 'nobody', memberEpoch: 5, subscribedTopicNames: [topic] },
  ],
  ['ShareGroupDescribe v1 missing', { groupIds: ['readers'], includeAuthorizedOperations: false }],
  [
    'ShareFetch v1 unknown session',
    {
      ...group,
      memberId: 'bm9ib2R5bm9ib2R5bm9ibw',
      shareSessionEpoch: 5,
      maxWaitMs: 0,
      minBytes: 0,
      maxRecords: 1,
      batchSize: 1,
      topics: [],
      forgottenTopicsData: [],
    },
  ],
  [
    'ShareAcknowledge v1 unknown session',
    { ...group, memberId: 'bm9ib2R5bm9ib2R5bm9ibw', shareSessionEpoch: 5, topics: [] },
  ],
  [
    'DescribeShareGroupOffsets v0 missing',
    { groups: [{ groupId: 'readers', topics: [{ topicName: topic, partitions: [0] }] }] },
  ],
  ['DescribeShareGroupOffsets v0 all', { groups: [{ groupId: 'readers', topics: null }] }],
  [
    'AlterShareGroupOffsets v0 missing',
    { ...group, topics: [{ topicName: topic, partitions: [{ partitionIndex: 0, startOffset: 0 }] }] },
  ],
  ['DeleteShareGroupOffsets v0 missing', { ...group, topics: [{ topicName: topic }] }],
  [
    'StreamsGroupHeartbeat v0 unknown member',
    { ...group, memberId: 'nobody', memberEpoch: 5, endpointInformationEpoch: 0 },
  ],
  ['StreamsGroupDescribe v0 missing', { groupIds: ['readers'], includeAuthorizedOperations: false }],
];

export const allRequests: readonly (readonly [string, object])[] = [
  ...topics,
  ...groups,
  ...transactions,
  ...administration,
  ...shareState,
  ...newerGroups,
];

function joining() {
  return {
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 1000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: EMPTY }],
  };
}

function altered(resourceType: number, resourceName: string, name: string) {
  return { resourceType, resourceName, configs: [{ name, configOperation: 1, value: null }] };
}
