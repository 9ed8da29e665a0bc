// The requests of streams groups (KIP-1071) as steps: streams-group-steps.ts puts them in order. Nothing of an answer is
// hidden: tasks go to members by the same choices on both brokers.

import { DescribeConfigs } from '../../../src/protocol/messages/apis/describe-configs.ts';
import { Metadata } from '../../../src/protocol/messages/apis/metadata.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { StreamsGroupDescribe } from '../../../src/protocol/messages/apis/streams-group-describe.ts';
import { StreamsGroupHeartbeat } from '../../../src/protocol/messages/apis/streams-group-heartbeat.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ZERO_UUID } from '../../support/raw-client.ts';
import { settled } from '../settled.ts';
import { ask, type FrameStep, inAnyOrder, type Peer, step } from './frame-step.ts';
import { type GroupsDraft, heartbeatSteps, listGroups } from './group-requests.ts';

export const GROUP = 'streams-frames';
/** A name that begins with the group's. */
export const named = (part: string) => `${GROUP}-${part}`;
/** Three partitions, two partitions. */
export const THREE = 'streamed-three';
export const TWO = 'streamed-two';

type HeartbeatDraft = RequestDraft<typeof StreamsGroupHeartbeat>;
type HeartbeatAnswer = ResponseOf<typeof StreamsGroupHeartbeat>;
type TopologyDraft = NonNullable<HeartbeatDraft['topology']>;
type SubtopologyDraft = TopologyDraft['subtopologies'][number];

export function topology(...subtopologies: readonly Partial<SubtopologyDraft>[]): TopologyDraft {
  return { epoch: 0, subtopologies: subtopologies.map((one, index) => subtopology(`${index}`, one)) };
}

export function subtopology(subtopologyId: string, more: Partial<SubtopologyDraft>): SubtopologyDraft {
  return {
    subtopologyId,
    sourceTopics: [],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
    ...more,
  };
}

export const internal = (name: string, partitions = 0, configs: Record<string, string> = {}) => ({
  name,
  partitions,
  replicationFactor: 0,
  topicConfigs: Object.entries(configs).map(([key, value]) => ({ key, value })),
});

export const tasks = (subtopologyId: string, ...partitions: number[]) => ({ subtopologyId, partitions });

const NO_TASKS = { activeTasks: [], standbyTasks: [], warmupTasks: [] };
/** Reads three partitions, keeps nothing. */
export const PLAIN = topology({ sourceTopics: [THREE] });

/** Words are repartitioned and counted; the counts are kept. */
export const COUNTING = topology(
  { sourceTopics: [THREE], repartitionSinkTopics: [named('words')] },
  {
    repartitionSourceTopics: [
      internal(named('words'), 0, { 'retention.ms': '-1', 'segment.bytes': '52428800' }),
    ],
    stateChangelogTopics: [internal(named('counts'), 0, { 'cleanup.policy': 'compact' })],
  },
);
export const joining = (more: Partial<HeartbeatDraft> = {}): Partial<HeartbeatDraft> => ({
  memberEpoch: 0,
  rebalanceTimeoutMs: 300_000,
  topology: PLAIN,
  processId: 'p1',
  clientTags: [],
  ...NO_TASKS,
  ...more,
});

export const owning = (
  memberEpoch: number,
  active: ReturnType<typeof tasks>[],
  more: Partial<HeartbeatDraft> = {},
): Partial<HeartbeatDraft> => ({ memberEpoch, ...NO_TASKS, activeTasks: active, ...more });

function heartbeatBody(more: Partial<HeartbeatDraft>): HeartbeatDraft {
  return { groupId: GROUP, memberId: 'm1', memberEpoch: 0, endpointInformationEpoch: 0, ...more };
}

/** Apache Kafka asks twice for a topic that its broker has not heard of yet, and remembers for a while that this failed. */
const ASKED_TWICE = /; Creation failed: .* \(Topic '.*' already exists\.\)\.$/;

function told({ status, ...answer }: HeartbeatAnswer): unknown {
  const texts = status?.map(({ statusCode, statusDetail }) => [
    statusCode,
    statusDetail.replace(ASKED_TWICE, ''),
  ]);
  return { ...answer, status: texts ?? null };
}

async function heartbeat(peer: Peer, more: Partial<HeartbeatDraft>): Promise<HeartbeatAnswer> {
  const body = heartbeatBody(more);
  return (await ask(peer, { api: StreamsGroupHeartbeat, version: 0, body })) as HeartbeatAnswer;
}

const { beat, beatUntil } = heartbeatSteps({ name: 'StreamsGroupHeartbeat', once: heartbeat, told });

export { beat };

const detailsOf = ({ status }: HeartbeatAnswer): string[] =>
  (status ?? []).map(({ statusDetail }) => statusDetail);

/** Internal topics are made behind the answer: beats until nothing is said to be missing. */
export const beatUntilReady = (name: string, more: Partial<HeartbeatDraft>): FrameStep =>
  beatUntil(name, more, answer => detailsOf(answer).length === 0);

/** Beats until it is told why topics could not be made. */
export const beatUntilFailed = (name: string, more: Partial<HeartbeatDraft>): FrameStep =>
  beatUntil(name, more, answer => detailsOf(answer).some(detail => detail.includes('; Creation failed: ')));

export const describe = (name: string, groupIds: readonly string[], more: object = {}): FrameStep =>
  inAnyOrder(
    step(`StreamsGroupDescribe: ${name}`, {
      api: StreamsGroupDescribe,
      version: 0,
      body: { groupIds: [...groupIds], includeAuthorizedOperations: false, ...more },
    }),
  );

export const list = (name: string, more: GroupsDraft): FrameStep => listGroups(name, GROUP, more);

/** Partitions of the topics, and the settings that are their own. */
export const topicsAsMade = (...names: readonly string[]): FrameStep =>
  inAnyOrder({
    name: `topics ${names.join(', ')}`,
    ask: async peer => {
      await settled(peer.port);
      const topics = names.map(name => ({ name, topicId: ZERO_UUID }));
      const metadata = (await ask(peer, {
        api: Metadata,
        version: 12,
        body: { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false },
      })) as ResponseOf<typeof Metadata>;
      const resources = names.map(resourceName => ({
        resourceType: 2,
        resourceName,
        configurationKeys: null,
      }));
      const configs = (await ask(peer, {
        api: DescribeConfigs,
        version: 4,
        body: { resources, includeSynonyms: false, includeDocumentation: false },
      })) as ResponseOf<typeof DescribeConfigs>;
      return {
        partitions: metadata.topics.map(({ name, errorCode, partitions }) => [
          name,
          errorCode,
          partitions.length,
        ]),
        configs: configs.results.map(({ resourceName, configs }) => [
          resourceName,
          configs.filter(({ configSource }) => configSource === 1).map(({ name, value }) => [name, value]),
        ]),
      };
    },
  });

interface Committing {
  readonly memberId?: string;
  readonly memberEpoch?: number;
  readonly version?: number;
  readonly topic?: string;
  readonly partitions?: readonly number[];
}

export const commit = (name: string, more: Committing): FrameStep => {
  const { memberId = '', memberEpoch = -1, version = 9, topic = THREE, partitions = [0] } = more;
  return step(`OffsetCommit v${version}: ${name}`, {
    api: OffsetCommit,
    version,
    body: {
      groupId: GROUP,
      memberId,
      generationIdOrMemberEpoch: memberEpoch,
      topics: [
        {
          name: topic,
          partitions: partitions.map(partitionIndex => ({
            partitionIndex,
            committedOffset: 5,
            committedMetadata: 'm',
          })),
        },
      ],
    },
  });
};

export const fetchOffsets = (
  name: string,
  { memberId = null, memberEpoch = -1 }: { readonly memberId?: string | null; readonly memberEpoch?: number },
): FrameStep =>
  step(`OffsetFetch: ${name}`, {
    api: OffsetFetch,
    version: 9,
    body: {
      groups: [
        { groupId: GROUP, memberId, memberEpoch, topics: [{ name: THREE, partitionIndexes: [0, 1] }] },
      ],
      requireStable: false,
    },
  });
