// The `range` assignor: each topic's partitions in contiguous ranges, one per subscriber. Members are taken in a fixed
// order (static ones first, by instance id, so that they find their ranges again), so topics with as many partitions and
// the same subscribers are co-partitioned. Follows Apache Kafka's RangeAssignor.

import type { Assignor, GroupAssignment, GroupSpec } from './assignor.ts';

export const rangeAssignor: Assignor = { name: 'range', assign };

interface TopicRanges {
  readonly partitionCount: number;
  subscribers: number;
  served: number;
  nextPartition: number;
}

function assign(group: GroupSpec): GroupAssignment {
  const topics = new Map<string, TopicRanges>();
  for (const { topicIds } of group.members.values()) {
    for (const topicId of topicIds) {
      const topic = topics.get(topicId);
      if (topic !== undefined) topic.subscribers += 1;
      else {
        const partitionCount = group.partitionCount(topicId);
        topics.set(topicId, { partitionCount, subscribers: 1, served: 0, nextPartition: 0 });
      }
    }
  }
  const assignment = new Map<string, ReadonlyMap<string, ReadonlySet<number>>>();
  for (const memberId of inOrder(group)) {
    const ranges = new Map<string, ReadonlySet<number>>();
    for (const topicId of group.members.get(memberId)!.topicIds) {
      const range = nextRange(topics.get(topicId)!);
      if (range.size > 0) ranges.set(topicId, range);
    }
    assignment.set(memberId, ranges);
  }
  return assignment;
}

/** The first members get one partition more, where they do not divide evenly. */
function nextRange(topic: TopicRanges): Set<number> {
  const { partitionCount, subscribers, nextPartition } = topic;
  const extra = topic.served < partitionCount % subscribers ? 1 : 0;
  const end = nextPartition + Math.floor(partitionCount / subscribers) + extra;
  topic.served += 1;
  topic.nextPartition = end;
  const range = new Set<number>();
  for (let partition = nextPartition; partition < end; partition++) range.add(partition);
  return range;
}

function inOrder({ members }: GroupSpec): string[] {
  const instanceOf = (memberId: string) => members.get(memberId)!.instanceId;
  return [...members.keys()].sort((a, b) => {
    const [left, right] = [instanceOf(a), instanceOf(b)];
    if (left !== null && right !== null) return left < right ? -1 : 1;
    if (left !== null || right !== null) return left !== null ? -1 : 1;
    return a < b ? -1 : 1;
  });
}
