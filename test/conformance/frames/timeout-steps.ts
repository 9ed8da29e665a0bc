// Requests whose time is up before they are looked at: a timeout of 0, below 0, or the lowest there is. Apache Kafka's
// controller looks at the clock before it looks at some requests, and at others never.

import { AlterPartitionReassignments } from '../../../src/protocol/messages/apis/alter-partition-reassignments.ts';
import { CreatePartitions } from '../../../src/protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { DeleteRecords } from '../../../src/protocol/messages/apis/delete-records.ts';
import { DeleteTopics } from '../../../src/protocol/messages/apis/delete-topics.ts';
import { ElectLeaders } from '../../../src/protocol/messages/apis/elect-leaders.ts';
import { ListPartitionReassignments } from '../../../src/protocol/messages/apis/list-partition-reassignments.ts';
import { UpdateFeatures } from '../../../src/protocol/messages/apis/update-features.ts';
import { type FrameStep, inAnyOrder, step } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';

const TOPIC = 'time-is-up';
const SOME_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const TIMES = [0, -1, -2_147_483_648];

const topic = (name: string) => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
});

const creations = (timeoutMs: number): FrameStep[] => {
  const create = (name: string, names: readonly string[], version = 7, validateOnly = false) =>
    step(`create topics within ${timeoutMs} ms: ${name}`, {
      api: CreateTopics,
      version,
      body: { topics: names.map(topic), timeoutMs, validateOnly },
    });
  return [
    ...[2, 4, 5, 7].map(version => create(`one, version ${version}`, ['late'], version)),
    create('none', []),
    create('validated only', ['late'], 7, true),
    create('one that exists', [TOPIC]),
    create('a name that is none', ['not/valid']),
    create('the same twice', ['twice', 'twice']),
    create('the same twice, and one', ['twice', 'twice', 'late']),
    create('the metadata log', ['__cluster_metadata']),
  ];
};

const deletions = (timeoutMs: number): FrameStep[] => {
  const byName = (name: string, topicNames: readonly string[], version: number) =>
    step(`delete topics within ${timeoutMs} ms: ${name}, version ${version}`, {
      api: DeleteTopics,
      version,
      body: { topicNames: [...topicNames], topics: [], timeoutMs },
    });
  const byReference = (name: string, topics: readonly (readonly [string | null, string])[]) =>
    step(`delete topics within ${timeoutMs} ms: ${name}`, {
      api: DeleteTopics,
      version: 6,
      body: {
        topicNames: [],
        topics: topics.map(([topicName, topicId]) => ({ name: topicName, topicId })),
        timeoutMs,
      },
    });
  return [
    ...[1, 3, 5].flatMap(version => [
      byName('one', [TOPIC], version),
      byName('an unknown one', ['unknown'], version),
      byName('none', [], version),
      byName('the same twice', [TOPIC, TOPIC], version),
    ]),
    byReference('one', [[TOPIC, ZERO_ID]]),
    byReference('an unknown id', [[null, SOME_ID]]),
    byReference('neither name nor id', [[null, ZERO_ID]]),
    byReference('name and id', [[TOPIC, SOME_ID]]),
    byReference('name and id, and one', [
      [TOPIC, SOME_ID],
      ['unknown', ZERO_ID],
    ]),
  ];
};

const growths = (timeoutMs: number): FrameStep[] => {
  const grow = (name: string, names: readonly string[], { version = 3, validateOnly = false } = {}) =>
    step(`create partitions within ${timeoutMs} ms: ${name}, version ${version}`, {
      api: CreatePartitions,
      version,
      body: {
        topics: names.map(topicName => ({ name: topicName, count: 3, assignments: null })),
        timeoutMs,
        validateOnly,
      },
    });
  return [
    ...[0, 2, 3].map(version => grow('of one', [TOPIC], { version })),
    grow('of none', []),
    grow('validated only', [TOPIC], { validateOnly: true }),
    grow('of an unknown one', ['unknown']),
    grow('of the same twice', [TOPIC, TOPIC]),
    grow('of the same twice, and one', [TOPIC, TOPIC, 'unknown']),
  ];
};

const moves = (timeoutMs: number): FrameStep[] => [
  ...[0, 1].flatMap(version =>
    (
      [
        ['of one', [TOPIC], [1]],
        ['of an unknown one', ['unknown'], [1]],
        ['elsewhere', [TOPIC], [7]],
        ['of none', [], [1]],
      ] as const
    ).map(([name, names, replicas]) =>
      step(`reassign within ${timeoutMs} ms: ${name}, version ${version}`, {
        api: AlterPartitionReassignments,
        version,
        body: {
          timeoutMs,
          allowReplicationFactorChange: true,
          topics: names.map(topicName => ({
            name: topicName,
            partitions: [{ partitionIndex: 0, replicas: [...replicas] }],
          })),
        },
      }),
    ),
  ),
  step(`list reassignments within ${timeoutMs} ms`, {
    api: ListPartitionReassignments,
    version: 0,
    body: { timeoutMs, topics: null },
  }),
  step(`list reassignments of one within ${timeoutMs} ms`, {
    api: ListPartitionReassignments,
    version: 0,
    body: { timeoutMs, topics: [{ name: TOPIC, partitionIndexes: [0] }] },
  }),
];

const rest = (timeoutMs: number): FrameStep[] => [
  ...[0, 1, 2].map(version =>
    step(`elect leaders within ${timeoutMs} ms, version ${version}`, {
      api: ElectLeaders,
      version,
      body: { electionType: 0, topicPartitions: [{ topic: TOPIC, partitions: [0] }], timeoutMs },
    }),
  ),
  ...[0, 1, 2].map(version =>
    step(`update no feature within ${timeoutMs} ms, version ${version}`, {
      api: UpdateFeatures,
      version,
      body: { timeoutMs, validateOnly: false, featureUpdates: [] },
    }),
  ),
  step(`update a feature within ${timeoutMs} ms`, {
    api: UpdateFeatures,
    version: 2,
    body: {
      timeoutMs,
      validateOnly: false,
      featureUpdates: [
        { feature: 'group.version', maxVersionLevel: 1, upgradeType: 1, allowDowngrade: false },
      ],
    },
  }),
  inAnyOrder(
    step(`delete records within ${timeoutMs} ms`, {
      api: DeleteRecords,
      version: 2,
      body: {
        timeoutMs,
        topics: [
          { name: TOPIC, partitions: [{ partitionIndex: 0, offset: 0 }] },
          { name: 'unknown', partitions: [{ partitionIndex: 0, offset: 0 }] },
        ],
      },
    }),
  ),
];

export const timeoutSteps: readonly FrameStep[] = [
  createTopic(TOPIC, 1),
  ...TIMES.flatMap(timeoutMs => [
    ...creations(timeoutMs),
    ...deletions(timeoutMs),
    ...growths(timeoutMs),
    ...moves(timeoutMs),
    ...rest(timeoutMs),
  ]),
  step('the topic is still there', {
    api: CreateTopics,
    version: 7,
    body: { topics: [topic(TOPIC)], timeoutMs: 5_000, validateOnly: true },
  }),
];
