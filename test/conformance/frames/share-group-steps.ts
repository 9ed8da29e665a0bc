// Share groups (KIP-932) at a metadata.version that has them: members that join, beat, are fenced and leave, descriptions,
// offsets that are looked at, altered and deleted, groups of other kinds under the same name, and the records that all of it
// leaves in __consumer_offsets.

import { ConsumerGroupDescribe } from '../../../src/protocol/messages/apis/consumer-group-describe.ts';
import { ConsumerGroupHeartbeat } from '../../../src/protocol/messages/apis/consumer-group-heartbeat.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { Heartbeat } from '../../../src/protocol/messages/apis/heartbeat.ts';
import { JoinGroup } from '../../../src/protocol/messages/apis/join-group.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetDelete } from '../../../src/protocol/messages/apis/offset-delete.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { type FrameStep, inAnyOrder, step } from './frame-step.ts';
import { setConfig } from './group-requests.ts';
import { createTopic } from './produce-steps.ts';
import {
  alterOffsets,
  beat,
  beatUntil,
  deleteGroups,
  deleteOffsets,
  deleteTopic,
  describe,
  describeOffsets,
  findCoordinator,
  GONE_TOPIC,
  GROUP,
  list,
  OTHER_TOPIC,
  produce,
  recordsOf,
  TOPIC,
  to,
} from './share-group-requests.ts';

const joinBody = { memberEpoch: 0, subscribedTopicNames: [TOPIC] };

const refusedBeats: readonly FrameStep[] = [
  beat('no member id', { ...joinBody, memberId: '' }),
  beat('a blank member id', { ...joinBody, memberId: ' ' }),
  beat('a member id of 37 letters', { ...joinBody, memberId: 'x'.repeat(37) }),
  beat('no group', { ...joinBody, groupId: '' }),
  beat('an empty rack', { ...joinBody, rackId: '' }),
  beat('a member that joins without topics', { memberEpoch: 0 }),
  beat('a member that joins with an empty list', { memberEpoch: 0, subscribedTopicNames: [] }),
  beat('epoch -2', { memberEpoch: -2 }),
  beat('a group that is not there', { memberEpoch: 3 }),
  beat('leaving a group that is not there', { memberEpoch: -1 }),
];

const members: readonly FrameStep[] = [
  beat('the first member', joinBody),
  beatUntil(
    'the first member gets what is initialized',
    { memberEpoch: 2, subscribedTopicNames: [TOPIC] },
    2,
  ),
  beat('nothing new', { memberEpoch: 3 }),
  beat('its former epoch: the answer got lost', { memberEpoch: 2 }),
  beat('a rack', { memberEpoch: 3, rackId: 'r1' }),
  beat('a greater epoch', { memberEpoch: 9 }),
  beat('a smaller epoch', { memberEpoch: 1 }),
  beat('a member that is not there', { memberId: 'm9', memberEpoch: 3 }),
  beat('leaving as a member that is not there', { memberId: 'm9', memberEpoch: -1 }),
  beat('a second member', { ...joinBody, memberId: 'm2', rackId: 'r2' }),
  beat('the first member gives up one', { memberEpoch: 3 }),
  beat('a third member: more than partitions', { ...joinBody, memberId: 'm3' }),
  beat('a topic more', { memberId: 'm3', memberEpoch: 5, subscribedTopicNames: [OTHER_TOPIC, TOPIC] }),
  beatUntil(
    'the other topic is initialized',
    { memberId: 'm3', memberEpoch: 6, subscribedTopicNames: [OTHER_TOPIC, TOPIC] },
    2,
  ),
  beat('a topic that is not there', {
    memberId: 'm3',
    memberEpoch: 7,
    subscribedTopicNames: ['nope', TOPIC],
  }),
  beat('joining again', { ...joinBody, memberId: 'm3' }),
  describe('three members', [GROUP]),
  describe('with what may be done', [GROUP], { includeAuthorizedOperations: true }),
  describe('a group that is not there, and one without a name', ['nope', '']),
  list('share groups', { statesFilter: [], typesFilter: ['share'] }),
  list('stable groups', { statesFilter: ['stable'], typesFilter: [] }),
  list('empty share groups', { statesFilter: ['Empty'], typesFilter: ['Share'] }),
];

const otherKinds: readonly FrameStep[] = [
  step('DescribeGroups v6 of a share group', {
    api: DescribeGroups,
    version: 6,
    body: { groups: [GROUP], includeAuthorizedOperations: false },
  }),
  step('DescribeGroups v5 of a share group', {
    api: DescribeGroups,
    version: 5,
    body: { groups: [GROUP], includeAuthorizedOperations: false },
  }),
  step('ConsumerGroupDescribe of a share group', {
    api: ConsumerGroupDescribe,
    version: 1,
    body: { groupIds: [GROUP], includeAuthorizedOperations: false },
  }),
  step('ConsumerGroupHeartbeat to a share group', {
    api: ConsumerGroupHeartbeat,
    version: 1,
    body: {
      groupId: GROUP,
      memberId: 'c1',
      memberEpoch: 0,
      instanceId: null,
      rackId: null,
      rebalanceTimeoutMs: 10_000,
      subscribedTopicNames: [TOPIC],
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: [],
    },
  }),
  step('JoinGroup to a share group', {
    api: JoinGroup,
    version: 9,
    body: {
      groupId: GROUP,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
      reason: null,
    },
  }),
  step('Heartbeat to a share group', {
    api: Heartbeat,
    version: 4,
    body: { groupId: GROUP, generationId: 1, memberId: 'm1', groupInstanceId: null },
  }),
  ...[8, 9].map(version =>
    step(`OffsetCommit v${version} to a share group`, {
      api: OffsetCommit,
      version,
      body: {
        groupId: GROUP,
        generationIdOrMemberEpoch: -1,
        memberId: '',
        groupInstanceId: null,
        topics: [
          {
            name: TOPIC,
            partitions: [
              { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: '' },
            ],
          },
        ],
      },
    }),
  ),
  step('OffsetFetch of a share group', {
    api: OffsetFetch,
    version: 9,
    body: {
      groups: [
        {
          groupId: GROUP,
          memberId: null,
          memberEpoch: -1,
          topics: [{ name: TOPIC, partitionIndexes: [0] }],
        },
      ],
      requireStable: false,
    },
  }),
  step('OffsetFetch of a share group as a member', {
    api: OffsetFetch,
    version: 9,
    body: {
      groups: [
        { groupId: GROUP, memberId: 'm1', memberEpoch: 3, topics: [{ name: TOPIC, partitionIndexes: [0] }] },
      ],
      requireStable: false,
    },
  }),
  step('OffsetDelete of a share group', {
    api: OffsetDelete,
    version: 0,
    body: { groupId: GROUP, topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0 }] }] },
  }),
  step('OffsetCommit makes a classic group', {
    api: OffsetCommit,
    version: 8,
    body: {
      groupId: `${GROUP}-classic`,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [
        {
          name: TOPIC,
          partitions: [
            { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: '' },
          ],
        },
      ],
    },
  }),
  beat('to a classic group', { ...joinBody, groupId: `${GROUP}-classic` }),
  beat('leaving a classic group', { groupId: `${GROUP}-classic`, memberEpoch: -1 }),
  describe('a classic group', [`${GROUP}-classic`]),
  alterOffsets('a classic group', [to(TOPIC, [0, 1])], `${GROUP}-classic`),
  deleteOffsets('a classic group', [TOPIC], `${GROUP}-classic`),
  describeOffsets('a classic group', null, { groupId: `${GROUP}-classic` }),
];

/** What the share coordinator will not be asked about stays with the group, which cannot be deleted any more. */
const alterNegative = alterOffsets('a partition below zero', [to(TOPIC, [-1, 0])], `${GROUP}-poisoned`);
const poisoned: FrameStep = {
  ...alterNegative,
  ask: async peer => {
    const answer = (await alterNegative.ask(peer)) as { readonly errorMessage: string };
    return { ...answer, errorMessage: answer.errorMessage.replace(peer.topicIds.get(TOPIC) ?? '', 'its id') };
  },
};

const offsets: readonly FrameStep[] = [
  produce(TOPIC, 10),
  ...[0, 1].map(version => describeOffsets('all', null, { version })),
  describeOffsets('named', [
    { topicName: TOPIC, partitions: [0, 1, 7] },
    { topicName: 'nope', partitions: [0] },
  ]),
  describeOffsets('no topics', []),
  describeOffsets('a partition below zero', [{ topicName: TOPIC, partitions: [-1] }]),
  describeOffsets('a group that is not there', null, { groupId: 'nope' }),
  describeOffsets('named, of a group that is not there', [{ topicName: TOPIC, partitions: [0] }], {
    groupId: 'nope',
  }),
  describeOffsets('a group without a name', null, { groupId: '' }),
  alterOffsets('with members', [to(TOPIC, [0, 5])]),
  deleteOffsets('with members', [TOPIC]),
  deleteGroups('with members', [GROUP]),
  ...['m1', 'm2', 'm3'].map(memberId => beat(`${memberId} leaves`, { memberId, memberEpoch: -1 })),
  describe('nobody', [GROUP]),
  list('empty share groups', { statesFilter: ['Empty'], typesFilter: ['Share'] }),
  alterOffsets('some', [to(TOPIC, [0, 5], [9, 1]), to('nope', [0, 1])]),
  describeOffsets('altered', null),
  alterOffsets('the same again, and the other partition', [to(TOPIC, [0, 7], [1, 0])]),
  describeOffsets('altered again', null),
  alterOffsets('nothing', []),
  poisoned,
  alterOffsets('an offset below zero', [to(TOPIC, [0, -5])]),
  describeOffsets('after an offset below zero', null),
  alterOffsets('a group without a name', [to(TOPIC, [0, 5])], ''),
  alterOffsets('a group that is not there', [to(TOPIC, [0, 5])], `${GROUP}-altered`),
  describe('a group that was made so', [`${GROUP}-altered`]),
  describeOffsets('a group that was made so', null, { groupId: `${GROUP}-altered` }),
  list('with it', { statesFilter: [], typesFilter: ['share'] }),
  deleteOffsets('some', [TOPIC, 'nope', GONE_TOPIC]),
  deleteOffsets('again', [TOPIC]),
  deleteOffsets('nothing', []),
  deleteOffsets('a group that is not there', [TOPIC], 'nope'),
  deleteOffsets('a group without a name', [TOPIC], ''),
  describeOffsets('deleted', null),
  describeOffsets('deleted, by name', [{ topicName: TOPIC, partitions: [0, 1] }]),
];

const ends: readonly FrameStep[] = [
  setConfig(GROUP, 'share.heartbeat.interval.ms', '7000'),
  beat('a member of a group with its own settings', {
    ...joinBody,
    subscribedTopicNames: [GONE_TOPIC, TOPIC],
  }),
  beatUntil('it gets all', { memberEpoch: 13, subscribedTopicNames: [GONE_TOPIC, TOPIC] }, 3),
  setConfig(GROUP, 'share.heartbeat.interval.ms', null),
  deleteTopic(GONE_TOPIC),
  describe('a topic is gone', [GROUP]),
  beat('a topic is gone', { memberEpoch: 14 }),
  describeOffsets('a topic is gone', null),
  beat('it leaves', { memberEpoch: -1 }),
  recordsOf(`${GROUP}-altered`),
  inAnyOrder(deleteGroups('some', [GROUP, `${GROUP}-altered`, `${GROUP}-poisoned`, 'nope'])),
  recordsOf(GROUP),
  recordsOf(`${GROUP}-altered`),
  recordsOf(`${GROUP}-poisoned`),
  describe('deleted', [GROUP]),
  describeOffsets('of a deleted group', null),
  describeOffsets('of a deleted group, by name', [{ topicName: TOPIC, partitions: [0] }]),
  list('none', { statesFilter: [], typesFilter: ['share'] }),
];

export const shareGroupSteps: readonly FrameStep[] = [
  createTopic(TOPIC, 2),
  createTopic(OTHER_TOPIC, 1),
  createTopic(GONE_TOPIC, 1),
  findCoordinator(GROUP),
  // Every change is assigned at once.
  setConfig(GROUP, 'share.assignment.interval.ms', '0'),
  ...refusedBeats,
  ...members,
  ...otherKinds,
  ...offsets,
  ...ends,
];

/** Before the level that has them. */
export const unservedShareGroupSteps: readonly FrameStep[] = [
  beat('where there are no share groups', joinBody),
  describe('where there are no share groups', [GROUP]),
  describeOffsets('where there are no share groups', null),
  alterOffsets('where there are no share groups', [to(TOPIC, [0, 5])]),
  deleteOffsets('where there are no share groups', [TOPIC]),
];
