// Holds a topology against the topics there are: how many tasks each subtopology has, which internal topics are missing,
// or why it cannot run. Follows Apache Kafka's InternalTopicManager; a problem is told to every member as a status.

import { KafkaError } from '../../../protocol/errors.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import { hashOrdered } from '../hash-order.ts';
import { highest } from './copartitioning.ts';
import { partitionCountsOf } from './partition-counts.ts';
import { type Status, StatusCode, TopicProblem } from './status.ts';
import { type InternalTopicInfo, type Subtopology, sourcesOf, type Topology } from './topology.ts';

export interface InternalTopic {
  readonly name: string;
  readonly partitionCount: number;
  /** 0: the broker's default. */
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string>;
}

export interface ConfiguredSubtopology {
  readonly taskCount: number;
  readonly isStateful: boolean;
  readonly sourceTopics: ReadonlySet<string>;
  readonly repartitionSinkTopics: ReadonlySet<string>;
  readonly repartitionSourceTopics: ReadonlyMap<string, InternalTopic>;
  readonly changelogTopics: ReadonlyMap<string, InternalTopic>;
}

export interface ConfiguredTopology {
  readonly epoch: number;
  /** By id, sorted; null: the topics do not fit together, or some are not there. */
  readonly subtopologies: ReadonlyMap<string, ConfiguredSubtopology> | null;
  readonly topicsToCreate: ReadonlyMap<string, InternalTopic>;
  /** Null: tasks can run. */
  readonly problem: Status | null;
}

export type ReadyTopology = ConfiguredTopology & {
  readonly subtopologies: ReadonlyMap<string, ConfiguredSubtopology>;
};

/** How many topics a message names. */
const TOPICS_NAMED_MAX = 3;

export function isReady(topology: ConfiguredTopology): topology is ReadyTopology {
  return topology.problem === null;
}

export function configureTopology(topology: Topology, topics: TopicsView): ConfiguredTopology {
  try {
    refuseMissingSources(topology, topics);
    const countOf = partitionCountsOf(topology, topics);
    const ids = [...topology.subtopologies.keys()].sort();
    const subtopologies = new Map(
      ids.map(id => [id, configuredSubtopology(topology.subtopologies.get(id)!, countOf)]),
    );
    const topicsToCreate = missingTopics(subtopologies, topology, topics);
    return {
      epoch: topology.epoch,
      subtopologies,
      topicsToCreate,
      problem: topicsToCreate.size === 0 ? null : missingInternalTopics(topicsToCreate),
    };
  } catch (error) {
    if (!(error instanceof TopicProblem)) throw error;
    return {
      epoch: topology.epoch,
      subtopologies: null,
      topicsToCreate: new Map(),
      problem: error.status,
    };
  }
}

function refuseMissingSources({ subtopologies }: Topology, topics: TopicsView): void {
  const missing = new Set<string>();
  for (const { sourceTopics } of subtopologies.values()) {
    for (const topic of sourceTopics) if (topics.byName(topic) === undefined) missing.add(topic);
  }
  if (missing.size === 0) return;
  const named = summaryOf([...missing].sort());
  throw new TopicProblem(StatusCode.MISSING_SOURCE_TOPICS, `Source topics ${named} are missing.`);
}

function configuredSubtopology(
  subtopology: Subtopology,
  countOf: (topic: string) => number | undefined,
): ConfiguredSubtopology {
  const { sourceTopics, repartitionSinkTopics, repartitionSourceTopics, stateChangelogTopics } = subtopology;
  const internal = (infos: readonly InternalTopicInfo[]) =>
    new Map(infos.map(info => [info.name, internalTopicOf(info, countOf)]));
  return {
    taskCount: highest(sourcesOf(subtopology).map(topic => countOf(topic) ?? 0)),
    isStateful: stateChangelogTopics.length > 0,
    sourceTopics: new Set(sourceTopics),
    repartitionSinkTopics: new Set(repartitionSinkTopics),
    repartitionSourceTopics: internal(repartitionSourceTopics),
    changelogTopics: internal(stateChangelogTopics),
  };
}

function internalTopicOf(
  { name, partitions, replicationFactor, topicConfigs }: InternalTopicInfo,
  countOf: (topic: string) => number | undefined,
): InternalTopic {
  const partitionCount = partitions === 0 ? (countOf(name) ?? 0) : partitions;
  const configs = new Map(topicConfigs.map(({ key, value }) => [key, value]));
  if (partitionCount < 1 || configs.size < topicConfigs.length) throw new KafkaError('UNKNOWN_SERVER_ERROR');
  return { name, partitionCount, replicationFactor, configs };
}

function missingTopics(
  subtopologies: ReadonlyMap<string, ConfiguredSubtopology>,
  { requiredTopics }: Topology,
  topics: TopicsView,
): ReadonlyMap<string, InternalTopic> {
  const missing = new Map<string, InternalTopic>();
  for (const { repartitionSourceTopics, changelogTopics } of subtopologies.values()) {
    for (const topic of [...repartitionSourceTopics.values(), ...changelogTopics.values()])
      missing.set(topic.name, topic);
  }
  for (const name of hashOrdered(requiredTopics)) {
    const existing = topics.byName(name);
    const expected = missing.get(name);
    if (existing === undefined || expected === undefined) continue;
    missing.delete(name);
    if (existing.partitionCount === expected.partitionCount) continue;
    throw new TopicProblem(
      StatusCode.INCORRECTLY_PARTITIONED_TOPICS,
      `Existing topic ${name} has different number of partitions: expected ${expected.partitionCount}, found ${existing.partitionCount}`,
    );
  }
  // In the order in which messages name them.
  return new Map(hashOrdered(missing.keys()).map(name => [name, missing.get(name)!]));
}

function missingInternalTopics(topics: ReadonlyMap<string, InternalTopic>): Status {
  return {
    statusCode: StatusCode.MISSING_INTERNAL_TOPICS,
    statusDetail: `Internal topics are missing: ${summaryOf([...topics.keys()])}`,
  };
}

function summaryOf(topics: readonly string[]): string {
  const more = topics.length - TOPICS_NAMED_MAX;
  const named = topics.slice(0, TOPICS_NAMED_MAX).join(', ');
  return more > 0 ? `${named} and ${more} additional topics` : named;
}
