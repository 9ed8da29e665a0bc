// Streams groups in time: sessions, tasks that are not given up, the wait of a new group, assignments that are held apart, a
// new start, topics that come and go, and offsets that outlive the members.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  beatStreams,
  internalTopic,
  NO_TASKS,
  streamsHeartbeat,
  streamsJoin,
  streamsTopology,
} from '../../../../test/support/streams-member.ts';
import { GroupWorld } from '../../../../test/transcripts/groups/group-world.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { StatusCode } from './status.ts';
import type { StreamsGroup } from './streams-group.ts';

const PLAIN = streamsTopology({ sourceTopics: ['in'] });
const ALL = [{ subtopologyId: '0', partitions: [0, 1, 2] }];

function open(): GroupWorld {
  const world = new GroupWorld();
  world.coordinator.start();
  world.topics.create('in', 3);
  return world;
}

function groupOf(world: GroupWorld): StreamsGroup {
  const group = world.coordinator.stateOf(0)?.streamsGroups.get('g');
  assert(group !== undefined);
  return group;
}

const join = (world: GroupWorld, memberId = 'm1', processId = memberId) =>
  beatStreams(world, streamsJoin(PLAIN, { memberId, processId }));

describe('heartbeats of streams groups', () => {
  it('keep a member for its session, and no longer', () => {
    const world = open();
    join(world);
    world.advance(44_999);
    beatStreams(world, streamsHeartbeat({ memberEpoch: 2 }));
    world.advance(44_999);
    assert.equal(groupOf(world).state, 'Stable');
    world.advance(1);
    assert.equal(groupOf(world).state, 'Empty');
    const answer = beatStreams(world, streamsHeartbeat({ memberEpoch: 2 }));
    assert.equal(answer.errorCode, ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('fence a member that does not give up its tasks in its rebalance timeout', () => {
    const world = open();
    join(world);
    join(world, 'm2');
    beatStreams(world, streamsHeartbeat({ memberEpoch: 2, ...NO_TASKS, activeTasks: ALL }));
    world.advance(19_999);
    // It is alive, and goes on.
    beatStreams(world, streamsHeartbeat({ memberEpoch: 2, ...NO_TASKS, activeTasks: ALL }));
    assert.equal(groupOf(world).members.size, 2);
    world.advance(1);
    assert.deepEqual([...groupOf(world).members.keys()], ['m2']);
    const { activeTasks } = beatStreams(
      world,
      streamsHeartbeat({ memberId: 'm2', memberEpoch: 3, ...NO_TASKS }),
    );
    assert.deepEqual(activeTasks, ALL);
  });

  it('of a new group wait for more members, and then for the next heartbeat', () => {
    const world = open();
    world.configureStreams({ initialRebalanceDelayMs: 3_000 });
    const first = join(world);
    assert.deepEqual(
      first.status?.map(({ statusCode }) => statusCode),
      [StatusCode.ASSIGNMENT_DELAYED],
    );
    assert.deepEqual(first.activeTasks, []);
    world.advance(2_000);
    join(world, 'm2');
    world.advance(1_000);
    assert.equal(groupOf(world).assignmentEpoch, groupOf(world).groupEpoch, 'the target is made by itself');
    const second = beatStreams(world, streamsHeartbeat({ memberId: 'm2', memberEpoch: 1, ...NO_TASKS }));
    assert.equal(second.activeTasks?.[0]?.partitions.length, 1);
    assert.deepEqual(second.status, []);
  });

  it('are assigned anew only after the interval', () => {
    const world = open();
    world.configureStreams({ assignmentIntervalMs: 1_000 });
    join(world);
    const early = join(world, 'm2');
    assert.equal(
      early.status?.[0]?.statusDetail,
      'Assignment delayed due to the configured assignment interval.',
    );
    world.advance(1_000);
    beatStreams(world, streamsHeartbeat({ memberId: 'm2', memberEpoch: early.memberEpoch, ...NO_TASKS }));
    assert.equal(groupOf(world).assignmentEpoch, 3);
  });

  it('go on after a new start with the tasks they had', () => {
    const world = open();
    join(world);
    world.restart();
    const answer = beatStreams(world, streamsHeartbeat({ memberEpoch: 2, ...NO_TASKS, activeTasks: ALL }));
    assert.equal(answer.errorCode, 0);
    assert.equal(answer.memberEpoch, 2);
    assert.equal(answer.activeTasks, undefined);
    world.advance(45_000);
    assert.equal(groupOf(world).state, 'Empty', 'its session began anew with the start');
  });

  it('tell that a source is missing, and assign when it is there', () => {
    const world = open();
    world.topics.delete('in');
    const missing = join(world);
    assert.deepEqual(missing.status, [
      { statusCode: StatusCode.MISSING_SOURCE_TOPICS, statusDetail: 'Source topics in are missing.' },
    ]);
    assert.equal(groupOf(world).state, 'NotReady');
    world.topics.create('in', 2);
    const { activeTasks } = beatStreams(
      world,
      streamsHeartbeat({ memberEpoch: missing.memberEpoch, ...NO_TASKS }),
    );
    assert.deepEqual(activeTasks, [{ subtopologyId: '0', partitions: [0, 1] }]);
  });

  it('take tasks back while an internal topic is gone', () => {
    const world = open();
    const topology = streamsTopology({
      sourceTopics: ['in'],
      stateChangelogTopics: [internalTopic('log')],
    });
    world.topics.create('log', 3);
    beatStreams(world, streamsJoin(topology));
    assert.equal(groupOf(world).state, 'Stable');
    world.topics.delete('log');
    const answer = beatStreams(world, streamsHeartbeat({ memberEpoch: 2, ...NO_TASKS, activeTasks: ALL }));
    assert.deepEqual(answer.activeTasks, []);
    assert.equal(answer.status?.[0]?.statusDetail, 'Internal topics are missing: log');
  });

  it('refuse more topics than a decision has time for', () => {
    const world = open();
    const sourceTopics = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    const answer = beatStreams(world, streamsJoin(streamsTopology({ sourceTopics })));
    assert.equal(answer.errorCode, ErrorCode.STREAMS_INVALID_TOPOLOGY);
  });

  it('change nothing when the disk refuses their records', () => {
    const world = open();
    join(world);
    world.disk('refuse-append');
    const refused = join(world, 'm2');
    assert.equal(refused.errorCode, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assert.deepEqual([...groupOf(world).members.keys()], ['m1']);
  });

  it('leave a group that goes with its last offset', () => {
    const world = open();
    world.configure({ offsetsRetentionMs: 60_000, offsetsRetentionCheckIntervalMs: 10_000 });
    join(world);
    const topics = [
      {
        name: 'in',
        topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
        partitions: [
          { partitionIndex: 0, committedOffset: 5, committedLeaderEpoch: -1, committedMetadata: null },
        ],
      },
    ];
    world.coordinator.offsets.commit({
      groupId: 'g',
      memberId: 'm1',
      groupInstanceId: null,
      generationId: 2,
      retentionTimeMs: -1,
      apiVersion: 9,
      topics,
    });
    for (let beats = 0; beats < 7; beats++) {
      world.advance(10_000);
      beatStreams(world, streamsHeartbeat({ memberEpoch: 2 }));
    }
    const state = () => world.coordinator.stateOf(0)!;
    assert.equal([...state().offsets.entriesOf('g')].length, 1, 'what is read stays');
    beatStreams(world, streamsHeartbeat({ memberEpoch: -1 }));
    world.advance(6_000_000);
    assert.equal([...state().offsets.entriesOf('g')].length, 0);
    assert.equal(state().streamsGroups.size, 0);
  });
});
