// What a server-side assignor is given and gives back (KIP-848, Apache Kafka's ConsumerGroupPartitionAssignor): pure
// functions from members and topics to a target assignment. No clock, no group, no epochs.

/** Topic id to partitions. */
export type TopicPartitions = ReadonlyMap<string, ReadonlySet<number>>;

export interface AssignorMember {
  readonly instanceId: string | null;
  /** Ids of the topics it reads; every one of them exists. */
  readonly topicIds: ReadonlySet<string>;
  /** What it was assigned the last time. */
  readonly assigned: TopicPartitions;
}

export interface GroupSpec {
  /** By member id. */
  readonly members: ReadonlyMap<string, AssignorMember>;
  /** All members read the same topics. */
  readonly isHomogeneous: boolean;
  /** Of a topic that some member reads. */
  readonly partitionCount: (topicId: string) => number;
}

/** By member id; a member that gets nothing may be absent. */
export type GroupAssignment = ReadonlyMap<string, TopicPartitions>;

export interface Assignor {
  readonly name: string;
  readonly assign: (group: GroupSpec) => GroupAssignment;
}

export const NO_PARTITIONS: TopicPartitions = new Map();

export function isSameAssignment(left: TopicPartitions, right: TopicPartitions): boolean {
  if (left.size !== right.size) return false;
  for (const [topicId, partitions] of left) {
    const others = right.get(topicId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const partition of partitions) if (!others.has(partition)) return false;
  }
  return true;
}

/** An assignment that can be changed, as assignors build them. */
export class AssignmentDraft {
  readonly topics: Map<string, Set<number>>;

  constructor(like: TopicPartitions = NO_PARTITIONS) {
    this.topics = new Map([...like].map(([topicId, partitions]) => [topicId, new Set(partitions)]));
  }

  add(topicId: string, partition: number): void {
    const partitions = this.topics.get(topicId);
    if (partitions === undefined) this.topics.set(topicId, new Set([partition]));
    else partitions.add(partition);
  }

  remove(topicId: string, partition: number): void {
    const partitions = this.topics.get(topicId);
    partitions?.delete(partition);
    if (partitions?.size === 0) this.topics.delete(topicId);
  }
}
