// Topics that are joined must have the same number of partitions: repartition topics whose number is free follow the
// topics that exist, or the largest among themselves; what is fixed must fit. Follows Apache Kafka's
// CopartitionedTopicsEnforcer, also where it looks at the fixed topics of the whole topology, not of the group alone.

import { KafkaError } from '../../../protocol/errors.ts';
import { StatusCode, TopicProblem } from './status.ts';
import { invalidTopology, type Subtopology } from './topology.ts';

/** Of topics that exist what they have, of the others what is decided; undefined: neither. */
export type PartitionCounts = (topic: string) => number | undefined;

interface Repartitions {
  readonly fixed: ReadonlySet<string>;
  readonly flexible: ReadonlySet<string>;
}

/** Writes what it decides into `decided`, group by group: `countOf` must see it. */
export function copartition(
  subtopologies: readonly Subtopology[],
  countOf: PartitionCounts,
  decided: Map<string, number>,
): void {
  const infos = subtopologies.flatMap(({ repartitionSourceTopics }) => repartitionSourceTopics);
  const repartitions: Repartitions = {
    fixed: new Set(infos.filter(({ partitions }) => partitions !== 0).map(({ name }) => name)),
    flexible: new Set(infos.filter(({ partitions }) => partitions === 0).map(({ name }) => name)),
  };
  for (const subtopology of subtopologies) {
    for (const group of groupsOf(subtopology)) {
      if (group.size === 0) continue;
      for (const [topic, count] of decideGroup(group, repartitions, countOf)) decided.set(topic, count);
    }
  }
}

/** By name; a message names them by their place in the subtopology's lists. */
function groupsOf({
  copartitionGroups,
  sourceTopics,
  repartitionSourceTopics,
}: Subtopology): ReadonlySet<string>[] {
  return copartitionGroups.map(group => {
    const names = [
      ...group.sourceTopics.map(index => sourceTopics[index]),
      ...group.repartitionSourceTopics.map(index => repartitionSourceTopics[index]?.name),
    ];
    const known = names.filter(name => name !== undefined);
    if (known.length < names.length) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    return new Set(known);
  });
}

function decideGroup(
  group: ReadonlySet<string>,
  { fixed, flexible }: Repartitions,
  countOf: PartitionCounts,
): ReadonlyMap<string, number> {
  const repartition = new Map<string, number>();
  const others = new Map<string, number>();
  for (const topic of group) {
    const isRepartition = fixed.has(topic) || flexible.has(topic);
    (isRepartition ? repartition : others).set(topic, countOf(topic) ?? 0);
  }
  const count = others.size > 0 ? sameCount(others) : countAmong(repartition, fixed, countOf);
  for (const [topic, own] of repartition) {
    if (!fixed.has(topic) || own === count) continue;
    throw incorrectlyPartitioned(
      `Number of partitions [${own}] of repartition topic [${topic}] doesn't match number of partitions [${count}] of the source topic.`,
    );
  }
  return new Map([...repartition.keys()].map(topic => [topic, count]));
}

function countAmong(
  repartition: ReadonlyMap<string, number>,
  fixed: ReadonlySet<string>,
  countOf: PartitionCounts,
): number {
  const fixedCounts = new Set([...fixed].map(topic => countOf(topic) ?? 0));
  if (fixedCounts.size > 1) throw differing(repartition);
  const [fixedCount] = fixedCounts;
  if (fixedCount !== undefined) return fixedCount;
  const count = highest(repartition.values());
  if (count > 0) return count;
  throw invalidTopology(
    `All topics in the copartition group had undefined partition number: [${[...repartition.keys()].join(', ')}]`,
  );
}

function sameCount(counts: ReadonlyMap<string, number>): number {
  const distinct = new Set(counts.values());
  if (distinct.size > 1) throw differing(counts);
  return highest(distinct);
}

function differing(counts: ReadonlyMap<string, number>): TopicProblem {
  const sorted = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, count]) => `${topic}=${count}`);
  return incorrectlyPartitioned(
    `Following topics do not have the same number of partitions: [{${sorted.join(', ')}}]`,
  );
}

function incorrectlyPartitioned(detail: string): TopicProblem {
  return new TopicProblem(StatusCode.INCORRECTLY_PARTITIONED_TOPICS, detail);
}

/** 0 of nothing. */
export function highest(counts: Iterable<number>): number {
  let most = 0;
  for (const count of counts) most = Math.max(most, count);
  return most;
}
