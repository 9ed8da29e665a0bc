// Where partitions are: log directories, elections, reassignments, epochs, the metadata quorum. A single node has only
// one answer to most of it; the questions are the point.

import { AlterPartitionReassignments } from '../../../src/protocol/messages/apis/alter-partition-reassignments.ts';
import { AlterReplicaLogDirs } from '../../../src/protocol/messages/apis/alter-replica-log-dirs.ts';
import { DescribeLogDirs } from '../../../src/protocol/messages/apis/describe-log-dirs.ts';
import { DescribeQuorum } from '../../../src/protocol/messages/apis/describe-quorum.ts';
import { ElectLeaders } from '../../../src/protocol/messages/apis/elect-leaders.ts';
import { ListPartitionReassignments } from '../../../src/protocol/messages/apis/list-partition-reassignments.ts';
import { OffsetForLeaderEpoch } from '../../../src/protocol/messages/apis/offset-for-leader-epoch.ts';
import { Produce } from '../../../src/protocol/messages/apis/produce.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { batchOf, produceRequest } from '../../support/raw-client.ts';
import { ask, type FrameStep, inAnyOrder, type Peer, step } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';

const NODE_ID = 1;
const TOPIC = 'layout';
/** The name under which a peer's log directory is known to the steps. */
const LOG_DIRECTORY = 'the log directory';

const directoryOf = (peer: Peer) => peer.topicIds.get(LOG_DIRECTORY) ?? '';

function describeLogDirs(
  name: string,
  version: number,
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null,
): FrameStep {
  return inAnyOrder({
    name: `log dirs: ${name}, version ${version}`,
    ask: async peer => {
      const body = {
        topics:
          topics === null
            ? null
            : topics.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })),
      };
      const answer = (await ask(peer, { api: DescribeLogDirs, version, body })) as ResponseOf<
        typeof DescribeLogDirs
      >;
      for (const result of answer.results) {
        peer.topicIds.set(LOG_DIRECTORY, result.logDir);
        if (result.totalBytes > 0n) result.totalBytes = 1n;
        if (result.usableBytes > 0n) result.usableBytes = 1n;
        result.topics = result.topics.filter(topic => topics !== null || topic.name === TOPIC);
      }
      return answer;
    },
  });
}

function alterLogDirs(
  name: string,
  body: (peer: Peer) => readonly [string, string, readonly number[]][],
): FrameStep {
  return inAnyOrder(
    step(`move to a log dir: ${name}`, {
      api: AlterReplicaLogDirs,
      version: 2,
      body: peer => ({
        dirs: body(peer).map(([path, topic, partitions]) => ({
          path,
          topics: [{ name: topic, partitions: [...partitions] }],
        })),
      }),
    }),
  );
}

const logDirs: FrameStep[] = [
  ...[1, 2, 3, 4, 5].map(version =>
    describeLogDirs('two partitions', version, [{ topic: TOPIC, partitions: [0, 1] }]),
  ),
  describeLogDirs('unknown ones', 5, [
    { topic: 'nope', partitions: [0] },
    { topic: TOPIC, partitions: [9, -1] },
    { topic: '', partitions: [] },
  ]),
  describeLogDirs('one twice', 5, [
    { topic: TOPIC, partitions: [2, 2] },
    { topic: TOPIC, partitions: [2] },
  ]),
  describeLogDirs('none', 5, []),
  step('move to a log dir, version 1', {
    api: AlterReplicaLogDirs,
    version: 1,
    body: peer => ({ dirs: [{ path: directoryOf(peer), topics: [{ name: TOPIC, partitions: [0] }] }] }),
  }),
  alterLogDirs('the one they are in', peer => [[directoryOf(peer), TOPIC, [0, 1]]]),
  alterLogDirs('another', () => [['/no/such/directory', TOPIC, [0]]]),
  alterLogDirs('a relative one', () => [['data', TOPIC, [0]]]),
  alterLogDirs('an empty one', () => [['', TOPIC, [0]]]),
  alterLogDirs('an unknown topic', peer => [[directoryOf(peer), 'nope', [0]]]),
  alterLogDirs('an unknown topic, another', () => [['/no/such/directory', 'nope', [0]]]),
  alterLogDirs('an unknown partition', peer => [[directoryOf(peer), TOPIC, [7]]]),
  alterLogDirs('two of them', peer => [
    ['/no/such/directory', TOPIC, [0]],
    [directoryOf(peer), TOPIC, [0]],
  ]),
  alterLogDirs('a topic of a long name', peer => [[directoryOf(peer), 'n'.repeat(249), [0]]]),
  alterLogDirs('a topic without a name', peer => [[directoryOf(peer), '', [0]]]),
  alterLogDirs('nothing', () => []),
];

function elect(
  name: string,
  electionType: number,
  topics: readonly (readonly [string, readonly number[]])[] | null,
  version = 2,
): FrameStep {
  return inAnyOrder(
    step(`elect: ${name}, type ${electionType}, version ${version}`, {
      api: ElectLeaders,
      version,
      body: {
        electionType,
        topicPartitions:
          topics === null
            ? null
            : topics.map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
        timeoutMs: 5000,
      },
    }),
  );
}

const elections: FrameStep[] = [
  ...[0, 1, 2].map(version => elect('one that has its leader', 0, [[TOPIC, [0]]], version)),
  elect('one that has its leader', 1, [[TOPIC, [0, 1]]]),
  elect('unknown ones', 0, [
    ['nope', [0]],
    [TOPIC, [9, -1]],
    ['', [0]],
  ]),
  elect('unknown ones', 1, [
    ['nope', [0]],
    [TOPIC, [9]],
  ]),
  elect('one twice', 0, [
    [TOPIC, [0, 0]],
    [TOPIC, [0]],
  ]),
  elect('no partitions', 0, [[TOPIC, []]]),
  elect('no topics', 0, []),
  elect('an unknown type', 2, [[TOPIC, [0]]]),
  elect('a negative type', -1, [[TOPIC, [0]]]),
  elect('an unknown type, all', 9, null),
];

type Target = readonly [number, readonly number[] | null];

function reassign(
  name: string,
  topic: string,
  targets: readonly Target[],
  options: { version?: number; canGrow?: boolean } = {},
): FrameStep {
  const { version = 1, canGrow = true } = options;
  return step(`reassign: ${name}, version ${version}`, {
    api: AlterPartitionReassignments,
    version,
    body: {
      timeoutMs: 5000,
      ...(version === 0 ? {} : { allowReplicationFactorChange: canGrow }),
      topics: [
        {
          name: topic,
          partitions: targets.map(([partitionIndex, replicas]) => ({
            partitionIndex,
            replicas: replicas === null ? null : [...replicas],
          })),
        },
      ],
    },
  });
}

const reassignments: FrameStep[] = [
  ...[0, 1].map(version => reassign('to where it is', TOPIC, [[0, [NODE_ID]]], { version })),
  ...[0, 1].map(version => reassign('cancelled', TOPIC, [[0, null]], { version })),
  reassign('to an unknown broker', TOPIC, [[0, [7]]]),
  reassign('to itself and an unknown broker', TOPIC, [[0, [NODE_ID, 7]]]),
  reassign('to itself twice', TOPIC, [[0, [NODE_ID, NODE_ID]]]),
  reassign('to nobody', TOPIC, [[0, []]]),
  reassign('to a negative broker', TOPIC, [[0, [-1]]]),
  reassign('a growth that is not allowed', TOPIC, [[0, [NODE_ID, 7]]], { canGrow: false }),
  reassign('nobody that is not allowed', TOPIC, [[0, []]], { canGrow: false }),
  reassign('the same, no growth allowed', TOPIC, [[0, [NODE_ID]]], { canGrow: false }),
  reassign('an unknown topic', 'nope', [[0, [NODE_ID]]]),
  reassign('an unknown topic cancelled', 'nope', [[0, null]]),
  reassign('a topic without a name', '', [[0, [NODE_ID]]]),
  reassign('an unknown partition', TOPIC, [
    [9, [NODE_ID]],
    [-1, null],
  ]),
  reassign('one twice', TOPIC, [
    [0, [NODE_ID]],
    [0, [NODE_ID]],
  ]),
  reassign('no partitions', TOPIC, []),
  ...(
    [
      ['all', null],
      ['none', []],
      ['one', [{ name: TOPIC, partitionIndexes: [0, 1] }]],
      [
        'unknown ones',
        [
          { name: 'nope', partitionIndexes: [0] },
          { name: TOPIC, partitionIndexes: [9] },
        ],
      ],
    ] as const
  ).map(([name, topics]) =>
    step(`reassignments: ${name}`, {
      api: ListPartitionReassignments,
      version: 0,
      body: {
        timeoutMs: 5000,
        topics:
          topics === null
            ? null
            : topics.map(topic => ({ ...topic, partitionIndexes: [...topic.partitionIndexes] })),
      },
    }),
  ),
];

interface EpochQuestion {
  readonly topic?: string;
  readonly partition?: number;
  readonly current?: number;
  readonly epoch: number;
}

function endOfEpoch(name: string, question: EpochQuestion, { version = 4, replicaId = -1 } = {}): FrameStep {
  const { topic = TOPIC, partition = 0, current = -1, epoch } = question;
  return step(`end of epoch: ${name}, version ${version}`, {
    api: OffsetForLeaderEpoch,
    version,
    body: {
      ...(version < 3 ? {} : { replicaId }),
      topics: [{ topic, partitions: [{ partition, currentLeaderEpoch: current, leaderEpoch: epoch }] }],
    },
  });
}

const epochs: FrameStep[] = [
  ...[2, 3, 4].map(version => endOfEpoch('the first', { epoch: 0 }, { version })),
  endOfEpoch('of an empty log', { epoch: 0, partition: 2 }),
  endOfEpoch('the next', { epoch: 1 }),
  endOfEpoch('none', { epoch: -1 }),
  endOfEpoch('less than none', { epoch: -2 }),
  endOfEpoch('a far one', { epoch: 2_147_483_647 }),
  endOfEpoch('the current one', { epoch: 0, current: 0 }),
  endOfEpoch('a future current one', { epoch: 0, current: 5 }),
  endOfEpoch('a negative current one', { epoch: 0, current: -5 }),
  endOfEpoch('an unknown topic', { topic: 'nope', epoch: 0 }),
  endOfEpoch('a topic without a name', { topic: '', epoch: 0 }),
  endOfEpoch('an unknown partition', { partition: 9, epoch: 0 }),
  endOfEpoch('a negative partition', { partition: -1, epoch: 0 }),
  endOfEpoch('asked by a replica', { epoch: 0 }, { replicaId: 5 }),
  endOfEpoch('asked by nobody', { epoch: 0 }, { replicaId: -2 }),
  step('end of epoch: nothing', {
    api: OffsetForLeaderEpoch,
    version: 4,
    body: { replicaId: -1, topics: [] },
  }),
  step('end of epoch: one topic twice', {
    api: OffsetForLeaderEpoch,
    version: 4,
    body: {
      replicaId: -1,
      topics: [0, 1].map(partition => ({
        topic: TOPIC,
        partitions: [{ partition, currentLeaderEpoch: -1, leaderEpoch: 0 }],
      })),
    },
  }),
];

function quorum(
  name: string,
  version: number,
  topics: readonly (readonly [string, readonly number[]])[],
): FrameStep {
  return {
    name: `quorum: ${name}, version ${version}`,
    ask: async peer => {
      const answer = (await ask(peer, {
        api: DescribeQuorum,
        version,
        body: {
          topics: topics.map(([topicName, partitions]) => ({
            topicName,
            partitions: partitions.map(partitionIndex => ({ partitionIndex })),
          })),
        },
      })) as ResponseOf<typeof DescribeQuorum>;
      for (const partition of answer.topics.flatMap(topic => topic.partitions)) {
        if (partition.highWatermark > 0) partition.highWatermark = 1;
        if (partition.leaderEpoch > 0) partition.leaderEpoch = 1;
        for (const voter of [...partition.currentVoters, ...partition.observers]) {
          if (voter.logEndOffset > 0) voter.logEndOffset = 1;
          if (voter.lastFetchTimestamp > 0n) voter.lastFetchTimestamp = 1n;
          if (voter.lastCaughtUpTimestamp > 0n) voter.lastCaughtUpTimestamp = 1n;
          if (version >= 2) voter.replicaDirectoryId = 'a directory id';
        }
      }
      // Millrace has no controller listener: the address is one that a Voters record must name.
      for (const node of answer.nodes)
        for (const listener of node.listeners) Object.assign(listener, { host: '', port: 0 });
      return answer;
    },
  };
}

const METADATA_LOG = '__cluster_metadata';
const quorums: FrameStep[] = [
  ...[0, 1, 2].map(version => quorum('described', version, [[METADATA_LOG, [0]]])),
  ...[0, 1, 2].map(version => quorum('another topic', version, [[TOPIC, [0]]])),
  quorum('another partition', 2, [[METADATA_LOG, [1]]]),
  quorum('two partitions', 2, [[METADATA_LOG, [0, 1]]]),
  quorum('two topics', 2, [
    [METADATA_LOG, [0]],
    [TOPIC, [0]],
  ]),
  quorum('nothing', 2, []),
  quorum('no partitions', 2, [[METADATA_LOG, []]]),
];

export const layoutSteps: readonly FrameStep[] = [
  createTopic(TOPIC, 3),
  ...[0, 1].map(partition =>
    step(`produce to ${TOPIC}-${partition}`, {
      api: Produce,
      version: 12,
      body: produceRequest({ topic: TOPIC, partition, records: batchOf(['a', 'b']) }),
    }),
  ),
  ...logDirs,
  ...elections,
  ...reassignments,
  ...epochs,
  ...quorums,
];
