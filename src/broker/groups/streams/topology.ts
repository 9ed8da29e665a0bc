// The topology of a streams group as its first member described it (KIP-1071): subtopologies with the topics they read,
// repartition and keep state in. It is the group's for good, until Apache Kafka has topology updates.

import { isDeepStrictEqual } from 'node:util';
import { KafkaError } from '../../../protocol/errors.ts';
import type { StreamsGroupHeartbeat } from '../../../protocol/messages/apis/streams-group-heartbeat.ts';
import type { StreamsGroupTopologyValue } from '../../../protocol/messages/records/streams-group-topology.ts';
import type { RequestOf } from '../../../protocol/schema/field.ts';

export type TopologyRecord = (typeof StreamsGroupTopologyValue)['$value'];
export type Subtopology = TopologyRecord['subtopologies'][number];
export type InternalTopicInfo = Subtopology['stateChangelogTopics'][number];
type RequestedTopology = NonNullable<RequestOf<typeof StreamsGroupHeartbeat>['topology']>;

export interface Topology {
  readonly epoch: number;
  readonly subtopologies: ReadonlyMap<string, Subtopology>;
  /** Source topics, repartition topics among them, to the subtopology that reads them. */
  readonly subtopologyOfSource: ReadonlyMap<string, string>;
  /** Every topic that must be there before a task can run. */
  readonly requiredTopics: ReadonlySet<string>;
}

export function topologyOf({ epoch, subtopologies }: TopologyRecord): Topology {
  const subtopologyOfSource = new Map<string, string>();
  const requiredTopics = new Set<string>();
  for (const subtopology of subtopologies) {
    for (const topic of sourcesOf(subtopology)) {
      subtopologyOfSource.set(topic, subtopology.subtopologyId);
      requiredTopics.add(topic);
    }
    for (const { name } of subtopology.stateChangelogTopics) requiredTopics.add(name);
  }
  return {
    epoch,
    subtopologies: new Map(subtopologies.map(subtopology => [subtopology.subtopologyId, subtopology])),
    subtopologyOfSource,
    requiredTopics,
  };
}

/** What a subtopology reads: topics of others, and repartition topics. */
export function sourcesOf({ sourceTopics, repartitionSourceTopics }: Subtopology): string[] {
  return [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)];
}

/** The record of a topology as a member describes it. Apache Kafka, too, fails on what no member of its own sends. */
export function topologyRecordOf({ epoch, subtopologies }: RequestedTopology): TopologyRecord {
  const ids = new Set(subtopologies.map(({ subtopologyId }) => subtopologyId));
  if (epoch < 0 || ids.size < subtopologies.length) throw new KafkaError('UNKNOWN_SERVER_ERROR');
  return {
    epoch,
    subtopologies: subtopologies.map(subtopology => ({
      subtopologyId: subtopology.subtopologyId,
      sourceTopics: [...subtopology.sourceTopics],
      sourceTopicRegex: [...subtopology.sourceTopicRegex],
      stateChangelogTopics: subtopology.stateChangelogTopics.map(topicInfoOf),
      repartitionSinkTopics: [...subtopology.repartitionSinkTopics],
      repartitionSourceTopics: subtopology.repartitionSourceTopics.map(topicInfoOf),
      copartitionGroups: subtopology.copartitionGroups.map(group => ({
        sourceTopics: [...group.sourceTopics],
        sourceTopicRegex: [...group.sourceTopicRegex],
        repartitionSourceTopics: [...group.repartitionSourceTopics],
      })),
    })),
  };
}

function topicInfoOf({ name, partitions, replicationFactor, topicConfigs }: InternalTopicInfo) {
  const configs = topicConfigs.map(({ key, value }) => ({ key, value }));
  return { name, partitions, replicationFactor, topicConfigs: configs };
}

/** The order of subtopologies does not matter, every other order does. */
export function isSameTopology(left: Topology, right: Topology): boolean {
  if (left.epoch !== right.epoch || left.subtopologies.size !== right.subtopologies.size) return false;
  for (const [id, subtopology] of left.subtopologies)
    if (!isDeepStrictEqual(subtopology, right.subtopologies.get(id))) return false;
  return true;
}

export function invalidTopology(message: string): KafkaError {
  return new KafkaError('STREAMS_INVALID_TOPOLOGY', message);
}
