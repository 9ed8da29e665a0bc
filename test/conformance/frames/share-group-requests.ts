// The requests of share groups (KIP-932) as steps: share-group-steps.ts puts them in order. Which member gets which partition
// hangs on the topic's id, so that only their number is told.

import { coordinatorPartition } from '../../../src/broker/groups/coordinator-partition.ts';
import { AlterShareGroupOffsets } from '../../../src/protocol/messages/apis/alter-share-group-offsets.ts';
import { DeleteGroups } from '../../../src/protocol/messages/apis/delete-groups.ts';
import { DeleteShareGroupOffsets } from '../../../src/protocol/messages/apis/delete-share-group-offsets.ts';
import { DeleteTopics } from '../../../src/protocol/messages/apis/delete-topics.ts';
import { DescribeShareGroupOffsets } from '../../../src/protocol/messages/apis/describe-share-group-offsets.ts';
import { Fetch } from '../../../src/protocol/messages/apis/fetch.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { Produce } from '../../../src/protocol/messages/apis/produce.ts';
import { ShareGroupDescribe } from '../../../src/protocol/messages/apis/share-group-describe.ts';
import { ShareGroupHeartbeat } from '../../../src/protocol/messages/apis/share-group-heartbeat.ts';
import { groupRecordCodec } from '../../../src/protocol/messages/records/framing.ts';
import { readRecords } from '../../../src/protocol/records/read-records.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { batchOf, ZERO_UUID } from '../../support/raw-client.ts';
import { settled } from '../settled.ts';
import { ask, type FrameStep, inAnyOrder, type Peer, step } from './frame-step.ts';
import { type GroupsDraft, heartbeatSteps, listGroups } from './group-requests.ts';
import { untilThere } from './until.ts';

export const TOPIC = 'shared-by-group';
export const OTHER_TOPIC = 'shared-by-others';
export const GONE_TOPIC = 'shared-and-gone';
export const GROUP = 'share-frames';

type HeartbeatDraft = RequestDraft<typeof ShareGroupHeartbeat>;
type HeartbeatAnswer = ResponseOf<typeof ShareGroupHeartbeat>;

export const findCoordinator = (key: string): FrameStep => ({
  name: `FindCoordinator of ${key}`,
  ask: async peer => {
    const body = { key: '', keyType: 0, coordinatorKeys: [key] };
    const once = async () => {
      const answer = (await ask(peer, { api: FindCoordinator, version: 4, body })) as ResponseOf<
        typeof FindCoordinator
      >;
      return answer.coordinators.map(({ errorCode }) => errorCode);
    };
    return untilThere(once, codes => codes);
  },
});

function heartbeatBody(more: Partial<HeartbeatDraft>): HeartbeatDraft {
  return { groupId: GROUP, memberId: 'm1', memberEpoch: 0, subscribedTopicNames: null, ...more };
}

/** What is told of an assignment: of how many partitions in how many topics, which are in no order of their own. */
function told(answer: HeartbeatAnswer): unknown {
  const counts = answer.assignment?.topicPartitions.map(({ partitions }) => partitions.length);
  return { ...answer, assignment: counts?.sort((a, b) => a - b) ?? null };
}

async function heartbeat(peer: Peer, more: Partial<HeartbeatDraft>): Promise<HeartbeatAnswer> {
  const body = heartbeatBody(more);
  return (await ask(peer, { api: ShareGroupHeartbeat, version: 1, body })) as HeartbeatAnswer;
}

const heartbeats = heartbeatSteps({ name: 'ShareGroupHeartbeat', once: heartbeat, told });
export const { beat } = heartbeats;

/** The share coordinator is asked behind the answer: beats until the member is given as many partitions. */
export const beatUntil = (
  name: string,
  more: Partial<HeartbeatDraft> & { readonly memberEpoch: number },
  count: number,
): FrameStep =>
  heartbeats.beatUntil(name, more, ({ assignment }) => {
    const partitions = assignment?.topicPartitions.flatMap(topic => topic.partitions) ?? [];
    return partitions.length === count;
  });

export const describe = (name: string, groupIds: readonly string[], more: object = {}): FrameStep =>
  inAnyOrder({
    name: `ShareGroupDescribe: ${name}`,
    ask: async peer => {
      const body = { groupIds: [...groupIds], includeAuthorizedOperations: false, ...more };
      const once = async () =>
        (await ask(peer, { api: ShareGroupDescribe, version: 1, body })) as ResponseOf<
          typeof ShareGroupDescribe
        >;
      const answer = await untilThere(once, ({ groups }) => groups.map(({ errorCode }) => errorCode));
      const groups = answer.groups.map(({ members, ...group }) => ({
        ...group,
        members: members.map(({ assignment, ...member }) => ({
          ...member,
          assignment: assignment.topicPartitions.map(({ topicId, topicName, partitions }) => ({
            topicId,
            topicName,
            count: partitions.length,
          })),
        })),
      }));
      return { ...answer, groups };
    },
  });

type OffsetsDraft = RequestDraft<typeof DescribeShareGroupOffsets>['groups'][number]['topics'];

/** Apache Kafka asks its share coordinator in its own time: an answer may take longer than a step waits. */
export const describeOffsets = (
  name: string,
  topics: OffsetsDraft,
  { groupId = GROUP, version = 1 } = {},
): FrameStep =>
  inAnyOrder({
    name: `DescribeShareGroupOffsets v${version}: ${name}`,
    ask: async peer => {
      const body = { groups: [{ groupId, topics }] };
      const once = () => ask(peer, { api: DescribeShareGroupOffsets, version, body });
      const answer = await once();
      return answer === 'no answer' ? once() : answer;
    },
  });

export const alterOffsets = (
  name: string,
  topics: RequestDraft<typeof AlterShareGroupOffsets>['topics'],
  groupId = GROUP,
): FrameStep =>
  inAnyOrder(
    step(`AlterShareGroupOffsets: ${name}`, {
      api: AlterShareGroupOffsets,
      version: 0,
      body: { groupId, topics },
    }),
  );

export const to = (topicName: string, ...offsets: readonly (readonly [number, number])[]) => ({
  topicName,
  partitions: offsets.map(([partitionIndex, startOffset]) => ({ partitionIndex, startOffset })),
});

export const deleteOffsets = (name: string, topicNames: readonly string[], groupId = GROUP): FrameStep =>
  inAnyOrder(
    step(`DeleteShareGroupOffsets: ${name}`, {
      api: DeleteShareGroupOffsets,
      version: 0,
      body: { groupId, topics: topicNames.map(topicName => ({ topicName })) },
    }),
  );

export const deleteGroups = (name: string, groupsNames: readonly string[]): FrameStep =>
  step(`DeleteGroups: ${name}`, { api: DeleteGroups, version: 2, body: { groupsNames: [...groupsNames] } });

export const list = (name: string, more: GroupsDraft): FrameStep => listGroups(name, GROUP, more);

export const produce = (topic: string, count: number): FrameStep =>
  step(`Produce ${count} to ${topic}`, {
    api: Produce,
    version: 12,
    body: {
      transactionalId: null,
      acks: -1,
      timeoutMs: 3_000,
      topicData: [
        {
          name: topic,
          topicId: ZERO_UUID,
          partitionData: [
            { index: 0, records: batchOf(Array.from({ length: count }, (_, index) => `v${index}`)) },
          ],
        },
      ],
    },
  });

export const deleteTopic = (name: string): FrameStep => ({
  name: `DeleteTopics of ${name}`,
  ask: async peer => {
    const body = { topics: [{ name, topicId: ZERO_UUID }], topicNames: [], timeoutMs: 10_000 };
    const answer = (await ask(peer, { api: DeleteTopics, version: 6, body })) as ResponseOf<
      typeof DeleteTopics
    >;
    await settled(peer.port);
    return answer.responses.map(({ errorCode }) => errorCode);
  },
});

/** What the group has left in __consumer_offsets so far. */
export const recordsOf = (groupId: string): FrameStep => ({
  name: `records of ${groupId}`,
  ask: async peer => {
    const body = {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 10_000_000,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      forgottenTopicsData: [],
      topics: [
        {
          topic: '__consumer_offsets',
          topicId: ZERO_UUID,
          partitions: [
            { partition: coordinatorPartition(groupId, 50), fetchOffset: 0, partitionMaxBytes: 10_000_000 },
          ],
        },
      ],
    };
    const { responses } = (await ask(peer, { api: Fetch, version: 12, body })) as ResponseOf<typeof Fetch>;
    const records = [...readRecords(responses[0]?.partitions[0]?.records ?? Buffer.alloc(0))];
    return records
      .map(({ key, value }) => groupRecordCodec.decode(key, value))
      .filter(record => record !== null && 'groupId' in record.key && record.key.groupId === groupId)
      .map(record => withoutChance(record));
  },
});

/** Hashes are of ids, times are those of the day, and partitions that are assigned are counted. */
function withoutChance(record: unknown): unknown {
  const text = JSON.stringify(record, (key, value) => {
    if (key === 'metadataHash') return value === 0n ? 'no hash' : 'a hash';
    if (key === 'assignmentTimestamp') return value === 0n ? 'no time' : 'a time';
    if (key === 'topicPartitions' || key === 'assignedPartitions') return countsOf(value);
    return typeof value === 'bigint' ? `${value}n` : value;
  });
  return JSON.parse(text);
}

function countsOf(topics: readonly { readonly topicId: string; readonly partitions: readonly number[] }[]) {
  const counts = topics.map(({ topicId, partitions }) => ({ topicId, count: partitions.length }));
  return counts.sort((a, b) => a.count - b.count);
}
