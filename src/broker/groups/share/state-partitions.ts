// Which share partitions of a group have share state: those that the share coordinator was asked to initialize, those that
// it has, and the topics whose state it was asked to delete. One record says all three (ShareGroupStatePartitionMetadata),
// and each step here makes the next one of it. Pure; rules: Apache Kafka's GroupMetadataManager.

import type { TopicsView } from '../consumer/topics-view.ts';

export interface StateTopic {
  readonly name: string;
  readonly partitions: ReadonlySet<number>;
  /** Of the record that said it, or of the decision: what has been initializing for long is tried again. */
  readonly timestampMs: number;
}

/** By topic id. */
export type StateTopics = ReadonlyMap<string, StateTopic>;

export interface StatePartitions {
  readonly initializing: StateTopics;
  readonly initialized: StateTopics;
  /** Ids of topics. */
  readonly deleting: ReadonlySet<string>;
}

/** Topic id to partitions. */
export type PartitionsByTopic = ReadonlyMap<string, ReadonlySet<number>>;

export const NO_STATE_PARTITIONS: StatePartitions = {
  initializing: new Map(),
  initialized: new Map(),
  deleting: new Set(),
};
/** What Apache Kafka calls a topic whose name is gone. */
export const UNKNOWN_TOPIC = '<UNKNOWN>';

/** What the group reads and has neither state for nor asked for it in the last `retryIntervalMs`. */
export function topicsToInitialize(
  current: StatePartitions | null,
  topicNames: Iterable<string>,
  context: { readonly topics: TopicsView; readonly nowMs: number; readonly retryIntervalMs: number },
): Map<string, StateTopic> {
  const { topics, nowMs, retryIntervalMs } = context;
  const { initialized, initializing } = current ?? NO_STATE_PARTITIONS;
  const underWay = new Map(
    [...initializing].filter(([, topic]) => nowMs - topic.timestampMs < retryIntervalMs),
  );
  const known = union(initialized, underWay);
  const missing = new Map<string, StateTopic>();
  for (const name of topicNames) {
    const topic = topics.byName(name);
    if (topic === undefined) continue;
    const has = known.get(topic.id)?.partitions ?? new Set();
    if (has.size >= topic.partitionCount) continue;
    const partitions = new Set(range(topic.partitionCount).filter(partition => !has.has(partition)));
    missing.set(topic.id, { name, partitions, timestampMs: nowMs });
  }
  return missing;
}

/** They are being initialized from now on, and no longer deleted. */
export function withInitializing(current: StatePartitions | null, topics: StateTopics): StatePartitions {
  if (current === null) return { ...NO_STATE_PARTITIONS, initializing: topics };
  const initializing = union(current.initializing, topics);
  const deleting = new Set([...current.deleting].filter(topicId => !initializing.has(topicId)));
  return { ...current, initializing, deleting };
}

export function withInitialized(current: StatePartitions | null, topics: StateTopics): StatePartitions {
  if (current === null) return { ...NO_STATE_PARTITIONS, initialized: topics };
  const initialized = union(current.initialized, topics);
  return { ...current, initialized, initializing: without(current.initializing, topics) };
}

/** The share coordinator could not: they may be tried again. */
export function withoutInitializing(current: StatePartitions, topics: PartitionsByTopic): StatePartitions {
  const partitions = new Map([...topics].map(([topicId, ofTopic]) => [topicId, { partitions: ofTopic }]));
  return { ...current, initializing: without(current.initializing, partitions) };
}

/** The topics are gone, and what was said of them. Null: nothing was. */
export function withoutTopics(
  current: StatePartitions,
  isGone: (topicId: string) => boolean,
): StatePartitions | null {
  const { initializing, initialized, deleting } = current;
  const isOthers = (topicId: string) => !isGone(topicId);
  if ([...initializing.keys(), ...initialized.keys(), ...deleting].every(isOthers)) return null;
  return {
    initializing: new Map([...initializing].filter(([topicId]) => isOthers(topicId))),
    initialized: new Map([...initialized].filter(([topicId]) => isOthers(topicId))),
    deleting: new Set([...deleting].filter(isOthers)),
  };
}

/** Both; where both have a topic, its name and time are those of the second. */
export function union(first: StateTopics, second: StateTopics): Map<string, StateTopic> {
  const both = new Map(first);
  for (const [topicId, topic] of second) {
    const partitions = new Set([...(first.get(topicId)?.partitions ?? []), ...topic.partitions]);
    both.set(topicId, { ...topic, partitions });
  }
  return both;
}

function without(
  topics: StateTopics,
  removed: ReadonlyMap<string, Pick<StateTopic, 'partitions'>>,
): Map<string, StateTopic> {
  const left = new Map<string, StateTopic>();
  for (const [topicId, topic] of topics) {
    const gone = removed.get(topicId)?.partitions;
    const partitions =
      gone === undefined ? topic.partitions : new Set([...topic.partitions].filter(each => !gone.has(each)));
    if (gone === undefined || partitions.size > 0) left.set(topicId, { ...topic, partitions });
  }
  return left;
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
