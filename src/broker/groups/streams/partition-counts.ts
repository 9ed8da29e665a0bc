// How many partitions each internal topic of a topology must have: a repartition topic as many as the most its writers
// read, unless it was fixed; topics that are joined the same number; a changelog as many as its subtopology has tasks.
// Follows Apache Kafka's RepartitionTopics, CopartitionedTopicsEnforcer and ChangelogTopics.

import type { TopicsView } from '../consumer/topics-view.ts';
import { copartition, highest, type PartitionCounts } from './copartitioning.ts';
import { invalidTopology, type Subtopology, sourcesOf, type Topology } from './topology.ts';

export function partitionCountsOf(topology: Topology, topics: TopicsView): PartitionCounts {
  const decided = new Map<string, number>();
  const countOf: PartitionCounts = topic => topics.byName(topic)?.partitionCount ?? decided.get(topic);
  const subtopologies = [...topology.subtopologies.values()];
  for (const [topic, count] of repartitionCounts(subtopologies, countOf)) decided.set(topic, count);
  copartition(subtopologies, countOf, decided);
  for (const [topic, count] of changelogCounts(subtopologies, countOf)) decided.set(topic, count);
  // An internal topic that exists is held against what was decided, not against itself.
  return topic => decided.get(topic) ?? countOf(topic);
}

function repartitionCounts(
  subtopologies: readonly Subtopology[],
  countOf: PartitionCounts,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { repartitionSourceTopics } of subtopologies) {
    for (const { name, partitions } of repartitionSourceTopics)
      if (partitions !== 0) counts.set(name, partitions);
  }
  for (let isComplete = false; !isComplete; ) {
    const before = counts.size;
    isComplete = countSinks(subtopologies, countOf, counts);
    if (isComplete || counts.size > before) continue;
    throw invalidTopology(
      'Failed to compute number of partitions for all repartition topics. There may be loops in the topology that cannot be resolved.',
    );
  }
  const isCounted = ({ repartitionSourceTopics }: Subtopology) =>
    repartitionSourceTopics.every(({ name }) => counts.has(name));
  if (subtopologies.every(isCounted)) return counts;
  throw invalidTopology(
    'Failed to compute number of partitions for all repartition topics, because a repartition source topic is never used as a sink topic.',
  );
}

/** One round: a writer whose own sources are not counted yet must wait for the next. */
function countSinks(
  subtopologies: readonly Subtopology[],
  countOf: PartitionCounts,
  counts: Map<string, number>,
): boolean {
  let isComplete = true;
  for (const { sourceTopics, repartitionSourceTopics, repartitionSinkTopics } of subtopologies) {
    for (const sink of repartitionSinkTopics) {
      if (counts.has(sink)) continue;
      const known = [
        ...repartitionSourceTopics.map(({ name }) => counts.get(name)),
        ...sourceTopics.map(countOf),
      ].filter(count => count !== undefined);
      if (known.length === 0) isComplete = false;
      else counts.set(sink, highest(known));
    }
  }
  return isComplete;
}

function changelogCounts(
  subtopologies: readonly Subtopology[],
  countOf: PartitionCounts,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const subtopology of subtopologies) {
    const sources = sourcesOf(subtopology).map(topic => countOf(topic));
    if (sources.length === 0)
      throw invalidTopology(`No source topics found for subtopology ${subtopology.subtopologyId}`);
    const tasks = highest(sources.filter(count => count !== undefined));
    for (const { name } of subtopology.stateChangelogTopics) counts.set(name, tasks);
  }
  return counts;
}
