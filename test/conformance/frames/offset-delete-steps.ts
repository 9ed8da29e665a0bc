// OffsetDelete: of groups that are gone, empty, alive and none of Kafka's consumers.

import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { JoinGroup } from '../../../src/protocol/messages/apis/join-group.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetDelete } from '../../../src/protocol/messages/apis/offset-delete.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { Writer } from '../../../src/protocol/wire/writer.ts';
import { ask, type FrameStep, inAnyOrder, step } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';
import { untilThere } from './until.ts';

const READ = 'read-by-group';
const OTHER = 'other-of-group';
/** Longer than the steps take: the members stay as they are. */
const SESSION_MS = 30_000;

function commit(groupId: string, topics: readonly string[]): FrameStep {
  return {
    name: `commit offsets of ${groupId}`,
    ask: async peer => {
      const body = {
        groupId,
        generationIdOrMemberEpoch: -1,
        memberId: '',
        topics: topics.map(name => ({
          name,
          partitions: [0, 1].map(partitionIndex => ({
            partitionIndex,
            committedOffset: 3,
            committedMetadata: null,
          })),
        })),
      };
      const once = async () => {
        await ask(peer, {
          api: FindCoordinator,
          version: 3,
          body: { key: groupId, keyType: 0, coordinatorKeys: [] },
        });
        const answer = (await ask(peer, { api: OffsetCommit, version: 7, body })) as ResponseOf<
          typeof OffsetCommit
        >;
        return answer.topics.flatMap(topic => topic.partitions.map(({ errorCode }) => errorCode));
      };
      return untilThere(once, codes => codes);
    },
  };
}

function subscription(topics: readonly string[]): Buffer {
  const writer = new Writer();
  writer.int16(0);
  writer.int32(topics.length);
  for (const topic of topics) {
    writer.int16(topic.length);
    writer.utf8(topic);
  }
  writer.int32(-1);
  return writer.toBuffer();
}

function join(groupId: string, protocolType: string, metadata: Buffer): FrameStep {
  return {
    name: `a member of ${groupId} joins`,
    ask: async peer => {
      const answer = (await ask(peer, {
        api: JoinGroup,
        version: 3,
        body: {
          groupId,
          sessionTimeoutMs: SESSION_MS,
          rebalanceTimeoutMs: SESSION_MS,
          memberId: '',
          protocolType,
          protocols: [{ name: 'range', metadata }],
        },
      })) as ResponseOf<typeof JoinGroup>;
      return [answer.errorCode, answer.generationId, answer.members.length];
    },
  };
}

function remove(
  name: string,
  groupId: string,
  topics: readonly (readonly [string, readonly number[]])[],
): FrameStep {
  return inAnyOrder(
    step(`delete offsets: ${name}`, {
      api: OffsetDelete,
      version: 0,
      body: {
        groupId,
        topics: topics.map(([topic, partitions]) => ({
          name: topic,
          partitions: partitions.map(partitionIndex => ({ partitionIndex })),
        })),
      },
    }),
  );
}

function fetchAll(groupId: string): FrameStep {
  return inAnyOrder(
    step(`what is left of ${groupId}`, {
      api: OffsetFetch,
      version: 7,
      body: { groupId, topics: null, requireStable: false, groups: [] },
    }),
  );
}

export const offsetDeleteSteps: readonly FrameStep[] = [
  createTopic(READ, 2),
  createTopic(OTHER, 2),
  commit('empty-group', [READ, OTHER]),
  remove('a group that is not there', 'no-group', [[READ, [0]]]),
  remove('no group', '', [[READ, [0]]]),
  remove('nothing', 'empty-group', []),
  remove('no partitions', 'empty-group', [[READ, []]]),
  remove('an unknown topic', 'empty-group', [['nope', [0]]]),
  remove('an unknown topic of a group that is not there', 'no-group', [['nope', [0]]]),
  remove('a known and an unknown partition', 'empty-group', [[READ, [0, 9]]]),
  remove('what is gone already', 'empty-group', [[READ, [0]]]),
  fetchAll('empty-group'),
  commit('reading-group', [READ, OTHER]),
  join('reading-group', 'consumer', subscription([READ])),
  remove('what is read and what is not', 'reading-group', [
    [READ, [0, 1]],
    [OTHER, [1]],
    ['nope', [0]],
  ]),
  fetchAll('reading-group'),
  join('other-group', 'connect', Buffer.from('x')),
  remove('of a group of another kind', 'other-group', [[OTHER, [0]]]),
];
