// A member of a streams group as tests are one: heartbeats with everything left out that it does not say.

import assert from 'node:assert/strict';
import type {
  HeartbeatAnswer,
  HeartbeatOutcome,
  HeartbeatRequest,
} from '../../src/broker/groups/streams/streams-decision.ts';
import type { GroupWorld } from '../transcripts/groups/group-world.ts';

type Topology = NonNullable<HeartbeatRequest['topology']>;
type Subtopology = Topology['subtopologies'][number];

export const NO_TASKS = { activeTasks: [], standbyTasks: [], warmupTasks: [] };

export function streamsTopology(...subtopologies: readonly Partial<Subtopology>[]): Topology {
  return {
    epoch: 0,
    subtopologies: subtopologies.map((one, index) => ({
      subtopologyId: String(index),
      sourceTopics: [],
      sourceTopicRegex: [],
      stateChangelogTopics: [],
      repartitionSinkTopics: [],
      repartitionSourceTopics: [],
      copartitionGroups: [],
      ...one,
    })),
  };
}

export function internalTopic(name: string) {
  return { name, partitions: 0, replicationFactor: 0, topicConfigs: [] };
}

export function streamsHeartbeat(more: Partial<HeartbeatRequest>): HeartbeatRequest {
  return {
    groupId: 'g',
    memberId: 'm1',
    memberEpoch: 0,
    endpointInformationEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    topology: null,
    activeTasks: null,
    standbyTasks: null,
    warmupTasks: null,
    processId: null,
    userEndpoint: null,
    clientTags: null,
    taskOffsets: null,
    taskEndOffsets: null,
    shutdownApplication: false,
    ...more,
  };
}

/** What a member says when it joins. */
export function streamsJoin(topology: Topology, more: Partial<HeartbeatRequest> = {}): HeartbeatRequest {
  return streamsHeartbeat({
    rebalanceTimeoutMs: 20_000,
    topology,
    processId: 'p1',
    clientTags: [],
    ...NO_TASKS,
    ...more,
  });
}

/** A world in memory answers at once. */
export function beatStreams(world: GroupWorld, request: HeartbeatRequest): HeartbeatAnswer {
  let outcome: HeartbeatOutcome | null = null;
  world.coordinator.streams
    .heartbeat({ request, clientId: 'c', clientHost: '/127.0.0.1' })
    .whenComplete(made => {
      outcome = made;
    });
  assert(outcome !== null, 'memory answers at once');
  return (outcome as HeartbeatOutcome).answer;
}
