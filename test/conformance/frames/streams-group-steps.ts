// Streams groups (KIP-1071) at a metadata.version that has them: what is refused, members that join, share tasks, are fenced
// and leave, topologies whose topics are missing, made, and do not fit, endpoints, standbys, offsets, groups of other kinds
// under the same name, and the records that all of it leaves in __consumer_offsets.

import { ConsumerGroupDescribe } from '../../../src/protocol/messages/apis/consumer-group-describe.ts';
import { ConsumerGroupHeartbeat } from '../../../src/protocol/messages/apis/consumer-group-heartbeat.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { JoinGroup } from '../../../src/protocol/messages/apis/join-group.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetDelete } from '../../../src/protocol/messages/apis/offset-delete.ts';
import { type FrameStep, step } from './frame-step.ts';
import { setConfig } from './group-requests.ts';
import { createTopic } from './produce-steps.ts';
import { deleteGroups, deleteTopic, findCoordinator, recordsOf } from './share-group-requests.ts';
import {
  beat,
  beatUntilFailed,
  beatUntilReady,
  COUNTING,
  commit,
  describe,
  fetchOffsets,
  GROUP,
  internal,
  joining,
  list,
  named,
  owning,
  PLAIN,
  THREE,
  TWO,
  tasks,
  topicsAsMade,
  topology,
} from './streams-group-requests.ts';

const refused: readonly FrameStep[] = [
  beat('no member id', joining({ memberId: '' })),
  beat('a blank member id', joining({ memberId: ' ' })),
  beat('no group', joining({ groupId: '' })),
  beat('a static member', joining({ instanceId: 'i1' })),
  beat('an empty rack', joining({ rackId: '' })),
  beat('no rebalance timeout', joining({ rebalanceTimeoutMs: -1 })),
  beat('no active tasks when joining', joining({ activeTasks: null })),
  beat('active tasks when joining', joining({ activeTasks: [tasks('0', 0)] })),
  beat('no standby tasks when joining', joining({ standbyTasks: null })),
  beat('no warm-up tasks when joining', joining({ warmupTasks: null })),
  beat('warm-up tasks', joining({ warmupTasks: [tasks('0', 0)] })),
  beat('no topology when joining', joining({ topology: null })),
  beat('a topology later on', { memberEpoch: 1, topology: PLAIN }),
  beat('task offsets', joining({ taskOffsets: [] })),
  beat('task end offsets', joining({ taskEndOffsets: [] })),
  beat('one kind of tasks without the others', { memberEpoch: 1, activeTasks: [] }),
  beat('epoch -2 without an instance', { memberEpoch: -2 }),
  beat('epoch -3', { memberEpoch: -3 }),
  beat('a source by pattern', joining({ topology: topology({ sourceTopicRegex: ['a.*'] }) })),
  beat(
    'a changelog with partitions',
    joining({ topology: topology({ sourceTopics: [THREE], stateChangelogTopics: [internal('log', 3)] }) }),
  ),
  beat('an internal topic', joining({ topology: topology({ sourceTopics: ['__consumer_offsets'] }) })),
  beat(
    'names that no topic has',
    joining({ topology: topology({ sourceTopics: ['a b', ''], repartitionSinkTopics: ['ü'] }) }),
  ),
  beat('a topology of epoch -1', joining({ topology: { ...PLAIN, epoch: -1 } })),
  beat('no sources', joining({ topology: topology({}) })),
  beat(
    'one subtopology twice',
    joining({ topology: { epoch: 0, subtopologies: [0, 1].flatMap(() => PLAIN.subtopologies) } }),
  ),
  beat(
    'a copartition group of nothing there',
    joining({
      topology: topology({
        sourceTopics: [THREE],
        copartitionGroups: [{ sourceTopics: [3], sourceTopicRegex: [], repartitionSourceTopics: [] }],
      }),
    }),
  ),
  beat('a client tag twice', joining({ clientTags: [1, 2].map(value => ({ key: 'k', value: `${value}` })) })),
  beat(
    'repartition topics in a circle',
    joining({
      topology: topology(
        { repartitionSourceTopics: [internal('r1')], repartitionSinkTopics: ['r2'] },
        { repartitionSourceTopics: [internal('r2')], repartitionSinkTopics: ['r1'] },
      ),
    }),
  ),
  beat(
    'a repartition topic nobody writes',
    joining({ topology: topology({ sourceTopics: [THREE], repartitionSourceTopics: [internal('r1')] }) }),
  ),
  beat('a group that is not there', { memberEpoch: 3 }),
  beat('leaving a group that is not there', { memberEpoch: -1 }),
  describe('a group that is not there, and one without a name', ['nope', '']),
];

const members: readonly FrameStep[] = [
  beat('the first member', joining({ rackId: 'r1', clientTags: [{ key: 'zone', value: 'a' }] })),
  describe('right after the first heartbeat', [GROUP]),
  beat('nothing new', owning(2, [tasks('0', 0, 1, 2)])),
  beat('without saying what it owns', { memberEpoch: 2 }),
  beat('its former epoch: the answer got lost', owning(0, [])),
  beat('a greater epoch', owning(9, [tasks('0', 0, 1, 2)])),
  beat('a smaller epoch', owning(1, [tasks('0', 0, 1, 2)])),
  beat('a subtopology that is not there', owning(2, [tasks('9', 0)])),
  beat('a task that is not there', owning(2, [tasks('0', 3)])),
  beat('a member that is not there', { memberId: 'm9', memberEpoch: 2 }),
  beat('leaving as a member that is not there', { memberId: 'm9', memberEpoch: -1 }),
  beat('a second member of another process', joining({ memberId: 'm2', processId: 'p2' })),
  beat('the second waits', owning(3, [], { memberId: 'm2' })),
  beat('the first is told to give up', owning(2, [tasks('0', 0, 1, 2)])),
  beat('the first has not given up', owning(2, [tasks('0', 0, 1, 2)])),
  describe('one gives up, one waits', [GROUP]),
  beat('the second still waits', owning(3, [], { memberId: 'm2' })),
  beat('the first has given up', owning(2, [tasks('0', 0, 1)])),
  beat('the second gets it', owning(3, [], { memberId: 'm2' })),
  describe('two members', [GROUP]),
  describe('with what may be done', [GROUP], { includeAuthorizedOperations: true }),
  beat('a third member in the first process', joining({ memberId: 'm3' })),
  beat('the first again', owning(3, [tasks('0', 0, 1)])),
  beat('the first with one less', owning(3, [tasks('0', 0)])),
  beat('the third', owning(4, [], { memberId: 'm3' })),
  beat('the second', owning(3, [tasks('0', 2)], { memberId: 'm2' })),
  describe('three members', [GROUP]),
  beat('another topology', joining({ memberId: 'm4', topology: topology({ sourceTopics: [TWO] }) })),
  beat('a newer topology', joining({ memberId: 'm4', topology: { ...PLAIN, epoch: 1 } })),
  beat('another rack', owning(4, [tasks('0', 2)], { memberId: 'm2', rackId: 'r2' })),
  list('streams groups', { statesFilter: [], typesFilter: ['streams'] }),
  list('reconciling groups', { statesFilter: ['reconciling'], typesFilter: [] }),
  list('stable groups', { statesFilter: ['stable'], typesFilter: ['Streams'] }),
  deleteGroups('with members', [GROUP]),
];

const offsets: readonly FrameStep[] = [
  commit('in the epoch of the member', { memberId: 'm2', memberEpoch: 5, partitions: [0, 1, 2] }),
  commit('in the epoch of the task', { memberId: 'm2', memberEpoch: 3, partitions: [0, 2] }),
  commit('in an older epoch', { memberId: 'm2', memberEpoch: 2, partitions: [2] }),
  commit('in a newer epoch', { memberId: 'm2', memberEpoch: 9, partitions: [2] }),
  commit('of a topic that the topology has not', { memberId: 'm2', memberEpoch: 3, topic: TWO }),
  commit('by a member that is not there', { memberId: 'm9', memberEpoch: 3 }),
  commit('by nobody', {}),
  commit('too old a version', { memberId: 'm2', memberEpoch: 5, version: 8 }),
  fetchOffsets('by nobody', {}),
  fetchOffsets('by a member', { memberId: 'm2', memberEpoch: 5 }),
  fetchOffsets('in an older epoch', { memberId: 'm2', memberEpoch: 4 }),
  fetchOffsets('by a member that is not there', { memberId: 'm9', memberEpoch: 4 }),
  step('OffsetDelete of a topic that is read, and of one that is not', {
    api: OffsetDelete,
    version: 0,
    body: {
      groupId: GROUP,
      topics: [THREE, TWO].map(name => ({ name, partitions: [{ partitionIndex: 0 }] })),
    },
  }),
];

const subscription = Buffer.from('00000000000100', 'hex');

function joinClassic(groupId: string, memberId = ''): FrameStep {
  return {
    ...step(`JoinGroup in ${groupId}`, {
      api: JoinGroup,
      version: 9,
      body: {
        groupId,
        memberId,
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription }],
        reason: null,
      },
    }),
  };
}

const otherKinds: readonly FrameStep[] = [
  step('DescribeGroups v6 of a streams group', {
    api: DescribeGroups,
    version: 6,
    body: { groups: [GROUP], includeAuthorizedOperations: false },
  }),
  step('ConsumerGroupDescribe of a streams group', {
    api: ConsumerGroupDescribe,
    version: 1,
    body: { groupIds: [GROUP], includeAuthorizedOperations: false },
  }),
  step('ConsumerGroupHeartbeat in a streams group', {
    api: ConsumerGroupHeartbeat,
    version: 1,
    body: {
      groupId: GROUP,
      memberId: 'c1',
      memberEpoch: 0,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: [THREE],
      topicPartitions: [],
    },
  }),
  joinClassic(GROUP),
  step('offsets of a group that is none yet', {
    api: OffsetCommit,
    version: 9,
    body: {
      groupId: named('simple'),
      memberId: '',
      generationIdOrMemberEpoch: -1,
      topics: [
        { name: THREE, partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }] },
      ],
    },
  }),
  beat('in the place of offsets', joining({ groupId: named('simple') })),
  step('a consumer group', {
    api: ConsumerGroupHeartbeat,
    version: 1,
    body: {
      groupId: named('consumer'),
      memberId: 'c1',
      memberEpoch: 0,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: [THREE],
      topicPartitions: [],
    },
  }),
  beat('in a consumer group', joining({ groupId: named('consumer') })),
  beat('later in a consumer group', { groupId: named('consumer'), memberEpoch: 1 }),
  beat('leaving a consumer group', { groupId: named('consumer'), memberEpoch: -1 }),
  describe('a consumer group', [named('consumer')]),
];

const COUNTER = { groupId: named('counting') };
const FIVE_TASKS = [tasks('0', 0, 1, 2), tasks('1', 0, 1, 2)];

const internalTopics: readonly FrameStep[] = [
  beat('topics are missing', joining({ ...COUNTER, topology: COUNTING })),
  beatUntilReady('they are there', owning(2, [], COUNTER)),
  topicsAsMade(named('words'), named('counts')),
  describe('a topology that runs', [COUNTER.groupId]),
  setConfig(COUNTER.groupId, 'streams.num.standby.replicas', '1'),
  // What failed is remembered for two heartbeats.
  setConfig(COUNTER.groupId, 'streams.heartbeat.interval.ms', '1000'),
  beat('standbys are wanted, one process is there', owning(3, FIVE_TASKS, COUNTER)),
  beat('a second process', joining({ ...COUNTER, memberId: 'm2', processId: 'p2', topology: COUNTING })),
  beat('the first gives up', owning(4, FIVE_TASKS, COUNTER)),
  beat('the first has given up', owning(4, [tasks('0', 0, 1), tasks('1', 0, 1)], COUNTER)),
  beat('the second', owning(5, [], { ...COUNTER, memberId: 'm2' })),
  describe('active and standby', [COUNTER.groupId]),
  beat('leaving', { ...COUNTER, memberEpoch: -1 }),
  beat('the second alone', owning(5, [tasks('0', 2), tasks('1', 2)], { ...COUNTER, memberId: 'm2' })),
  describe('one is left', [COUNTER.groupId]),
  deleteTopic(named('counts')),
  beat('a changelog is gone', { ...COUNTER, memberId: 'm2', memberEpoch: 6 }),
  beatUntilReady('it is made anew', { ...COUNTER, memberId: 'm2', memberEpoch: 6 }),
  describe('it runs again', [COUNTER.groupId]),
  recordsOf(COUNTER.groupId),
];

const misfits: readonly FrameStep[] = [
  beat(
    'a source is missing',
    joining({ groupId: named('lost'), topology: topology({ sourceTopics: ['gone', 'away', THREE] }) }),
  ),
  beat(
    'many sources are missing',
    joining({ groupId: named('lost2'), topology: topology({ sourceTopics: ['e', 'd', 'c', 'b', 'a'] }) }),
  ),
  beat(
    'a source is missing, and there is an endpoint',
    joining({
      groupId: named('lost3'),
      userEndpoint: { host: 'h', port: 1 },
      topology: topology({ sourceTopics: ['gone'] }),
    }),
  ),
  describe('a topology that does not run', [named('lost')]),
  list('groups that are not ready', { statesFilter: ['not_ready'], typesFilter: [] }),
  list('groups that are not ready, by another name', { statesFilter: ['NotReady'], typesFilter: [] }),
  beat(
    'sources of different size are joined',
    joining({
      groupId: named('joined'),
      topology: topology({
        sourceTopics: [THREE, TWO],
        copartitionGroups: [{ sourceTopics: [0, 1], sourceTopicRegex: [], repartitionSourceTopics: [] }],
      }),
    }),
  ),
  beat(
    'a fixed repartition topic that does not fit its source',
    joining({
      groupId: named('fixed'),
      topology: topology(
        { sourceTopics: [TWO], repartitionSinkTopics: [named('r')] },
        {
          sourceTopics: [THREE],
          repartitionSourceTopics: [internal(named('r'), 5)],
          copartitionGroups: [{ sourceTopics: [0], sourceTopicRegex: [], repartitionSourceTopics: [0] }],
        },
      ),
    }),
  ),
  beat(
    'an internal topic of another size',
    joining({
      groupId: named('sized'),
      topology: topology({ sourceTopics: [THREE], stateChangelogTopics: [internal(TWO)] }),
    }),
  ),
  beat(
    'four internal topics are missing',
    joining({
      groupId: named('many'),
      topology: topology(
        { sourceTopics: [THREE, TWO], repartitionSinkTopics: [named('a'), named('b')] },
        {
          repartitionSourceTopics: [internal(named('a')), internal(named('b'))],
          stateChangelogTopics: [internal(named('c')), internal(named('d'))],
          copartitionGroups: [{ sourceTopics: [], sourceTopicRegex: [], repartitionSourceTopics: [0, 1] }],
        },
      ),
    }),
  ),
  beatUntilReady('four were made', owning(2, [], { groupId: named('many') })),
  topicsAsMade(named('a'), named('b'), named('c'), named('d')),
  beat(
    'an internal topic that cannot be made',
    joining({
      groupId: named('bad'),
      topology: topology({
        sourceTopics: [THREE],
        stateChangelogTopics: [internal(named('bad-log'), 0, { 'cleanup.policy': 'nonsense' })],
      }),
    }),
  ),
  beatUntilFailed('why it cannot be made', owning(2, [], { groupId: named('bad') })),
];

const ENDPOINT = { groupId: named('queried'), userEndpoint: { host: 'host', port: 8080 } };

const queries: readonly FrameStep[] = [
  beat('with an endpoint', joining(ENDPOINT)),
  beat(
    'the epoch of endpoints is not known',
    owning(2, [tasks('0', 0, 1, 2)], { groupId: ENDPOINT.groupId }),
  ),
  beat(
    'a second with an endpoint',
    joining({ ...ENDPOINT, memberId: 'm2', processId: 'p2', userEndpoint: { host: 'other', port: 65_535 } }),
  ),
  beat('the first gives up', owning(2, [tasks('0', 0, 1, 2)], { groupId: ENDPOINT.groupId })),
  beat(
    'the first has given up',
    owning(2, [tasks('0', 0, 1)], { groupId: ENDPOINT.groupId, endpointInformationEpoch: 2 }),
  ),
  beat(
    'the second gets it',
    owning(3, [], { groupId: ENDPOINT.groupId, memberId: 'm2', endpointInformationEpoch: 2 }),
  ),
  beat('the first has heard of it', {
    groupId: ENDPOINT.groupId,
    memberEpoch: 3,
    endpointInformationEpoch: 3,
  }),
  describe('with endpoints', [ENDPOINT.groupId]),
  beat('it asks for the end of the application', {
    groupId: ENDPOINT.groupId,
    memberEpoch: 3,
    shutdownApplication: true,
  }),
  beat('the other hears of it', {
    groupId: ENDPOINT.groupId,
    memberId: 'm2',
    memberEpoch: 3,
    endpointInformationEpoch: 3,
  }),
  beat('the other asks, too', {
    groupId: ENDPOINT.groupId,
    memberId: 'm2',
    memberEpoch: -1,
    shutdownApplication: true,
  }),
  beat('the last leaves', { groupId: ENDPOINT.groupId, memberEpoch: -1 }),
  beat('a new application', joining({ groupId: ENDPOINT.groupId })),
  recordsOf(ENDPOINT.groupId),
];

const DELAYED = { groupId: named('delayed') };

const settings: readonly FrameStep[] = [
  setConfig(DELAYED.groupId, 'streams.initial.rebalance.delay.ms', '600000'),
  setConfig(DELAYED.groupId, 'streams.heartbeat.interval.ms', '6000'),
  beat('a new group waits', joining(DELAYED)),
  beat('and waits', owning(1, [], DELAYED)),
  describe('a group that waits', [DELAYED.groupId]),
  setConfig(named('held'), 'streams.assignment.interval.ms', '15000'),
  beat('a group with an interval', joining({ groupId: named('held') })),
  beat('the second must wait', joining({ groupId: named('held'), memberId: 'm2', processId: 'p2' })),
  describe('a group with an interval', [named('held')]),
  setConfig(DELAYED.groupId, 'streams.num.standby.replicas', '3'),
  setConfig(DELAYED.groupId, 'streams.session.timeout.ms', '1000'),
];

const ends: readonly FrameStep[] = [
  beat('the first leaves', { memberEpoch: -1 }),
  beat('the second leaves', { memberId: 'm2', memberEpoch: -1 }),
  beat('the third leaves', { memberId: 'm3', memberEpoch: -1 }),
  describe('empty', [GROUP]),
  list('empty', { statesFilter: ['empty'], typesFilter: ['streams'] }),
  commit('to an empty group', {}),
  beat('in an empty group', joining()),
  beat('leaving it', { memberEpoch: -1 }),
  recordsOf(GROUP),
  deleteGroups('empty, and not there', [GROUP, named('nowhere')]),
  describe('deleted', [GROUP]),
  recordsOf(GROUP),
  beat('leaving offsets behind', { groupId: named('simple'), memberEpoch: -1 }),
  step('JoinGroup in the place of an empty streams group', {
    api: JoinGroup,
    version: 3,
    body: {
      groupId: named('simple'),
      memberId: '',
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      protocolType: 'nothing',
      protocols: [],
    },
  }),
  recordsOf(named('simple')),
  describe('a classic group', [named('simple')]),
];

export const streamsGroupSteps: readonly FrameStep[] = [
  createTopic(THREE, 3),
  createTopic(TWO, 2),
  findCoordinator(GROUP),
  ...refused,
  ...members,
  ...offsets,
  ...otherKinds,
  ...internalTopics,
  ...misfits,
  ...queries,
  ...settings,
  ...ends,
];

/** Before the level that has them. */
export const unservedStreamsGroupSteps: readonly FrameStep[] = [
  beat('where there are no streams groups', joining()),
  describe('where there are no streams groups', [GROUP, '']),
];
